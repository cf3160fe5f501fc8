// What the printers ask of expressions and their types, whatever text is made of them.
#pragma once

#include "sql/tree/expr.h"

namespace omen::sql::duckdb {

inline bool IsInteger(Oid type) {
  return type == oid::kInt2 || type == oid::kInt4 || type == oid::kInt8;
}
bool IsText(Oid type);
/// The value of a constant (the binder has folded what it can), null for other expressions.
inline const Value* ConstantOf(const Expr& expr) {
  return expr.kind == ExprKind::kConst ? &expr.value : nullptr;
}
/// As ConstantOf, but null for a null as well.
inline const Value* KnownValueOf(const Expr& expr) {
  const Value* value = ConstantOf(expr);
  return value != nullptr && !value->is_null() ? value : nullptr;
}
/// Evaluating it cannot raise an error.
inline bool IsSafe(const Expr& expr) {
  return expr.kind == ExprKind::kConst || expr.kind == ExprKind::kColumn ||
         expr.kind == ExprKind::kParam;
}
/// Null whatever the row is: a null, or a strict call or cast of one.
bool IsSurelyNull(const Expr& expr);

}  // namespace omen::sql::duckdb
