#include "sql/operand/expr_search.h"

namespace omen::sql {

const Expr* FindNode(const Expr& expr, bool (*test)(const Expr&)) {
  if (test(expr)) return &expr;
  for (const ExprPtr& arg : expr.args) {
    if (const Expr* found = FindNode(*arg, test)) return found;
  }
  for (const SortKey& key : expr.order_by) {
    if (const Expr* found = FindNode(*key.expr, test)) return found;
  }
  return expr.filter ? FindNode(*expr.filter, test) : nullptr;
}

bool IsAggregateNode(const Expr& expr) {
  return expr.kind == ExprKind::kAggregate || expr.kind == ExprKind::kGrouping;
}

bool IsWindowNode(const Expr& expr) { return expr.kind == ExprKind::kWindow; }

bool IsSetNode(const Expr& expr) {
  return expr.kind == ExprKind::kFunction && expr.function->returns_set;
}

}  // namespace omen::sql
