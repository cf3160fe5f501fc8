// Cuts SQL text into tokens, only as finely as finding a clause's text needs: strings,
// quoted names, comments, words, and single characters.
#pragma once

#include <string>
#include <string_view>

namespace omen::sql {

struct TextToken {
  enum class Kind : char { kEnd, kWord, kQuoted, kSymbol } kind = Kind::kEnd;
  size_t begin = 0, end = 0;
};

/// The token at or after `from`; kEnd at the end of the text.
TextToken NextTextToken(std::string_view text, size_t from);
/// True when the token is that keyword (given in lower case).
bool IsKeyword(std::string_view text, const TextToken& token, std::string_view keyword);

/// Text from `from` up to the first top-level comma, closing parenthesis or semicolon, or (with
/// `column_constraints`) word that begins another column constraint; trimmed.
std::string_view ExpressionText(std::string_view text, size_t from, bool column_constraints);
/// Text inside the parentheses that follow `keyword` at or after `from`.
std::string_view ParenthesisedAfter(std::string_view text, size_t from, std::string_view keyword);
/// Offset just past the first top-level `keyword` at or after `from`; npos if there is none.
size_t AfterKeyword(std::string_view text, size_t from, std::string_view keyword);

}  // namespace omen::sql
