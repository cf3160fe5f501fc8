#include "sql/binding/scope.h"

namespace omen::sql {

std::string_view ClauseName(Clause clause) {
  switch (clause) {
    case Clause::kWhere:
      return "WHERE";
    case Clause::kHaving:
      return "HAVING";
    case Clause::kGroupBy:
      return "GROUP BY";
    case Clause::kOrderBy:
      return "ORDER BY";
    case Clause::kDistinctOn:
      return "DISTINCT ON";
    case Clause::kJoinOn:
      return "JOIN conditions";
    case Clause::kFromFunction:
      return "functions in FROM";
    case Clause::kLimit:
      return "LIMIT";
    case Clause::kOffset:
      return "OFFSET";
    case Clause::kReturning:
      return "RETURNING";
    case Clause::kValues:
    case Clause::kInsertValues:
      return "VALUES";
    case Clause::kUpdateSource:
      return "UPDATE";
    case Clause::kColumnDefault:
      return "DEFAULT expressions";
    case Clause::kCheck:
      return "check constraints";
    case Clause::kAlterUsing:
      return "transform expressions";
    case Clause::kWindowPartition:
    case Clause::kWindowOrder:
      return "window definitions";
    case Clause::kWindowFrame:
      return "window frame";
    case Clause::kFilter:
      return "FILTER";
    case Clause::kExecute:
      return "EXECUTE parameters";
    case Clause::kTarget:
      return "SELECT";
    case Clause::kNone:
      return "this context";
  }
  return "";
}

ExprPtr AsGroupKey(const Query& query, ExprPtr expr) {
  for (const TargetEntry& entry : query.targets) {
    if (entry.expr->kind != ExprKind::kGroupKey) continue;
    const Expr& key = *query.group_by[static_cast<size_t>(entry.expr->column)];
    if (key.kind != ExprKind::kConst && SameExpr(key, *expr)) return CloneExpr(*entry.expr);
  }
  return expr;
}

}  // namespace omen::sql
