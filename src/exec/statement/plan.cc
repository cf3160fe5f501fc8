#include "exec/statement/plan.h"

namespace omen::exec {

size_t PayloadBytes(const Row& row, const std::vector<Type>& types) {
  size_t bytes = 0;
  for (size_t i = 0; i < row.size(); ++i) {
    const Carrier carrier = InfoOf(types[i].oid).carrier;
    if (row[i].is_null()) continue;
    if (carrier == Carrier::kBytes) bytes += row[i].AsBytes().size();
    if (carrier == Carrier::kArray) bytes += row[i].AsArray().elements.size() * sizeof(Value);
  }
  return bytes;
}

Status ExecutablePlan::Explain(const Row&, StatementContext*, const ExplainOptions&,
                               ExplainReport* report) const {
  report->plans.emplace_back().type = statement_ != nullptr ? statement_->tag : "Utility";
  return Status::Ok();
}

}  // namespace omen::exec
