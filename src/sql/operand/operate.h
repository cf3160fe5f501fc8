// Operators over bound operands.
#pragma once

#include <string_view>
#include <vector>

#include "sql/typing/state.h"

namespace omen::sql {

/// `left`: null of a prefix operator. Operate folds what is constant.
ExprResult Operate(BindState* state, std::string_view name, ExprPtr left, ExprPtr right,
                   int location);
ExprResult OperatorCall(BindState* state, std::string_view name, ExprPtr left, ExprPtr right,
                        int location);
/// `left` op ANY or ALL over an array.
ExprResult OverArray(BindState* state, std::string_view name, ExprPtr left, ExprPtr array, bool all,
                     int location);
/// AND or OR of the parts; one alone as it is.
ExprPtr Combine(ExprKind kind, std::vector<ExprPtr> parts, int location);

/// 42883 of a type that is not compared.
Status NeedEquality(const Expr& expr);
/// 42883 of a type that has no order.
Status NeedOrdering(const Expr& expr);

}  // namespace omen::sql
