#include "sql/expr/condition.h"

#include <memory>
#include <string_view>

#include "sql/tree/expr_kind.h"
#include "sql/typing/coerce.h"

// PostgreSQL's headers come last.
#include "sql/grammar/internal/pg_nodes.h"

namespace omen::sql {
namespace {

ExprKind BooleanTestKind(BoolTestType type) {
  switch (type) {
    case IS_TRUE:
      return ExprKind::kIsTrue;
    case IS_NOT_TRUE:
      return ExprKind::kIsNotTrue;
    case IS_FALSE:
      return ExprKind::kIsFalse;
    case IS_NOT_FALSE:
      return ExprKind::kIsNotFalse;
    case IS_UNKNOWN:
      return ExprKind::kIsUnknown;
    default:
      return ExprKind::kIsNotUnknown;
  }
}

}  // namespace

ExprResult ConditionBinder::BindBoolean(const BoolExpr& node) {
  ExprKind kind = node.boolop == AND_EXPR  ? ExprKind::kAnd
                  : node.boolop == OR_EXPR ? ExprKind::kOr
                                           : ExprKind::kNot;
  std::string_view name = node.boolop == AND_EXPR ? "AND" : node.boolop == OR_EXPR ? "OR" : "NOT";
  auto expr = std::make_unique<Expr>(kind, Type{oid::kBool}, node.location);
  expr->args.reserve(static_cast<size_t>(Items<>(node.args).size()));
  for (const Node* arg : Items<>(node.args)) {
    OMEN_ASSIGN_OR_RETURN(ExprPtr operand, exprs_.Bind(arg));
    OMEN_ASSIGN_OR_RETURN(operand, CoerceToBool(binding_.state(), std::move(operand), name));
    expr->args.push_back(std::move(operand));
  }
  return expr;
}

ExprResult ConditionBinder::BindNullTest(const NullTest& node) {
  OMEN_ASSIGN_OR_RETURN(ExprPtr arg, exprs_.Bind(reinterpret_cast<const Node*>(node.arg)));
  bool is_null = node.nulltesttype == IS_NULL;
  auto make = [&](ExprPtr operand) {
    auto test = std::make_unique<Expr>(is_null ? ExprKind::kIsNull : ExprKind::kIsNotNull,
                                       Type{oid::kBool}, node.location);
    test->args.push_back(std::move(operand));
    return test;
  };
  if (arg->kind != ExprKind::kRow) return make(std::move(arg));
  OMEN_RETURN_IF_ERROR(binding_.state()->CannotWrite("the text of IS NULL of a row"));
  auto all = std::make_unique<Expr>(ExprKind::kAnd, Type{oid::kBool}, node.location);
  for (ExprPtr& field : arg->args) all->args.push_back(make(std::move(field)));
  if (all->args.size() == 1) return std::move(all->args[0]);
  return all;
}

ExprResult ConditionBinder::BindBooleanTest(const BooleanTest& node) {
  OMEN_ASSIGN_OR_RETURN(ExprPtr arg, exprs_.Bind(reinterpret_cast<const Node*>(node.arg)));
  const ExprKind kind = BooleanTestKind(node.booltesttype);
  OMEN_ASSIGN_OR_RETURN(arg, CoerceToBool(binding_.state(), std::move(arg), TestOf(kind)->words));
  auto test = std::make_unique<Expr>(kind, Type{oid::kBool}, node.location);
  test->args.push_back(std::move(arg));
  return test;
}

}  // namespace omen::sql
