// Operators as they are written.
#pragma once

#include <string_view>

#include "sql/expr/expr.h"
#include "sql/grammar/internal/node_names.h"

namespace omen::sql {

/// Binds operators over values, rows and arrays, IS DISTINCT FROM, NULLIF and BETWEEN. One thread,
/// made where it is used. 42883 for operand types that an operator does not take.
class OperatorBinder {
 public:
  explicit OperatorBinder(Binding& binding) : binding_(binding), exprs_(binding) {}

  ExprResult Bind(const ::A_Expr& node);

 private:
  ExprResult BindOperator(const ::A_Expr& node);
  ExprResult BindOverArray(const ::A_Expr& node, bool all);
  ExprResult BindDistinct(const ::A_Expr& node, bool negated);
  ExprResult BindNullIf(const ::A_Expr& node);
  ExprResult BindBetween(const ::A_Expr& node);
  ExprResult BindRange(const ::A_Expr& node, const ::Node* low, const ::Node* high);
  ExprResult BindBound(std::string_view name, const ::A_Expr& node, const ::Node* bound);
  ExprResult BindRowWithRow(const ::A_Expr& node, std::string_view name, const ::SubLink& sub);

  Binding& binding_;
  ExprBinder exprs_;
};

}  // namespace omen::sql
