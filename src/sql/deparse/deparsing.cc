#include "sql/deparse/deparsing.h"

#include <algorithm>

#include "functions/kernel/quoting.h"

namespace omen::sql {
namespace {

size_t LineLength(std::string_view text) {
  const size_t line = text.rfind('\n');
  return line == std::string_view::npos ? text.size() : text.size() - line - 1;
}

}  // namespace

void Deparsing::AddName(std::string_view name) { Add(functions::QuoteIdentifier(name)); }

void Deparsing::AddNames(const std::vector<std::string>& names) {
  for (size_t i = 0; i < names.size(); ++i) {
    Add(i == 0 ? "(" : ", ");
    AddName(names[i]);
  }
  if (!names.empty()) Add(")");
}

void Deparsing::Line(std::string_view keyword, int before, int after, int alone) {
  constexpr int kIndentLimit = 40, kStep = 8;
  indent_ += before;
  while (out_->ends_with(' ')) out_->pop_back();
  int spaces = std::max(indent_, 0);
  if (indent_ >= kIndentLimit) {
    spaces = (kIndentLimit + (indent_ - kIndentLimit) / (kStep / 2)) % kIndentLimit;
  }
  *out_ += '\n';
  out_->append(static_cast<size_t>(spaces + alone), ' ');
  Add(keyword);
  indent_ = std::max(indent_ + after, 0);
}

bool Deparsing::AddField(std::string_view field, bool may_break, bool must_break) {
  if (layout_.wrap_column < 0) {
    Add(field);
    return false;
  }
  const bool broken = field.starts_with('\n');
  if (broken) {
    while (out_->ends_with(' ')) out_->pop_back();
  } else if (may_break && (must_break || LineLength(*out_) + field.size() >
                                             static_cast<size_t>(layout_.wrap_column))) {
    Line("", -8, 8, 4);
  }
  Add(field);
  return field.find('\n', broken ? 1 : 0) != std::string_view::npos;
}

}  // namespace omen::sql
