#include "sql/clause/set_returning.h"

#include <algorithm>
#include <string>

#include "sql/operand/expr_search.h"
#include "sql/tree/expr_walk.h"
#include "sql/typing/rewrite.h"
#include "sql/typing/state.h"

namespace omen::sql {
namespace {

/// The set-returning calls of this query level among the targets.
std::vector<const Expr*> FindSets(const Query& query) {
  std::vector<const Expr*> found;
  for (const TargetEntry& entry : query.targets) {
    WalkExpr(*entry.expr, [&](const Expr& node, int depth) {
      if (depth == 0 && IsSetNode(node)) found.push_back(&node);
      return depth == 0;
    });
  }
  return found;
}

/// Does the order of the rows or what makes them distinct depend on a set? It is made before, then.
bool SortsBySets(const Query& query) {
  const auto has_set = [](const Expr& expr) { return FindNode(expr, IsSetNode) != nullptr; };
  return std::ranges::any_of(query.order_by,
                             [&](const SortKey& key) { return has_set(*key.expr); }) ||
         std::ranges::any_of(query.distinct_on,
                             [&](const ExprPtr& expr) { return has_set(*expr); });
}

}  // namespace

/// SELECT f(...) with f returning a set becomes FROM ..., LATERAL f(...).
Status ExpandSets(Query* query) {
  std::vector<const Expr*> sets = FindSets(*query);
  if (sets.empty()) return Status::Ok();
  int location = sets[0]->location;
  if (query->has_aggregates || !query->windows.empty()) {
    return NotSupported("a set-returning function in a grouped or windowed select list")
        .At(location);
  }
  for (const Expr* set : sets) {
    if (SameExpr(*set, *sets[0])) continue;
    return NotSupported("several set-returning functions in one select list").At(location);
  }
  if (!query->distinct_on.empty() && !query->order_by.empty() && !SortsBySets(*query)) {
    return NotSupported("a set-returning function beside DISTINCT ON and ORDER BY").At(location);
  }
  Relation relation{RelationKind::kFunction};
  relation.alias = std::string(sets[0]->function->name);
  relation.columns.push_back({relation.alias, sets[0]->type});
  relation.function_call = CloneExpr(*sets[0]);
  relation.lateral = true;
  int index = static_cast<int>(query->relations.size());
  ExprPtr pattern = CloneExpr(*sets[0]);
  auto replace = [&](ExprPtr& expr, int depth) {
    if (depth != 0 || !IsSetNode(*expr) || !SameExpr(*expr, *pattern)) return;
    auto column = std::make_unique<Expr>(ExprKind::kColumn, expr->type, expr->location);
    column->rel = index;
    column->column = 0;
    expr = std::move(column);
  };
  for (TargetEntry& entry : query->targets) VisitNodes(entry.expr, replace);
  for (SortKey& key : query->order_by) VisitNodes(key.expr, replace);
  for (ExprPtr& expr : query->distinct_on) VisitNodes(expr, replace);
  query->relations.push_back(std::move(relation));
  FromItem item;
  item.relation = index;
  query->from.push_back(std::move(item));
  return Status::Ok();
}

}  // namespace omen::sql
