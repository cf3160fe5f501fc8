#include "sql/expr/operator.h"

#include <fmt/format.h>

#include <string>

#include "sql/expr/membership.h"
#include "sql/expr/sublink.h"
#include "sql/operand/operate.h"
#include "sql/operand/row_comparison.h"
#include "sql/typing/coerce.h"
#include "sql/typing/resolve.h"

// PostgreSQL's headers come last.
#include "sql/grammar/internal/pg_nodes.h"

namespace omen::sql {
namespace {

ExprPtr Negate(ExprPtr expr) {
  auto negation = std::make_unique<Expr>(ExprKind::kNot, Type{oid::kBool}, expr->location);
  negation->args.push_back(std::move(expr));
  return negation;
}

bool IsNullLiteral(const Expr& expr) {
  return expr.kind == ExprKind::kConst && IsUnknown(expr) && expr.value.is_null();
}

Result<std::string> OperatorName(const A_Expr& node) {
  Items<> parts(node.name);
  if (parts.size() > 1 && std::string_view(Text(parts[parts.size() - 2])) != "pg_catalog") {
    return Status(sqlstate::kInvalidSchemaName,
                  fmt::format("schema \"{}\" does not exist", Text(parts[parts.size() - 2])))
        .At(node.location);
  }
  return std::string(Text(parts.back()));
}

}  // namespace

ExprResult OperatorBinder::Bind(const A_Expr& node) {
  switch (node.kind) {
    case AEXPR_OP:
    case AEXPR_LIKE:
    case AEXPR_ILIKE:
    case AEXPR_SIMILAR:
      return BindOperator(node);
    case AEXPR_OP_ANY:
      return BindOverArray(node, false);
    case AEXPR_OP_ALL:
      return BindOverArray(node, true);
    case AEXPR_DISTINCT:
      return BindDistinct(node, false);
    case AEXPR_NOT_DISTINCT:
      return BindDistinct(node, true);
    case AEXPR_NULLIF:
      return BindNullIf(node);
    case AEXPR_IN:
      return MembershipBinder(binding_).BindIn(node);
    default:
      return BindBetween(node);
  }
}

ExprResult OperatorBinder::BindOperator(const A_Expr& node) {
  OMEN_ASSIGN_OR_RETURN(const std::string name, OperatorName(node));
  ExprPtr left;
  if (node.lexpr != nullptr) {
    const auto* sub = NodeAs<SubLink>(node.rexpr, T_SubLink);
    if (NodeAs<RowExpr>(node.lexpr, T_RowExpr) && sub && sub->subLinkType == EXPR_SUBLINK) {
      return BindRowWithRow(node, name, *sub);
    }
    OMEN_ASSIGN_OR_RETURN(left, exprs_.Bind(node.lexpr));
  }
  OMEN_ASSIGN_OR_RETURN(ExprPtr right, exprs_.Bind(node.rexpr));
  if (left && left->kind == ExprKind::kRow && right->kind == ExprKind::kRow) {
    return RowComparison(binding_.state(), name, std::move(left->args), std::move(right->args),
                         node.location);
  }
  return Operate(binding_.state(), name, std::move(left), std::move(right), node.location);
}

ExprResult OperatorBinder::BindRowWithRow(const A_Expr& node, std::string_view name,
                                          const SubLink& sub) {
  OMEN_ASSIGN_OR_RETURN(ExprPtr left, exprs_.Bind(node.lexpr));
  OMEN_ASSIGN_OR_RETURN(QueryPtr query, SublinkBinder(binding_).BindQuery(sub.subselect));
  return CompareWithRows(binding_.state(), std::move(left->args), std::string(name),
                         Quantifier::kOne, std::move(query), node.location);
}

ExprResult OperatorBinder::BindOverArray(const A_Expr& node, bool all) {
  OMEN_ASSIGN_OR_RETURN(const std::string name, OperatorName(node));
  OMEN_ASSIGN_OR_RETURN(ExprPtr left, exprs_.Bind(node.lexpr));
  OMEN_ASSIGN_OR_RETURN(ExprPtr array, exprs_.Bind(node.rexpr));
  return OverArray(binding_.state(), name, std::move(left), std::move(array), all, node.location);
}

ExprResult OperatorBinder::BindDistinct(const A_Expr& node, bool negated) {
  OMEN_ASSIGN_OR_RETURN(ExprPtr left, exprs_.Bind(node.lexpr));
  OMEN_ASSIGN_OR_RETURN(ExprPtr right, exprs_.Bind(node.rexpr));
  if (binding_.as_written() && (IsNullLiteral(*left) || IsNullLiteral(*right))) {
    auto test = std::make_unique<Expr>(negated ? ExprKind::kIsNull : ExprKind::kIsNotNull,
                                       Type{oid::kBool}, node.location);
    test->args.push_back(IsNullLiteral(*right) ? std::move(left) : std::move(right));
    return test;
  }
  std::vector<ExprPtr> lefts, rights;
  if (left->kind == ExprKind::kRow && right->kind == ExprKind::kRow) {
    lefts = std::move(left->args);
    rights = std::move(right->args);
  } else {
    lefts.push_back(std::move(left));
    rights.push_back(std::move(right));
  }
  OMEN_ASSIGN_OR_RETURN(ExprPtr distinct, RowDistinct(binding_.state(), std::move(lefts),
                                                      std::move(rights), node.location));
  if (!negated) return distinct;
  if (distinct->kind != ExprKind::kIsDistinct) return Negate(std::move(distinct));
  distinct->kind = ExprKind::kIsNotDistinct;
  return distinct;
}

ExprResult OperatorBinder::BindNullIf(const A_Expr& node) {
  OMEN_ASSIGN_OR_RETURN(ExprPtr left, exprs_.Bind(node.lexpr));
  OMEN_ASSIGN_OR_RETURN(ExprPtr right, exprs_.Bind(node.rexpr));
  OMEN_ASSIGN_OR_RETURN(const functions::Operator* op,
                        NeedOperator("=", left->type.oid, right->type.oid, node.location));
  std::vector<Oid> actual{left->type.oid, right->type.oid}, declared{op->left, op->right};
  OMEN_ASSIGN_OR_RETURN([[maybe_unused]] Oid result,
                        ResolvePolymorphic(actual, &declared, oid::kBool));
  OMEN_ASSIGN_OR_RETURN(left, CoerceArgument(binding_.state(), std::move(left), declared[0]));
  OMEN_ASSIGN_OR_RETURN(right, CoerceArgument(binding_.state(), std::move(right), declared[1]));
  auto expr = std::make_unique<Expr>(ExprKind::kNullIf, left->type, node.location);
  expr->op = op;
  expr->function = op->function;
  expr->args.push_back(std::move(left));
  expr->args.push_back(std::move(right));
  return expr;
}

ExprResult OperatorBinder::BindBound(std::string_view name, const A_Expr& node, const Node* bound) {
  OMEN_ASSIGN_OR_RETURN(ExprPtr left, exprs_.Bind(node.lexpr));
  OMEN_ASSIGN_OR_RETURN(ExprPtr right, exprs_.Bind(bound));
  if (left->kind == ExprKind::kRow && right->kind == ExprKind::kRow) {
    return RowComparison(binding_.state(), name, std::move(left->args), std::move(right->args),
                         node.location);
  }
  return Operate(binding_.state(), name, std::move(left), std::move(right), node.location);
}

ExprResult OperatorBinder::BindRange(const A_Expr& node, const Node* low, const Node* high) {
  const bool negated = node.kind == AEXPR_NOT_BETWEEN || node.kind == AEXPR_NOT_BETWEEN_SYM;
  std::vector<ExprPtr> parts;
  OMEN_ASSIGN_OR_RETURN(ExprPtr lower, BindBound(negated ? "<" : ">=", node, low));
  OMEN_ASSIGN_OR_RETURN(ExprPtr upper, BindBound(negated ? ">" : "<=", node, high));
  parts.push_back(std::move(lower));
  parts.push_back(std::move(upper));
  return Combine(negated ? ExprKind::kOr : ExprKind::kAnd, std::move(parts), node.location);
}

ExprResult OperatorBinder::BindBetween(const A_Expr& node) {
  Items<> bounds(reinterpret_cast<const List*>(node.rexpr));
  const bool symmetric = node.kind == AEXPR_BETWEEN_SYM || node.kind == AEXPR_NOT_BETWEEN_SYM;
  OMEN_ASSIGN_OR_RETURN(ExprPtr forward, BindRange(node, bounds[0], bounds[1]));
  if (!symmetric) return forward;
  OMEN_ASSIGN_OR_RETURN(ExprPtr backward, BindRange(node, bounds[1], bounds[0]));
  std::vector<ExprPtr> both;
  both.push_back(std::move(forward));
  both.push_back(std::move(backward));
  const bool negated = node.kind == AEXPR_NOT_BETWEEN_SYM;
  return Combine(negated ? ExprKind::kAnd : ExprKind::kOr, std::move(both), node.location);
}

}  // namespace omen::sql
