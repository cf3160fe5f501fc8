#include "sql/lexer/template_text.h"

#include "sql/lexer/lexer.h"

namespace omen::sql {

std::string TemplateText(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  Lexer lexer(text);
  size_t last_end = 0;
  for (Token token = lexer.Next(); token.kind != TokenKind::kEnd; token = lexer.Next()) {
    if (token.begin > last_end && !out.empty()) out += ' ';
    const bool literal = token.kind == TokenKind::kString || token.kind == TokenKind::kNumber;
    out += literal ? "?" : lexer.TextOf(token);
    last_end = token.end;
  }
  while (!out.empty() && (out.back() == ' ' || out.back() == ';')) out.pop_back();
  return out;
}

}  // namespace omen::sql
