#include "sql/operand/expr_search.h"

#include "sql/typing/rewrite.h"

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

const Expr* FindVariable(ExprPtr& expr) {
  const Expr* found = nullptr;
  VisitNodes(expr, [&](ExprPtr& node, int depth) {
    const bool here = node->kind == ExprKind::kColumn && node->levels_up == depth;
    if (here && found == nullptr) found = node.get();
  });
  return found;
}

bool IsAggregateNode(const Expr& expr) {
  return expr.kind == ExprKind::kAggregate || expr.kind == ExprKind::kGrouping;
}

bool IsWindowNode(const Expr& expr) { return expr.kind == ExprKind::kWindow; }

bool IsSetNode(const Expr& expr) {
  return expr.kind == ExprKind::kFunction && expr.function->returns_set;
}

}  // namespace omen::sql
