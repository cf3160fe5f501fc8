#include "sql/operand/operate.h"

#include <fmt/format.h>

#include "sql/typing/coerce.h"
#include "sql/typing/resolve.h"

namespace omen::sql {

ExprPtr Combine(ExprKind kind, std::vector<ExprPtr> parts, int location) {
  if (parts.size() == 1) return std::move(parts[0]);
  auto expr = std::make_unique<Expr>(kind, Type{oid::kBool}, location);
  expr->args = std::move(parts);
  return expr;
}

ExprResult Operate(BindState* state, std::string_view name, ExprPtr left, ExprPtr right,
                   int location) {
  OMEN_ASSIGN_OR_RETURN(ExprPtr call,
                        OperatorCall(state, name, std::move(left), std::move(right), location));
  return Fold(state, std::move(call));
}

ExprResult OperatorCall(BindState* state, std::string_view name, ExprPtr left, ExprPtr right,
                        int location) {
  Oid left_type = left ? left->type.oid : 0;
  OMEN_ASSIGN_OR_RETURN(const functions::Operator* op,
                        NeedOperator(name, left_type, right->type.oid, location));
  std::vector<Oid> actual, declared;
  if (left) {
    actual.push_back(left_type);
    declared.push_back(op->left);
  }
  actual.push_back(right->type.oid);
  declared.push_back(op->right);
  OMEN_ASSIGN_OR_RETURN(Oid result, ResolvePolymorphic(actual, &declared, op->function->result));
  auto expr = std::make_unique<Expr>(ExprKind::kFunction, Type{result}, location);
  expr->function = op->function;
  expr->op = op;
  if (IsPolymorphic(op->function->result)) {
    if (left) left = WithBlanks(state, std::move(left));
    right = WithBlanks(state, std::move(right));
  }
  if (left) {
    OMEN_ASSIGN_OR_RETURN(left, CoerceArgument(state, std::move(left), declared[0]));
    expr->args.push_back(std::move(left));
  }
  OMEN_ASSIGN_OR_RETURN(right, CoerceArgument(state, std::move(right), declared.back()));
  expr->args.push_back(std::move(right));
  return expr;
}

ExprResult OverArray(BindState* state, std::string_view name, ExprPtr left, ExprPtr array, bool all,
                     int location) {
  Oid element = oid::kUnknown;
  if (!IsUnknown(*array)) {
    element = ElementOf(array->type.oid);
    if (element == 0) {
      return Status(sqlstate::kWrongObjectType, "op ANY/ALL (array) requires array on right side")
          .At(location);
    }
  }
  OMEN_ASSIGN_OR_RETURN(const functions::Operator* op,
                        NeedOperator(name, left->type.oid, element, location));
  if (op->function->result != oid::kBool) {
    return Status(sqlstate::kWrongObjectType,
                  "op ANY/ALL (array) requires operator to yield boolean")
        .At(location);
  }
  if (IsPolymorphic(op->right) || IsPolymorphic(op->left)) {
    return NotSupported("op ANY/ALL over arrays of arrays").At(location);
  }
  Oid array_type = ArrayOver(op->right);
  if (array_type == 0) {
    return Status(sqlstate::kUndefinedObject,
                  fmt::format("could not find array type for data type {}", NameOf(op->right)))
        .At(location);
  }
  auto expr =
      std::make_unique<Expr>(all ? ExprKind::kAll : ExprKind::kAny, Type{oid::kBool}, location);
  expr->op = op;
  expr->function = op->function;
  OMEN_ASSIGN_OR_RETURN(left, CoerceArgument(state, std::move(left), op->left));
  OMEN_ASSIGN_OR_RETURN(array, CoerceArgument(state, std::move(array), array_type));
  expr->args.push_back(std::move(left));
  expr->args.push_back(std::move(array));
  return expr;
}

Status NeedEquality(const Expr& expr) {
  auto found = FindOperator("=", expr.type.oid, expr.type.oid);
  if ((found.ok() && *found != nullptr) || expr.type.oid == oid::kRecord) return Status::Ok();
  return Status(sqlstate::kUndefinedFunction,
                fmt::format("could not identify an equality operator for type {}",
                            NameOf(expr.type.oid)))
      .At(LocationOf(expr));
}

Status NeedOrdering(const Expr& expr) {
  auto found = FindOperator("<", expr.type.oid, expr.type.oid);
  if ((found.ok() && *found != nullptr) || expr.type.oid == oid::kRecord) return Status::Ok();
  return Status(sqlstate::kUndefinedFunction,
                fmt::format("could not identify an ordering operator for type {}",
                            NameOf(expr.type.oid)))
      .Hint("Use an explicit ordering operator or modify the query.")
      .At(LocationOf(expr));
}

}  // namespace omen::sql
