#include "sql/duckdb/text/expr_facts.h"

#include <algorithm>

#include "sql/tree/query.h"

namespace omen::sql::duckdb {

bool IsText(Oid type) {
  return type == oid::kText || type == oid::kVarchar || type == oid::kBpchar ||
         type == oid::kName || type == oid::kUnknown;
}

/// Null whatever the row is: a null, or a strict call or cast of one.
bool IsSurelyNull(const Expr& expr) {
  if (const Value* value = ConstantOf(expr); value != nullptr) return value->is_null();
  const bool strict =
      (expr.kind == ExprKind::kFunction && expr.function->strict) || expr.kind == ExprKind::kCast;
  return strict &&
         std::ranges::any_of(expr.args, [](const ExprPtr& arg) { return IsSurelyNull(*arg); });
}

}  // namespace omen::sql::duckdb
