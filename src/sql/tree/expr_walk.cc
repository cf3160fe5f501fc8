#include "sql/tree/expr_walk.h"

#include <algorithm>

#include "sql/tree/parts.h"

namespace omen::sql {

namespace {

void AddUnique(const Expr& expr, std::vector<const Expr*>* found) {
  const bool known = std::ranges::any_of(
      *found, [&](const Expr* other) { return other == &expr || SameExpr(*other, expr); });
  if (!known) found->push_back(&expr);
}

}  // namespace

void WalkExpr(const Expr& expr, const ExprVisitor& visit, int depth) {
  if (!visit(expr, depth)) return;
  ForEachOperand(expr, [&](const ExprPtr& operand) { WalkExpr(*operand, visit, depth); });
  if (expr.subquery != nullptr) WalkQuery(*expr.subquery, visit, depth + 1);
}

void WalkQuery(const Query& query, const ExprVisitor& visit, int depth) {
  ForEachPart(
      query, [&](const ExprPtr& expr) { WalkExpr(*expr, visit, depth); },
      [&](const std::unique_ptr<Query>& inner) { WalkQuery(*inner, visit, depth + 1); });
}

namespace {

void WalkQueriesOf(const Expr& expr, const std::function<void(const Query&)>& visit) {
  if (expr.subquery != nullptr) WalkQueries(*expr.subquery, visit);
  ForEachOperand(expr, [&](const ExprPtr& operand) { WalkQueriesOf(*operand, visit); });
}

}  // namespace

void WalkQueries(const Query& query, const std::function<void(const Query&)>& visit) {
  visit(query);
  ForEachPart(
      query, [&](const ExprPtr& expr) { WalkQueriesOf(*expr, visit); },
      [&](const std::unique_ptr<Query>& inner) { WalkQueries(*inner, visit); });
}

bool ReadsQueriesAround(const Query& query, int depth) {
  bool reads = false;
  WalkQuery(
      query,
      [&](const Expr& node, int level) {
        reads |= node.kind == ExprKind::kColumn && node.levels_up > level;
        return !reads;
      },
      depth);
  return reads;
}

bool ReadsOuterColumns(const Expr& expr) {
  bool reads = false;
  WalkExpr(expr, [&](const Expr& node, int depth) {
    reads |= node.kind == ExprKind::kColumn && node.levels_up > depth;
    return !reads;
  });
  return reads;
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
