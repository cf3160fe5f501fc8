#include "sql/lexer/template_text.h"

#include <algorithm>

#include "sql/lexer/lexer.h"

namespace omen::sql {
namespace {

constexpr size_t kFirstBytes = 1024;

}  // namespace

std::string TemplateText(std::string_view text) {
  std::string out;
  out.reserve(std::min(text.size(), kFirstBytes));
  Lexer lexer(text);
  size_t last_end = 0;
  for (Token token = lexer.Next(); token.kind != TokenKind::kEnd; token = lexer.Next()) {
    if (token.begin > last_end && !out.empty()) out += ' ';
    const bool literal = token.kind == TokenKind::kString || token.kind == TokenKind::kNumber;
    out += literal ? "?" : lexer.TextOf(token);
    last_end = token.end;
  }
  while (!out.empty() && (out.back() == ' ' || out.back() == ';')) out.pop_back();
  if (out.capacity() > 2 * kFirstBytes) out.shrink_to_fit();  // it is kept
  return out;
}

}  // namespace omen::sql
