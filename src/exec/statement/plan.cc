#include "exec/statement/plan.h"

#include "base/check.h"

namespace omen::exec {

size_t PayloadBytes(const Row& row, const std::vector<Type>& types) {
  size_t bytes = 0;
  for (size_t i = 0; i < row.size(); ++i) bytes += PayloadBytes(row[i], InfoOf(types[i].oid));
  return bytes;
}

Result<FieldRange> Cursor::NextFields() {
  OMEN_CHECK(has_fields());
  return FieldRange{};
}

Status ExecutablePlan::Explain(const Row&, StatementContext*, const ExplainOptions&,
                               ExplainReport* report) const {
  report->plans.emplace_back().type = statement_ != nullptr ? statement_->tag : "Utility";
  return Status::Ok();
}

}  // namespace omen::exec
