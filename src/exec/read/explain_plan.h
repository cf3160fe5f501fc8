// EXPLAIN of any plan.
#pragma once

#include <memory>

#include "exec/statement/plan.h"

namespace omen::exec {

/// Rows of one text column, QUERY PLAN. Immutable; any thread.
class ExplainPlan final : public ExecutablePlan {
 public:
  ExplainPlan(std::shared_ptr<const sql::Statement> statement,
              std::shared_ptr<const ExecutablePlan> explained);
  Result<std::unique_ptr<Cursor>> Open(Row params, StatementContext* context) const override;

 private:
  std::shared_ptr<const ExecutablePlan> explained_;
};

}  // namespace omen::exec
