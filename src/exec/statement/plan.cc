#include "exec/statement/plan.h"

namespace omen::exec {

Status ExecutablePlan::Explain(const Row&, StatementContext*, const ExplainOptions&,
                               std::vector<std::string>* lines) const {
  lines->push_back(statement_ != nullptr ? statement_->tag : "Utility");
  return Status::Ok();
}

}  // namespace omen::exec
