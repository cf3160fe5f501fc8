#include "sql/operand/expr_search.h"

#include "sql/tree/expr_walk.h"

namespace omen::sql {

const Expr* FindNode(const Expr& expr, bool (*test)(const Expr&)) {
  const Expr* found = nullptr;
  WalkExpr(expr, [&](const Expr& node, int depth) {
    if (depth > 0 || found != nullptr) return false;
    if (test(node)) found = &node;
    return found == nullptr;
  });
  return found;
}

const Expr* FindVariable(const Expr& expr) {
  const Expr* found = nullptr;
  WalkExpr(expr, [&](const Expr& node, int depth) {
    const bool here = node.kind == ExprKind::kColumn && node.levels_up == depth;
    if (here && found == nullptr) found = &node;
    return found == nullptr;
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
