#include "sql/grammar/internal/sql_text.h"

#include <algorithm>
#include <array>

#include "sql/lexer/lexer.h"

namespace omen::sql {
namespace {

bool StartsColumnConstraint(std::string_view text, const Token& token) {
  static constexpr std::array<std::string_view, 10> kWords = {
      "not",        "null",      "primary",    "unique",  "check",
      "references", "generated", "constraint", "default", "deferrable"};
  return std::ranges::any_of(kWords,
                             [&](std::string_view word) { return IsKeyword(text, token, word); });
}

std::string_view Trimmed(std::string_view text) {
  while (!text.empty() && ClassOf(text.front()) == CharClass::kBlank) {
    text.remove_prefix(1);
  }
  while (!text.empty() && ClassOf(text.back()) == CharClass::kBlank) {
    text.remove_suffix(1);
  }
  return text;
}

}  // namespace

std::string_view ExpressionText(std::string_view text, size_t from, bool column_constraints) {
  Lexer lexer(text, from);
  int depth = 0;
  size_t end = from;
  bool first = true;
  for (Token token = lexer.Next(); token.kind != TokenKind::kEnd; token = lexer.Next()) {
    const char symbol = token.kind == TokenKind::kSymbol ? text[token.begin] : '\0';
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
  Lexer lexer(text, after);
  const Token open = lexer.Next();
  Token token = open;
  for (int depth = 1; depth > 0;) {
    token = lexer.Next();
    if (token.kind == TokenKind::kEnd) return {};
    if (token.kind == TokenKind::kSymbol && text[token.begin] == '(') ++depth;
    if (token.kind == TokenKind::kSymbol && text[token.begin] == ')') --depth;
  }
  return Trimmed(text.substr(open.end, token.begin - open.end));
}

size_t AfterKeyword(std::string_view text, size_t from, std::string_view keyword) {
  Lexer lexer(text, from);
  int depth = 0;
  for (Token token = lexer.Next(); token.kind != TokenKind::kEnd; token = lexer.Next()) {
    if (token.kind == TokenKind::kSymbol && text[token.begin] == '(') ++depth;
    if (token.kind == TokenKind::kSymbol && text[token.begin] == ')') --depth;
    if (depth == 0 && IsKeyword(text, token, keyword)) return token.end;
  }
  return std::string_view::npos;
}

}  // namespace omen::sql
