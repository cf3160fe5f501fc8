// AND, OR, NOT and tests of one value.
#pragma once

#include "sql/expr/expr.h"
#include "sql/grammar/internal/node_names.h"

namespace omen::sql {

/// Binds the conditions that have no operator. One thread, made where it is used. 42804 for
/// operands that are not boolean.
class ConditionBinder {
 public:
  explicit ConditionBinder(Binding& binding) : binding_(binding), exprs_(binding) {}

  ExprResult BindBoolean(const ::BoolExpr& node);
  ExprResult BindNullTest(const ::NullTest& node);
  ExprResult BindBooleanTest(const ::BooleanTest& node);

 private:
  Binding& binding_;
  ExprBinder exprs_;
};

}  // namespace omen::sql
