#include "sql/tree/expr_walk.h"

#include <algorithm>

namespace omen::sql {

namespace {

void WalkAll(const std::vector<ExprPtr>& exprs, const ExprVisitor& visit, int depth) {
  for (const ExprPtr& expr : exprs) {
    if (expr != nullptr) WalkExpr(*expr, visit, depth);
  }
}

void WalkOne(const ExprPtr& expr, const ExprVisitor& visit, int depth) {
  if (expr != nullptr) WalkExpr(*expr, visit, depth);
}

void WalkKeys(const std::vector<SortKey>& keys, const ExprVisitor& visit, int depth) {
  for (const SortKey& key : keys) WalkOne(key.expr, visit, depth);
}

void WalkFrom(const FromItem& item, const ExprVisitor& visit, int depth) {
  WalkOne(item.condition, visit, depth);
  if (item.left != nullptr) WalkFrom(*item.left, visit, depth);
  if (item.right != nullptr) WalkFrom(*item.right, visit, depth);
}

void WalkRelation(const Relation& relation, const ExprVisitor& visit, int depth) {
  if (relation.subquery != nullptr) WalkQuery(*relation.subquery, visit, depth + 1);
  WalkOne(relation.function_call, visit, depth);
  for (const auto& row : relation.values) WalkAll(row, visit, depth);
}

void AddUnique(const Expr& expr, std::vector<const Expr*>* found) {
  const bool known = std::ranges::any_of(
      *found, [&](const Expr* other) { return other == &expr || SameExpr(*other, expr); });
  if (!known) found->push_back(&expr);
}

}  // namespace

void WalkExpr(const Expr& expr, const ExprVisitor& visit, int depth) {
  if (!visit(expr, depth)) return;
  WalkAll(expr.args, visit, depth);
  WalkKeys(expr.order_by, visit, depth);
  WalkOne(expr.filter, visit, depth);
  if (expr.subquery != nullptr) WalkQuery(*expr.subquery, visit, depth + 1);
}

void WalkQuery(const Query& query, const ExprVisitor& visit, int depth) {
  for (const CommonTable& cte : query.ctes) WalkQuery(*cte.query, visit, depth + 1);
  for (const Relation& relation : query.relations) WalkRelation(relation, visit, depth);
  for (const FromItem& item : query.from) WalkFrom(item, visit, depth);
  for (const TargetEntry& target : query.targets) WalkOne(target.expr, visit, depth);
  WalkOne(query.where, visit, depth);
  WalkAll(query.group_by, visit, depth);
  WalkOne(query.having, visit, depth);
  for (const WindowDef& window : query.windows) {
    WalkAll(window.partition_by, visit, depth);
    WalkKeys(window.order_by, visit, depth);
    WalkOne(window.start_offset, visit, depth);
    WalkOne(window.end_offset, visit, depth);
  }
  WalkAll(query.distinct_on, visit, depth);
  WalkKeys(query.order_by, visit, depth);
  WalkOne(query.limit, visit, depth);
  WalkOne(query.offset, visit, depth);
  if (query.left != nullptr) WalkQuery(*query.left, visit, depth + 1);
  if (query.right != nullptr) WalkQuery(*query.right, visit, depth + 1);
}

void WalkQueries(const Query& query, const std::function<void(const Query&)>& visit) {
  visit(query);
  // Below depth 0 the walk itself goes on into the queries; their roots are enough here.
  for (const CommonTable& cte : query.ctes) WalkQueries(*cte.query, visit);
  for (const Relation& relation : query.relations) {
    if (relation.subquery != nullptr) WalkQueries(*relation.subquery, visit);
  }
  if (query.left != nullptr) WalkQueries(*query.left, visit);
  if (query.right != nullptr) WalkQueries(*query.right, visit);
  if (query.insert_source != nullptr) WalkQueries(*query.insert_source, visit);
  WalkQuery(
      query,
      [&](const Expr& node, int depth) {
        if (depth > 0) return false;
        if (node.subquery == nullptr) return true;
        WalkQueries(*node.subquery, visit);
        for (const ExprPtr& arg : node.args) {
          WalkExpr(*arg, [&](const Expr& inner, int) {
            if (inner.subquery != nullptr) WalkQueries(*inner.subquery, visit);
            return inner.subquery == nullptr;
          });
        }
        return false;
      },
      0);
}

bool ReadsTablesAlone(const Query& query) {
  bool alone = true;
  WalkQueries(query, [&](const Query& level) {
    for (const Relation& relation : level.relations) {
      alone = alone && relation.kind != RelationKind::kSystem &&
              relation.kind != RelationKind::kFunction;
    }
  });
  return alone;
}

uint64_t RelationsOf(const Expr& expr) {
  uint64_t relations = 0;
  WalkExpr(expr, [&](const Expr& node, int depth) {
    if (node.kind == ExprKind::kColumn && node.levels_up == depth && node.rel >= 0) {
      relations |= uint64_t{1} << node.rel;
    }
    return true;
  });
  return relations;
}

bool IsVolatile(const Expr& expr) {
  bool found = false;
  WalkExpr(expr, [&](const Expr& node, int) {
    found |=
        node.function != nullptr && node.function->volatility == functions::Volatility::kVolatile;
    return !found;
  });
  return found;
}

bool HasSubquery(const Expr& expr) {
  bool found = false;
  WalkExpr(expr, [&](const Expr& node, int) {
    found |= node.subquery != nullptr;
    return !found;
  });
  return found;
}

bool HasSetFunction(const Expr& expr) {
  std::vector<const Expr*> calls;
  CollectSetFunctions(expr, &calls);
  return !calls.empty();
}

void SplitConjunction(const Expr* expr, std::vector<const Expr*>* conjuncts) {
  if (expr == nullptr) return;
  if (expr->kind != ExprKind::kAnd) {
    conjuncts->push_back(expr);
    return;
  }
  for (const ExprPtr& arg : expr->args) SplitConjunction(arg.get(), conjuncts);
}

namespace {

/// Is it null where all columns of those relations are?
bool IsNullWith(const Expr& expr, uint64_t relations) {
  switch (expr.kind) {
    case ExprKind::kColumn:
      return expr.levels_up == 0 && expr.rel >= 0 && ((relations >> expr.rel) & 1) != 0;
    case ExprKind::kFunction:
      return expr.function != nullptr && expr.function->strict && !expr.function->returns_set &&
             std::ranges::any_of(expr.args,
                                 [&](const ExprPtr& arg) { return IsNullWith(*arg, relations); });
    case ExprKind::kCast:
    case ExprKind::kInList:
      return IsNullWith(*expr.args[0], relations);
    default:
      return false;
  }
}

}  // namespace

bool RejectsNulls(const Expr& expr, uint64_t relations) {
  switch (expr.kind) {
    case ExprKind::kIsNotNull:
      return IsNullWith(*expr.args[0], relations);
    case ExprKind::kAnd:
      return std::ranges::any_of(expr.args,
                                 [&](const ExprPtr& arg) { return RejectsNulls(*arg, relations); });
    default:
      return IsNullWith(expr, relations);
  }
}

void CollectAggregates(const Expr& expr, std::vector<const Expr*>* aggregates) {
  WalkExpr(expr, [&](const Expr& node, int depth) {
    if (depth > 0) return false;
    if (node.kind == ExprKind::kWindow) return true;
    if (node.kind != ExprKind::kAggregate) return true;
    AddUnique(node, aggregates);
    return false;
  });
}

void CollectSetFunctions(const Expr& expr, std::vector<const Expr*>* calls) {
  WalkExpr(expr, [&](const Expr& node, int depth) {
    if (depth > 0) return false;
    if (node.kind == ExprKind::kFunction && node.function != nullptr &&
        node.function->returns_set) {
      AddUnique(node, calls);
      return false;
    }
    return true;
  });
}

void CollectGroupings(const Expr& expr, std::vector<const Expr*>* calls) {
  WalkExpr(expr, [&](const Expr& node, int depth) {
    if (depth > 0) return false;
    if (node.kind == ExprKind::kGrouping || node.kind == ExprKind::kGroupKey) {
      AddUnique(node, calls);
    }
    return true;
  });
}

void CollectWindowCalls(const Expr& expr, std::vector<const Expr*>* calls) {
  WalkExpr(expr, [&](const Expr& node, int depth) {
    if (depth > 0) return false;
    if (node.kind != ExprKind::kWindow) return true;
    AddUnique(node, calls);
    return false;
  });
}

void CollectFromTargets(const Query& query, void (*collect)(const Expr&, std::vector<const Expr*>*),
                        std::vector<const Expr*>* found) {
  for (const TargetEntry& target : query.targets) collect(*target.expr, found);
  if (query.having != nullptr) collect(*query.having, found);
  for (const WindowDef& window : query.windows) {
    for (const ExprPtr& key : window.partition_by) collect(*key, found);
    for (const SortKey& key : window.order_by) collect(*key.expr, found);
    if (window.start_offset != nullptr) collect(*window.start_offset, found);
    if (window.end_offset != nullptr) collect(*window.end_offset, found);
  }
  for (const SortKey& key : query.order_by) collect(*key.expr, found);
  for (const ExprPtr& key : query.distinct_on) collect(*key, found);
}

void ForEachColumn(Expr* expr, const std::function<void(Expr*, int)>& change) {
  // The walk is over const nodes; the tree is this caller's own copy.
  WalkExpr(*expr, [&](const Expr& node, int depth) {
    if (node.kind == ExprKind::kColumn) change(const_cast<Expr*>(&node), depth);
    return true;
  });
}

}  // namespace omen::sql
