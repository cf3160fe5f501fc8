#include "sql/lexer/statement_cutter.h"

namespace omen::sql {
namespace {

constexpr std::string_view kBlanks = " \t\r\n\f\v";

std::string_view Trimmed(std::string_view text) {
  const size_t first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

}  // namespace

std::string_view StatementCutter::Next() {
  bool any = false;
  while (true) {
    const Token token = lexer_.Next();
    const bool end = token.kind == TokenKind::kEnd;
    if (!end && !(token.kind == TokenKind::kSymbol && script_[token.begin] == ';')) {
      any = true;
      continue;
    }
    const size_t begin = begin_, stop = end ? script_.size() : token.begin;
    begin_ = end ? script_.size() : token.end;
    if (any) return Trimmed(script_.substr(begin, stop - begin));
    if (end) return {};
  }
}

}  // namespace omen::sql
