// Aggregates and GROUPING.
#pragma once

#include <vector>

#include "sql/expr/expr.h"
#include "sql/grammar/internal/node_names.h"
#include "sql/typing/resolve.h"

namespace omen::sql {

/// Binds calls of aggregates over arguments that are bound, and tells the query level of them. One
/// thread, made where it is used. 42803 for those in a wrong place.
class AggregateBinder {
 public:
  explicit AggregateBinder(Binding& binding) : binding_(binding), exprs_(binding) {}

  ExprResult BindCall(const ::FuncCall& node, const Callee& callee, std::vector<ExprPtr> args,
                      Oid result);
  ExprResult BindGrouping(const ::GroupingFunc& node);

 private:
  /// 42803 in a clause that takes none.
  Status CheckPlace(const Expr& call, int location) const;
  /// DISTINCT, ORDER BY, WITHIN GROUP and FILTER.
  Status BindOptions(const ::FuncCall& node, Expr* call);

  Binding& binding_;
  ExprBinder exprs_;
};

}  // namespace omen::sql
