#include "sql/duckdb/text/planning_cost.h"

#include "base/blame.h"
#include "sql/tree/query.h"

namespace omen::sql::duckdb {

namespace {

// The engine's search for common subexpressions takes the third power of an expression's depth and
// cannot be interrupted. Squares of the depths of calls that are planned in some 0.3 seconds: one
// expression 330 deep, a dozen of 140.
constexpr int64_t kDepthsSquaredMax = 12'000'000;
// Nor can the rest of its planning be, which takes longer than in proportion to how many there are.
constexpr int64_t kCallsMax = 10'000;

}  // namespace

Status PlanningCost::Count(const Expr& expr) {
  if (!expr.args.empty()) {
    depths_squared_ += static_cast<int64_t>(depth_) * depth_;
    ++calls_;
  }
  if (depths_squared_ > kDepthsSquaredMax) return Refusal("expressions so deep on columns");
  if (calls_ > kCallsMax) return Refusal("so many expressions on columns");
  return Status::Ok();
}

}  // namespace omen::sql::duckdb
