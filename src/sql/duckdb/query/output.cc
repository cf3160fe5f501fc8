#include "sql/duckdb/query/output.h"

#include <fmt/format.h>

#include "sql/duckdb/text/expr_facts.h"
#include "sql/duckdb/text/numeric.h"

namespace omen::sql::duckdb {

using Kind = NumericForm::Kind;

Result<QueryText> OutputPrinter::PrintTargets(std::vector<std::string>* items) {
  QueryText out;
  for (const TargetEntry& target : query_.targets) {
    if (target.junk) continue;
    OMEN_ASSIGN_OR_RETURN(Text text, exprs_.Print(*target.expr));
    NumericForm form = text.form.kind == Kind::kNone ? NumericForm{} : CommonForm({text.form});
    items->push_back(Coerce(text, form));
    out.forms.push_back(std::move(form));
  }
  return out;
}

Result<std::string> OutputPrinter::PrintLimit() {
  OMEN_ASSIGN_OR_RETURN(std::string limit, PrintCount());
  OMEN_ASSIGN_OR_RETURN(std::string offset, PrintSkip());
  if (!limit.empty()) limit.insert(0, " LIMIT ");
  if (!offset.empty()) offset.insert(0, " OFFSET ");
  return limit + offset;
}

Result<std::string> OutputPrinter::PrintBound(const ExprPtr& bound, SqlState negative,
                                              std::string_view clause) {
  if (bound == nullptr) return std::string();
  const Value* constant = ConstantOf(*bound);
  if (constant != nullptr) {
    if (constant->is_null()) return std::string();
    if (constant->AsInt() < 0) {
      return Status(negative, fmt::format("{} must not be negative", clause));
    }
    return std::to_string(constant->AsInt());
  }
  OMEN_ASSIGN_OR_RETURN(std::string sql, exprs_.PrintPlain(*bound));
  return "(" + sql + ")";
}

Result<std::string> OutputPrinter::PrintCount() {
  return PrintBound(query_.limit, sqlstate::kInvalidLimit, "LIMIT");
}

Result<std::string> OutputPrinter::PrintSkip() {
  return PrintBound(query_.offset, sqlstate::kInvalidOffset, "OFFSET");
}

}  // namespace omen::sql::duckdb
