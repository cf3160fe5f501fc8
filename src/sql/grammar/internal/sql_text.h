// Finds a clause's text in a statement's.
#pragma once

#include <string_view>

namespace omen::sql {

/// Text from `from` up to the first top-level comma, closing parenthesis or semicolon, or (with
/// `column_constraints`) word that begins another column constraint; trimmed.
std::string_view ExpressionText(std::string_view text, size_t from, bool column_constraints);
/// Text inside the parentheses that follow `keyword` at or after `from`.
std::string_view ParenthesisedAfter(std::string_view text, size_t from, std::string_view keyword);
/// Offset just past the first top-level `keyword` at or after `from`; npos if there is none.
size_t AfterKeyword(std::string_view text, size_t from, std::string_view keyword);

}  // namespace omen::sql
