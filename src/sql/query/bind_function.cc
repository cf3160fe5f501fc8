// Function and aggregate calls.

#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "sql/query/binder.h"
#include "sql/typing/rewrite.h"

// PostgreSQL's headers come last.
#include "sql/grammar/internal/pg_nodes.h"

namespace omen::sql {
namespace {

/// The first node of this query level (not inside subqueries) that satisfies `test`.
template <typename Test>
const Expr* FindNode(const Expr& expr, const Test& test) {
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

/// The innermost query level that a call's columns come from, those that its subqueries take from
/// around them included; -1 without columns.
int ColumnLevel(ExprPtr& call) {
  int level = -1;
  VisitNodes(call, [&](ExprPtr& node, int depth) {
    if (node->kind != ExprKind::kColumn) return;
    const int found = node->levels_up - depth;
    if (found >= 0 && (level < 0 || found < level)) level = found;
  });
  return level;
}

/// The query level that an aggregate belongs to. What an ordered-set one is called with besides its
/// rows has no say in it.
int AggregateLevel(ExprPtr& call) {
  if (!call->aggregate->ordered_set) return ColumnLevel(call);
  int level = -1;
  for (SortKey& key : call->order_by) {
    const int found = ColumnLevel(key.expr);
    if (found >= 0 && (level < 0 || found < level)) level = found;
  }
  return level;
}

/// A function in FROM is called once.
Status CheckNoSetsIn(const Expr& call) {
  for (const ExprPtr& arg : call.args) {
    const Expr* inner = FindNode(*arg, IsSetNode);
    if (inner == nullptr) continue;
    return Status(sqlstate::kFeatureNotSupported,
                  "set-returning functions must appear at top level of FROM")
        .At(inner->location);
  }
  return Status::Ok();
}

Result<std::string> FunctionName(const FuncCall& node) {
  Items<> parts(node.funcname);
  std::string name = Text(parts.back());
  if (parts.size() > 1) {
    std::string_view schema = Text(parts[parts.size() - 2]);
    if (schema == "public") return fmt::format("{}.{}", schema, name);
    if (schema != "pg_catalog" && schema != "information_schema" && schema != "omendb") {
      return Status(sqlstate::kInvalidSchemaName,
                    fmt::format("schema \"{}\" does not exist", schema))
          .At(node.location);
    }
  }
  return name;
}

Status NotA(std::string_view what, std::string_view name, std::string_view kind, int location) {
  return Status(sqlstate::kWrongObjectType,
                fmt::format("{} specified, but {} is not {}", what, name, kind))
      .At(location);
}

}  // namespace

ExprResult Binder::CallFunction(std::string_view name, std::vector<ExprPtr> args, int location) {
  std::vector<Oid> actual;
  for (const ExprPtr& arg : args) actual.push_back(arg->type.oid);
  OMEN_ASSIGN_OR_RETURN(Callee callee, FindCallee(name, actual, location));
  OMEN_CHECK(callee.function != nullptr);
  std::vector<Oid> declared = callee.declared;
  OMEN_ASSIGN_OR_RETURN(Oid result, ResolvePolymorphic(actual, &declared, callee.result));
  KeepBlanks(callee, &args);
  OMEN_RETURN_IF_ERROR(CoerceArguments(&args, std::move(declared)));
  auto expr = std::make_unique<Expr>(ExprKind::kFunction, Type{result}, location);
  expr->function = callee.function;
  expr->args = std::move(args);
  return Fold(state_, std::move(expr));
}

void Binder::KeepBlanks(const Callee& callee, std::vector<ExprPtr>* args) {
  if (callee.aggregate != nullptr && callee.aggregate->name == "count") return;
  for (size_t i = 0; i < args->size(); ++i) {
    const Oid declared = callee.declared[i];
    if (declared != oid::kAny && !IsPolymorphic(declared)) continue;
    (*args)[i] = WithBlanks(state_, std::move((*args)[i]));
  }
}

Status Binder::CoerceArguments(std::vector<ExprPtr>* args, std::vector<Oid> declared) {
  for (size_t i = 0; i < args->size(); ++i) {
    ExprPtr& arg = (*args)[i];
    if (declared[i] == oid::kAny) {
      if (arg->kind == ExprKind::kParam) continue;
      OMEN_ASSIGN_OR_RETURN(arg, ResolveUnknown(state_, std::move(arg)));
      continue;
    }
    OMEN_ASSIGN_OR_RETURN(arg, CoerceArgument(state_, std::move(arg), declared[i]));
  }
  return Status::Ok();
}

Status Binder::CheckCallOptions(const FuncCall& node, const Callee& callee, std::string_view name) {
  int at = node.location;
  if (callee.aggregate == nullptr) {
    if (node.agg_star) {
      return Status(sqlstate::kWrongObjectType,
                    fmt::format("{}(*) specified, but {} is not an aggregate function", name, name))
          .At(at);
    }
    if (node.agg_distinct) return NotA("DISTINCT", name, "an aggregate function", at);
    if (node.agg_within_group) return NotA("WITHIN GROUP", name, "an aggregate function", at);
    if (node.agg_order) return NotA("ORDER BY", name, "an aggregate function", at);
    if (node.agg_filter) return NotA("FILTER", name, "an aggregate function", at);
    if (node.over && callee.window == nullptr) {
      return NotA("OVER", name, "a window function nor an aggregate function", at);
    }
    if (callee.window && node.over == nullptr) {
      return Status(sqlstate::kWrongObjectType,
                    fmt::format("window function {} requires an OVER clause", name))
          .At(at);
    }
    return Status::Ok();
  }
  if (callee.aggregate->ordered_set != node.agg_within_group) {
    return Status(
               sqlstate::kWrongObjectType,
               node.agg_within_group
                   ? fmt::format(
                         "{} is not an ordered-set aggregate, so it cannot have WITHIN GROUP", name)
                   : fmt::format("WITHIN GROUP is required for ordered-set aggregate {}", name))
        .At(at);
  }
  if (callee.declared.empty() && !node.agg_star) {
    return Status(
               sqlstate::kWrongObjectType,
               fmt::format("{}(*) must be used to call a parameterless aggregate function", name))
        .At(at);
  }
  return Status::Ok();
}

ExprResult Binder::BindCall(const FuncCall& node) {
  OMEN_ASSIGN_OR_RETURN(std::string name, FunctionName(node));
  if (node.func_variadic) return NotSupported("VARIADIC in a call").At(node.location);
  OMEN_ASSIGN_OR_RETURN(std::vector<ExprPtr> args, BindList(node.args));
  if (node.agg_within_group) {
    for (const SortBy* key : Items<SortBy>(node.agg_order)) {
      OMEN_ASSIGN_OR_RETURN(ExprPtr arg, Bind(key->node));
      args.push_back(std::move(arg));
    }
  }
  std::vector<Oid> actual;
  for (const ExprPtr& arg : args) actual.push_back(arg->type.oid);
  OMEN_ASSIGN_OR_RETURN(Callee callee, FindCallee(name, actual, node.location));
  OMEN_RETURN_IF_ERROR(CheckCallOptions(node, callee, name));
  if (callee.cast_to != 0) {
    return ExplicitCast(std::move(args[0]), {callee.cast_to}, node.location);
  }
  const bool asks_type =
      callee.function != nullptr && callee.function->oid == functions::kTypeOfAny;
  if (asks_type && IsUnknown(*args[0]) && args[0]->kind == ExprKind::kConst) {
    return MakeConst({oid::kRegtype}, Value::Int(oid::kUnknown), node.location);
  }
  std::vector<Oid> declared = callee.declared;
  auto result = ResolvePolymorphic(actual, &declared, callee.result);
  if (!result.ok()) return std::move(result).status().At(node.location);
  KeepBlanks(callee, &args);
  OMEN_RETURN_IF_ERROR(CoerceArguments(&args, std::move(declared)));
  if (node.over != nullptr) return FinishWindow(node, callee, std::move(args), *result);
  if (callee.aggregate) return FinishAggregate(node, callee, std::move(args), *result);
  return FinishFunction(node, callee, std::move(args), *result);
}

ExprResult Binder::FinishFunction(const FuncCall& node, const Callee& callee,
                                  std::vector<ExprPtr> args, Oid result) {
  auto expr = std::make_unique<Expr>(ExprKind::kFunction, Type{result}, node.location);
  expr->function = callee.function;
  expr->args = std::move(args);
  const Clause clause = scope_->clause;
  if (clause == Clause::kFromFunction) OMEN_RETURN_IF_ERROR(CheckNoSetsIn(*expr));
  if (node.funcformat == COERCE_SQL_SYNTAX) {
    expr = KeepWriting(std::move(expr), Wording::Form::kSqlSyntax);
  }
  if (!callee.function->returns_set) return Fold(state_, std::move(expr));
  if (clause == Clause::kTarget || clause == Clause::kOrderBy) {
    scope_->has_sets = true;
  } else if (clause != Clause::kFromFunction) {
    return Status(sqlstate::kFeatureNotSupported,
                  fmt::format("set-returning functions are not allowed in {}", ClauseName(clause)))
        .At(node.location);
  }
  return expr;
}

Status Binder::CheckAggregatePlace(const Expr& call, int location) {
  bool grouping = call.kind == ExprKind::kGrouping;
  switch (scope_->clause) {
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
                                ClauseName(scope_->clause)))
          .At(location);
  }
}

