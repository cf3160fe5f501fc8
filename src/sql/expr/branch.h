// Expressions that choose among values: CASE, COALESCE, GREATEST and LEAST.
#pragma once

#include "sql/expr/expr.h"
#include "sql/grammar/internal/node_names.h"

namespace omen::sql {

/// Binds a choice of values, whose type is their common one. One thread, made where it is used.
/// 42804 for values that have none, 0A000 for sets in CASE and COALESCE.
class BranchBinder {
 public:
  explicit BranchBinder(Binding& binding) : binding_(binding), exprs_(binding) {}

  ExprResult BindCase(const ::CaseExpr& node);
  ExprResult BindCoalesce(const ::CoalesceExpr& node);
  ExprResult BindExtreme(const ::MinMaxExpr& node);

 private:
  Binding& binding_;
  ExprBinder exprs_;
};

}  // namespace omen::sql
