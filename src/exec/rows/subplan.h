// Subqueries of expressions while they run: evaluated once where they stand alone,
// anew for every row where they are correlated.
#pragma once

#include <memory>
#include <vector>

#include "exec/rows/level.h"

namespace omen::exec {

/// Of a subquery that may answer with one row only: 21000.
Status MoreThanOneRow();

/// One subquery of one level's run. One thread.
class SubPlanRun {
 public:
  SubPlanRun(const SubPlan& plan, EvalContext* outer);

  /// The single value; null for no row, 21000 for several.
  Status Scalar(Value* out);
  Result<bool> Exists();
  Status Array(Oid element, Value* out);
  /// All rows, in a buffer that lives until the next call where the subquery is correlated.
  Result<TupleBuffer*> Rows();
  /// Goes through rows one by one where they need not be kept.
  Status Restart() { return level_.Open(); }
  LevelRun& level() { return level_; }
  bool correlated() const { return plan_.correlated; }

  /// Hash of the first column's values for IN; made once for an uncorrelated subquery.
  struct ValueIndex;
  Result<const ValueIndex*> Index(Oid type);

 private:
  Status ReadScalar(Value* out);
  const SubPlan& plan_;
  LevelRun level_;
  bool has_scalar_ = false, has_exists_ = false, has_rows_ = false;
  Value scalar_;
  bool exists_ = false;
  TupleBuffer rows_;
  std::shared_ptr<ValueIndex> index_;
  int64_t index_bytes_ = 0;  // charged for it
};

/// The evaluator of a subquery in an expression; `scope` has a planner.
Result<EvaluatorPtr> CompileSubquery(const sql::Expr& expr, Scope* scope);

}  // namespace omen::exec
