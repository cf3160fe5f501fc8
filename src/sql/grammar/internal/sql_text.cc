#include "sql/grammar/internal/sql_text.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace omen::sql {
namespace {

bool IsWordStart(char c) {
  return std::isalpha(static_cast<unsigned char>(c)) || c == '_' || (c & 0x80) != 0;
}

bool IsWordPart(char c) {
  return IsWordStart(c) || std::isdigit(static_cast<unsigned char>(c)) || c == '$';
}

size_t SkipBlanksAndComments(std::string_view text, size_t at) {
  while (at < text.size()) {
    if (std::isspace(static_cast<unsigned char>(text[at]))) {
      ++at;
    } else if (text.substr(at, 2) == "--") {
      at = std::min(text.find('\n', at), text.size());
    } else if (text.substr(at, 2) == "/*") {
      int depth = 1;
      at += 2;
      while (at < text.size() && depth > 0) {
        if (text.substr(at, 2) == "/*") {
          ++depth;
          at += 2;
        } else if (text.substr(at, 2) == "*/") {
          --depth;
          at += 2;
        } else {
          ++at;
        }
      }
    } else {
      break;
    }
  }
  return at;
}

// `escapes` where a backslash takes the next character: E'...'.
size_t SkipQuoted(std::string_view text, size_t at, char quote, bool escapes) {
  for (++at; at < text.size(); ++at) {
    if (escapes && text[at] == '\\') {
      ++at;
    } else if (text[at] == quote) {
      if (at + 1 >= text.size() || text[at + 1] != quote) return at + 1;
      ++at;
    }
  }
  return text.size();
}

// The end of a $tag$...$tag$ string, or `at` when there is none here.
size_t SkipDollarQuoted(std::string_view text, size_t at) {
  size_t end = at + 1;
  while (end < text.size() && IsWordPart(text[end]) && text[end] != '$') ++end;
  if (end >= text.size() || text[end] != '$') return at;
  const std::string_view tag = text.substr(at, end + 1 - at);
  const size_t close = text.find(tag, end + 1);
  return close == std::string_view::npos ? text.size() : close + tag.size();
}

bool StartsColumnConstraint(std::string_view text, const TextToken& token) {
  static constexpr std::array<std::string_view, 10> kWords = {
      "not",        "null",      "primary",    "unique",  "check",
      "references", "generated", "constraint", "default", "deferrable"};
  return std::ranges::any_of(kWords,
                             [&](std::string_view word) { return IsKeyword(text, token, word); });
}

std::string_view Trimmed(std::string_view text) {
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.front()))) {
    text.remove_prefix(1);
  }
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.back()))) {
    text.remove_suffix(1);
  }
  return text;
}

}  // namespace

TextToken NextTextToken(std::string_view text, size_t from) {
  TextToken token;
  const size_t at = SkipBlanksAndComments(text, from);
  token.begin = token.end = at;
  if (at >= text.size()) return token;
  const char c = text[at];
  token.kind = TextToken::Kind::kQuoted;
  const bool prefixed = at + 1 < text.size() && text[at + 1] == '\'';
  if (c == '\'' || c == '"') {
    token.end = SkipQuoted(text, at, c, false);
  } else if (prefixed && std::string_view("eEbBxXnN").find(c) != std::string_view::npos) {
    token.end = SkipQuoted(text, at + 1, '\'', c == 'e' || c == 'E');
  } else if (c == '$' && SkipDollarQuoted(text, at) != at) {
    token.end = SkipDollarQuoted(text, at);
  } else if (IsWordPart(c)) {
    token.kind = TextToken::Kind::kWord;
    while (token.end < text.size() && IsWordPart(text[token.end])) ++token.end;
  } else {
    token.kind = TextToken::Kind::kSymbol;
    token.end = at + 1;
  }
  return token;
}

bool IsKeyword(std::string_view text, const TextToken& token, std::string_view keyword) {
  if (token.kind != TextToken::Kind::kWord || token.end - token.begin != keyword.size()) {
    return false;
  }
  return std::equal(
      keyword.begin(), keyword.end(), text.begin() + static_cast<long>(token.begin),
      [](char a, char b) { return a == std::tolower(static_cast<unsigned char>(b)); });
}

std::string_view ExpressionText(std::string_view text, size_t from, bool column_constraints) {
  int depth = 0;
  size_t end = from;
  bool first = true;
  while (true) {
    const TextToken token = NextTextToken(text, end);
    if (token.kind == TextToken::Kind::kEnd) break;
    const char symbol = token.kind == TextToken::Kind::kSymbol ? text[token.begin] : '\0';
    if (symbol == '(' || symbol == '[') ++depth;
    const bool closes = symbol == ')' || symbol == ']';
    if (depth == 0 && (closes || symbol == ',' || symbol == ';')) break;
    if (closes) --depth;
    if (depth == 0 && column_constraints && !first && StartsColumnConstraint(text, token)) break;
    end = token.end;
    first = false;
  }
  return Trimmed(text.substr(from, end - from));
}

std::string_view ParenthesisedAfter(std::string_view text, size_t from, std::string_view keyword) {
  const size_t after = AfterKeyword(text, from, keyword);
  if (after == std::string_view::npos) return {};
  const TextToken open = NextTextToken(text, after);
  int depth = 1;
  size_t at = open.end;
  while (depth > 0) {
    const TextToken token = NextTextToken(text, at);
    if (token.kind == TextToken::Kind::kEnd) return {};
    if (token.kind == TextToken::Kind::kSymbol && text[token.begin] == '(') ++depth;
    if (token.kind == TextToken::Kind::kSymbol && text[token.begin] == ')') --depth;
    at = token.end;
  }
  return Trimmed(text.substr(open.end, at - 1 - open.end));
}

size_t AfterKeyword(std::string_view text, size_t from, std::string_view keyword) {
  int depth = 0;
  for (size_t at = from;;) {
    const TextToken token = NextTextToken(text, at);
    if (token.kind == TextToken::Kind::kEnd) return std::string_view::npos;
    if (token.kind == TextToken::Kind::kSymbol && text[token.begin] == '(') ++depth;
    if (token.kind == TextToken::Kind::kSymbol && text[token.begin] == ')') --depth;
    if (depth == 0 && IsKeyword(text, token, keyword)) return token.end;
    at = token.end;
  }
}

}  // namespace omen::sql
