// How much the engine would have to plan: its planning cannot be interrupted.
#pragma once

#include <cstdint>

#include "base/status.h"
#include "sql/duckdb/text/scopes.h"
#include "sql/tree/expr.h"

namespace omen::sql::duckdb {

/// Counts the expressions of one text. One thread, used once. A refusal when they are so many or
/// so deep that planning them would take long.
class PlanningCost {
 public:
  /// What is counted in this scope stands one level below what was counted before it.
  [[nodiscard]] Scoped<int> Deepen() { return {depth_, depth_ + 1}; }
  Status Count(const Expr& expr);

 private:
  int depth_ = 0;                           // of the expression that is printed
  int64_t depths_squared_ = 0, calls_ = 0;  // of all so far
};

}  // namespace omen::sql::duckdb
