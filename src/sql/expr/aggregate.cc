#include "sql/expr/aggregate.h"

#include <fmt/format.h>

#include <algorithm>

#include "sql/expr/sort_keys.h"
#include "sql/operand/expr_search.h"
#include "sql/operand/operate.h"
#include "sql/tree/expr_walk.h"

// PostgreSQL's headers come last.
#include "sql/grammar/internal/pg_nodes.h"

namespace omen::sql {
namespace {

/// The innermost query level that a call's columns come from, those that its subqueries take from
/// around them included; -1 without columns.
int ColumnLevel(const Expr& call) {
  int level = -1;
  WalkExpr(call, [&](const Expr& node, int depth) {
    if (node.kind != ExprKind::kColumn) return true;
    const int found = node.levels_up - depth;
    if (found >= 0 && (level < 0 || found < level)) level = found;
    return true;
  });
  return level;
}

/// The query level that an aggregate belongs to. What an ordered-set one is called with besides its
/// rows has no say in it.
int AggregateLevel(const Expr& call) {
  if (!call.aggregate->ordered_set) return ColumnLevel(call);
  int level = -1;
  for (const SortKey& key : call.order_by) {
    const int found = ColumnLevel(*key.expr);
    if (found >= 0 && (level < 0 || found < level)) level = found;
  }
  return level;
}

// What was written, below what it was coerced to and the padding put around char(n).
const Expr& AsWritten(const Expr& expr) {
  const Expr* below = &expr;
  while (true) {
    const bool coerced = below->kind == ExprKind::kCast && !below->explicit_cast;
    const bool padded = below->kind == ExprKind::kFunction && below->function != nullptr &&
                        (below->function->oid == functions::kPadBlanks ||
                         below->function->oid == functions::kPadElements);
    if (!coerced && !padded) return *below;
    below = below->args[0].get();
  }
}

// ORDER BY of a DISTINCT aggregate names its arguments, whatever type they were coerced to: it
// orders by what the aggregate is given.
Status OrderByArguments(Expr* call) {
  for (SortKey& key : call->order_by) {
    const auto listed = std::ranges::find_if(
        call->args, [&](const ExprPtr& arg) { return SameExpr(AsWritten(*arg), *key.expr); });
    if (listed == call->args.end()) {
      return Status(
                 sqlstate::kInvalidColumnReference,
                 "in an aggregate with DISTINCT, ORDER BY expressions must appear in argument list")
          .At(key.expr->location);
    }
    key.expr = CloneExpr(**listed);
  }
  return Status::Ok();
}

/// 42803 or 0A000 for an argument that cannot be computed before the groups are.
Status CheckAggregated(const Expr& arg) {
  if (const Expr* inner = FindNode(arg, IsAggregateNode)) {
    return Status(sqlstate::kGroupingError, "aggregate function calls cannot be nested")
        .At(inner->location);
  }
  if (const Expr* inner = FindNode(arg, IsWindowNode)) {
    return Status(sqlstate::kGroupingError,
                  "aggregate function calls cannot contain window function calls")
        .At(inner->location);
  }
  if (const Expr* inner = FindNode(arg, IsSetNode)) {
    return Status(sqlstate::kFeatureNotSupported,
                  "aggregate function calls cannot contain set-returning function calls")
        .Hint("You might be able to move the set-returning function into a LATERAL FROM item.")
        .At(inner->location);
  }
  return Status::Ok();
}

}  // namespace

ExprResult AggregateBinder::BindCall(const FuncCall& node, const Callee& callee,
                                     std::vector<ExprPtr> args, Oid result) {
  auto expr = std::make_unique<Expr>(ExprKind::kAggregate, Type{result}, node.location);
  expr->aggregate = callee.aggregate;
  expr->args = std::move(args);
  // char(n) is kept without its padding, so min and max must say how wide to print it.
  if (result == oid::kBpchar && expr->args.size() == 1) expr->type = expr->args[0]->type;
  OMEN_RETURN_IF_ERROR(BindOptions(node, expr.get()));
  if (AggregateLevel(*expr) > 0) {
    return NotSupported("an aggregate over an outer query's columns").At(node.location);
  }
  OMEN_RETURN_IF_ERROR(CheckPlace(*expr, node.location));
  for (const ExprPtr& arg : expr->args) OMEN_RETURN_IF_ERROR(CheckAggregated(*arg));
  binding_.scope()->has_aggregates = true;
  return expr;
}

Status AggregateBinder::CheckPlace(const Expr& call, int location) const {
  bool grouping = call.kind == ExprKind::kGrouping;
  switch (binding_.scope()->clause) {
    case Clause::kTarget:
    case Clause::kHaving:
    case Clause::kOrderBy:
    case Clause::kDistinctOn:
    case Clause::kWindowPartition:
    case Clause::kWindowOrder:
    case Clause::kWindowFrame:
      return Status::Ok();
    default:
      return Status(sqlstate::kGroupingError,
                    fmt::format("{} are not allowed in {}",
                                grouping ? "grouping operations" : "aggregate functions",
                                ClauseName(binding_.scope()->clause)))
          .At(location);
  }
}

Status AggregateBinder::BindOptions(const FuncCall& node, Expr* call) {
  OMEN_RETURN_IF_ERROR(
      BindSortKeys(binding_, node.agg_order, binding_.scope()->clause, &call->order_by));
  if (node.agg_within_group) {
    const size_t direct = call->args.size() - static_cast<size_t>(Items<>(node.agg_order).size());
    for (size_t i = 0; i < call->order_by.size(); ++i) {
      call->order_by[i].expr = CloneExpr(*call->args[direct + i]);
    }
  }
  if (node.agg_distinct) {
    OMEN_RETURN_IF_ERROR(OrderByArguments(call));
    for (const ExprPtr& arg : call->args) OMEN_RETURN_IF_ERROR(NeedEquality(*arg));
  }
  call->distinct = node.agg_distinct;
  if (node.agg_filter) {
    OMEN_ASSIGN_OR_RETURN(call->filter, exprs_.BindBool(node.agg_filter, Clause::kFilter));
  }
  return Status::Ok();
}

ExprResult AggregateBinder::BindGrouping(const GroupingFunc& node) {
  auto expr = std::make_unique<Expr>(ExprKind::kGrouping, Type{oid::kInt4}, node.location);
  if (Items<>(node.args).size() > 31) {
    return Status(SqlState("54023"), "GROUPING must have fewer than 32 arguments")
        .At(node.location);
  }
  OMEN_RETURN_IF_ERROR(CheckPlace(*expr, node.location));
  OMEN_ASSIGN_OR_RETURN(expr->args, exprs_.BindAll(node.args));
  const bool outer = std::ranges::any_of(expr->args, [](const ExprPtr& arg) {
    return arg->kind == ExprKind::kColumn && arg->levels_up > 0;
  });
  if (outer) return NotSupported("GROUPING over an outer query's columns").At(node.location);
  binding_.scope()->has_aggregates = true;
  return expr;
}

}  // namespace omen::sql
