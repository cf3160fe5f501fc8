#include "sql/expr/call.h"

#include <fmt/format.h>

#include <string>

#include "sql/expr/aggregate.h"
#include "sql/expr/window.h"
#include "sql/operand/arguments.h"
#include "sql/operand/casts.h"
#include "sql/operand/copy.h"
#include "sql/operand/expr_search.h"
#include "sql/typing/coerce.h"

// PostgreSQL's headers come last.
#include "sql/grammar/internal/pg_nodes.h"

namespace omen::sql {
namespace {

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

/// As errors of the search for it name it.
std::string NameAsWritten(const FuncCall& node, std::string_view name) {
  Items<> parts(node.funcname);
  const bool qualified = parts.size() > 1 && std::string_view(Text(parts[0])) == "pg_catalog";
  return qualified ? fmt::format("pg_catalog.{}", name) : std::string(name);
}

Status NotA(std::string_view what, std::string_view name, std::string_view kind, int location) {
  return Status(sqlstate::kWrongObjectType,
                fmt::format("{} specified, but {} is not {}", what, name, kind))
      .At(location);
}

Status CheckCallOptions(const FuncCall& node, const Callee& callee, std::string_view name) {
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
    if (node.agg_filter && callee.window && node.over) {
      return Status(sqlstate::kFeatureNotSupported,
                    "FILTER is not implemented for non-aggregate window functions")
          .At(at);
    }
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

}  // namespace

ExprResult CallBinder::Bind(const FuncCall& node) {
  OMEN_ASSIGN_OR_RETURN(std::string name, FunctionName(node));
  if (node.func_variadic) return NotSupported("VARIADIC in a call").At(node.location);
  OMEN_ASSIGN_OR_RETURN(std::vector<ExprPtr> args, BindArguments(node));
  std::vector<Oid> actual;
  for (const ExprPtr& arg : args) actual.push_back(arg->type.oid);
  OMEN_ASSIGN_OR_RETURN(Callee callee,
                        FindCallee(name, actual, node.location, NameAsWritten(node, name)));
  OMEN_RETURN_IF_ERROR(CheckCallOptions(node, callee, name));
  if (callee.cast_to != 0) {
    return ExplicitCast(binding_.state(), std::move(args[0]), {callee.cast_to}, node.location);
  }
  const bool asks_type =
      callee.function != nullptr && callee.function->oid == functions::kTypeOfAny;
  if (asks_type && IsUnknown(*args[0]) && args[0]->kind == ExprKind::kConst) {
    return MakeConst({oid::kRegtype}, Value::Int(oid::kUnknown), node.location);
  }
  std::vector<Oid> declared = callee.declared;
  auto result = ResolvePolymorphic(actual, &declared, callee.result);
  if (!result.ok()) return std::move(result).status().At(node.location);
  OMEN_RETURN_IF_ERROR(FitArguments(binding_.state(), callee, std::move(declared), &args));
  if (node.over != nullptr) {
    return WindowBinder(binding_).BindCall(node, callee, std::move(args), *result);
  }
  if (callee.aggregate != nullptr) {
    return AggregateBinder(binding_).BindCall(node, callee, std::move(args), *result);
  }
  return BindFunction(node, callee, std::move(args), *result);
}

Result<std::vector<ExprPtr>> CallBinder::BindArguments(const FuncCall& node) {
  OMEN_ASSIGN_OR_RETURN(std::vector<ExprPtr> args, exprs_.BindAll(node.args));
  if (!node.agg_within_group) return args;
  for (const SortBy* key : Items<SortBy>(node.agg_order)) {
    OMEN_ASSIGN_OR_RETURN(ExprPtr arg, exprs_.Bind(key->node));
    args.push_back(std::move(arg));
  }
  return args;
}

ExprResult CallBinder::BindFunction(const FuncCall& node, const Callee& callee,
                                    std::vector<ExprPtr> args, Oid result) {
  auto expr = std::make_unique<Expr>(ExprKind::kFunction, Type{result}, node.location);
  expr->function = callee.function;
  expr->args = std::move(args);
  const Clause clause = binding_.scope()->clause;
  if (clause == Clause::kFromFunction) OMEN_RETURN_IF_ERROR(CheckNoSetsIn(*expr));
  if (node.funcformat == COERCE_SQL_SYNTAX) {
    expr = KeepWriting(binding_.state(), std::move(expr), Wording::Form::kSqlSyntax);
  }
  if (!callee.function->returns_set) return Fold(binding_.state(), std::move(expr));
  if (clause == Clause::kTarget || clause == Clause::kOrderBy) {
    binding_.scope()->has_sets = true;
  } else if (clause != Clause::kFromFunction) {
    return Status(sqlstate::kFeatureNotSupported,
                  fmt::format("set-returning functions are not allowed in {}", ClauseName(clause)))
        .At(node.location);
  }
  return expr;
}

}  // namespace omen::sql
