// IN over a list.
#pragma once

#include "sql/expr/expr.h"
#include "sql/grammar/internal/node_names.h"

namespace omen::sql {

/// Binds comparisons of a value or a row with those of a list. One thread, made where it is used.
/// 42804 for items without a common type.
class MembershipBinder {
 public:
  explicit MembershipBinder(Binding& binding) : binding_(binding), exprs_(binding) {}

  ExprResult BindIn(const ::A_Expr& node);

 private:
  /// As the = ANY over an array that PostgreSQL keeps.
  ExprResult BindAsWritten(const ::List* nodes, ExprPtr left, bool negated, int location);

  Binding& binding_;
  ExprBinder exprs_;
};

}  // namespace omen::sql