namespace {

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

}  // namespace

Status Binder::BindAggregateOptions(const FuncCall& node, Expr* call) {
  if (node.agg_within_group) {
    size_t direct = call->args.size() - static_cast<size_t>(Items<>(node.agg_order).size());
    OMEN_RETURN_IF_ERROR(
        BindOrderBy(node.agg_order, SortRule::kExpressions, scope_->clause, &call->order_by));
    for (size_t i = 0; i < call->order_by.size(); ++i) {
      call->order_by[i].expr = CloneExpr(*call->args[direct + i]);
    }
  } else {
    OMEN_RETURN_IF_ERROR(
        BindOrderBy(node.agg_order, SortRule::kExpressions, scope_->clause, &call->order_by));
  }
  if (node.agg_distinct) {
    OMEN_RETURN_IF_ERROR(OrderByArguments(call));
    for (const ExprPtr& arg : call->args) OMEN_RETURN_IF_ERROR(NeedEquality(*arg));
  }
  call->distinct = node.agg_distinct;
  if (node.agg_filter) {
    OMEN_ASSIGN_OR_RETURN(call->filter, BindBool(node.agg_filter, Clause::kFilter));
  }
  return Status::Ok();
}

ExprResult Binder::FinishAggregate(const FuncCall& node, const Callee& callee,
                                   std::vector<ExprPtr> args, Oid result) {
  auto expr = std::make_unique<Expr>(ExprKind::kAggregate, Type{result}, node.location);
  expr->aggregate = callee.aggregate;
  expr->args = std::move(args);
  // char(n) is kept without its padding, so min and max must say how wide to print it.
  if (result == oid::kBpchar && expr->args.size() == 1) expr->type = expr->args[0]->type;
  OMEN_RETURN_IF_ERROR(BindAggregateOptions(node, expr.get()));
  if (AggregateLevel(expr) > 0) {
    return NotSupported("an aggregate over an outer query's columns").At(node.location);
  }
  OMEN_RETURN_IF_ERROR(CheckAggregatePlace(*expr, node.location));
  for (const ExprPtr& arg : expr->args) {
    if (const Expr* inner = FindNode(*arg, IsAggregateNode)) {
      return Status(sqlstate::kGroupingError, "aggregate function calls cannot be nested")
          .At(inner->location);
    }
    if (const Expr* inner = FindNode(*arg, IsWindowNode)) {
      return Status(sqlstate::kGroupingError,
                    "aggregate function calls cannot contain window function calls")
          .At(inner->location);
    }
    if (const Expr* inner = FindNode(*arg, IsSetNode)) {
      return Status(sqlstate::kFeatureNotSupported,
                    "aggregate function calls cannot contain set-returning function calls")
          .Hint("You might be able to move the set-returning function into a LATERAL FROM item.")
          .At(inner->location);
    }
  }
  scope_->has_aggregates = true;
  return expr;
}

ExprResult Binder::FinishWindow(const FuncCall& node, const Callee& callee,
                                std::vector<ExprPtr> args, Oid result) {
  if (node.agg_distinct) {
    return Status(sqlstate::kFeatureNotSupported,
                  "DISTINCT is not implemented for window functions")
        .At(node.location);
  }
  if (node.agg_order != nullptr) {
    return Status(sqlstate::kFeatureNotSupported,
                  "aggregate ORDER BY is not implemented for window functions")
        .At(node.location);
  }
  Clause clause = scope_->clause;
  if (clause != Clause::kTarget && clause != Clause::kOrderBy && clause != Clause::kDistinctOn) {
    return Status(sqlstate::kWindowingError,
                  fmt::format("window functions are not allowed in {}", ClauseName(clause)))
        .At(node.location);
  }
  for (const ExprPtr& arg : args) {
    if (const Expr* inner = FindNode(*arg, IsWindowNode)) {
      return Status(sqlstate::kWindowingError, "window function calls cannot be nested")
          .At(inner->location);
    }
  }
  auto expr = std::make_unique<Expr>(ExprKind::kWindow, Type{result}, node.location);
  expr->aggregate = callee.aggregate;
  expr->window_function = callee.window;
  expr->args = std::move(args);
  if (result == oid::kBpchar && !expr->args.empty()) expr->type = expr->args[0]->type;
  if (node.agg_filter) {
    OMEN_ASSIGN_OR_RETURN(expr->filter, BindBool(node.agg_filter, Clause::kFilter));
  }
  OMEN_ASSIGN_OR_RETURN(expr->window, WindowIndex(*node.over));
  return expr;
}

}  // namespace omen::sql
