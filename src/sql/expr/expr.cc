#include "sql/expr/expr.h"

#include <fmt/format.h>

#include "sql/binding/column.h"
#include "sql/expr/aggregate.h"
#include "sql/expr/array.h"
#include "sql/expr/branch.h"
#include "sql/expr/call.h"
#include "sql/expr/condition.h"
#include "sql/expr/operator.h"
#include "sql/expr/row.h"
#include "sql/expr/sublink.h"
#include "sql/operand/casts.h"
#include "sql/operand/copy.h"
#include "sql/operand/literal.h"
#include "sql/typing/coerce.h"
#include "sql/typing/names.h"

// PostgreSQL's headers come last.
#include "sql/grammar/internal/pg_nodes.h"

namespace omen::sql {

ExprResult ExprBinder::BindExpr(const Node* node, Clause clause) {
  Scope& scope = *binding_.scope();
  const Clause outer = std::exchange(scope.clause, clause);
  auto result = Bind(node);
  scope.clause = outer;
  return result;
}

ExprResult ExprBinder::BindBool(const Node* node, Clause clause) {
  OMEN_ASSIGN_OR_RETURN(ExprPtr expr, BindExpr(node, clause));
  std::string_view construct = clause == Clause::kJoinOn ? "JOIN/ON" : ClauseName(clause);
  return CoerceToBool(binding_.state(), std::move(expr), construct);
}

ExprResult ExprBinder::Bind(const Node* node) {
  DepthGuard guard(binding_.state());
  OMEN_RETURN_IF_ERROR(guard.Check(-1));
  BindState* state = binding_.state();
  if (++state->nodes > state->node_budget) {
    return Status(sqlstate::kTooComplex, "statement is too complex");
  }
  return BindNode(node);
}

ExprResult ExprBinder::BindNode(const Node* node) {
  switch (nodeTag(node)) {
    case T_ColumnRef:
      return ColumnBinder(binding_).Bind(As<ColumnRef>(node));
    case T_A_Const:
      return BindConst(binding_.state(), As<A_Const>(node));
    case T_ParamRef:
      return BindParam(binding_.state(), As<ParamRef>(node));
    case T_A_Expr:
      return OperatorBinder(binding_).Bind(As<A_Expr>(node));
    case T_BoolExpr:
      return ConditionBinder(binding_).BindBoolean(As<BoolExpr>(node));
    case T_FuncCall:
      return CallBinder(binding_).Bind(As<FuncCall>(node));
    case T_TypeCast:
      return BindTypeCast(As<TypeCast>(node));
    case T_SubLink:
      return SublinkBinder(binding_).Bind(As<SubLink>(node));
    case T_CaseExpr:
      return BranchBinder(binding_).BindCase(As<CaseExpr>(node));
    case T_NullTest:
      return ConditionBinder(binding_).BindNullTest(As<NullTest>(node));
    case T_BooleanTest:
      return ConditionBinder(binding_).BindBooleanTest(As<BooleanTest>(node));
    case T_CoalesceExpr:
      return BranchBinder(binding_).BindCoalesce(As<CoalesceExpr>(node));
    case T_MinMaxExpr:
      return BranchBinder(binding_).BindExtreme(As<MinMaxExpr>(node));
    case T_SQLValueFunction:
      return BindValueFunction(binding_.state(), As<SQLValueFunction>(node));
    case T_A_ArrayExpr:
      return ArrayBinder(binding_).BindArray(As<A_ArrayExpr>(node), {});
    case T_RowExpr:
      return RowBinder(binding_).BindRow(As<RowExpr>(node));
    case T_A_Indirection:
      return ArrayBinder(binding_).BindIndirection(As<A_Indirection>(node));
    case T_CollateClause:
      return BindCollate(As<CollateClause>(node));
    case T_GroupingFunc:
      return AggregateBinder(binding_).BindGrouping(As<GroupingFunc>(node));
    case T_SetToDefault:
      return Status(sqlstate::kSyntaxError, "DEFAULT is not allowed in this context")
          .At(As<SetToDefault>(node).location);
    case T_MultiAssignRef:
      return RowBinder(binding_).BindMultiAssign(As<MultiAssignRef>(node));
    case T_NamedArgExpr:
      return NotSupported("named argument notation").At(As<NamedArgExpr>(node).location);
    case T_CurrentOfExpr:
      return NotSupported("WHERE CURRENT OF");
    case T_XmlExpr:
    case T_XmlSerialize:
      return NotSupported("type xml");
    default:
      return NotSupported(
          fmt::format("this kind of expression ({})", static_cast<int>(nodeTag(node))));
  }
}

Result<std::vector<ExprPtr>> ExprBinder::BindAll(const List* nodes) {
  std::vector<ExprPtr> exprs;
  exprs.reserve(static_cast<size_t>(Items<>(nodes).size()));
  for (const Node* node : Items<>(nodes)) {
    OMEN_ASSIGN_OR_RETURN(ExprPtr expr, Bind(node));
    exprs.push_back(std::move(expr));
  }
  return exprs;
}

ExprResult ExprBinder::BindTypeCast(const TypeCast& node) {
  OMEN_ASSIGN_OR_RETURN(Type target, ResolveType(*node.typeName));
  ExprPtr expr;
  if (const auto* array = NodeAs<A_ArrayExpr>(node.arg, T_A_ArrayExpr);
      array != nullptr && ElementOf(target.oid) != 0) {
    OMEN_ASSIGN_OR_RETURN(expr, ArrayBinder(binding_).BindArray(*array, target));
  } else {
    OMEN_ASSIGN_OR_RETURN(expr, Bind(node.arg));
  }
  int location = node.location >= 0 ? node.location : node.typeName->location;
  return ExplicitCast(binding_.state(), std::move(expr), target, location);
}

ExprResult ExprBinder::BindCollate(const CollateClause& node) {
  OMEN_ASSIGN_OR_RETURN(ExprPtr expr, Bind(node.arg));
  std::string_view name = Text(Items<>(node.collname).back());
  if (name != "C" && name != "default" && name != "POSIX" && name != "ucs_basic") {
    return NotSupported(fmt::format("collation \"{}\"", name)).At(node.location);
  }
  OMEN_ASSIGN_OR_RETURN(expr, ResolveUnknown(binding_.state(), std::move(expr)));
  if (CategoryOf(expr->type.oid) != TypeCategory::kString) {
    return Status(sqlstate::kDatatypeMismatch,
                  fmt::format("collations are not supported by type {}", NameOf(expr->type.oid)))
        .At(node.location);
  }
  if (!binding_.as_written()) return expr;
  auto collated = std::make_unique<Expr>(ExprKind::kCast, expr->type, node.location);
  collated->args.push_back(std::move(expr));
  return KeepWriting(binding_.state(), std::move(collated), Wording::Form::kCollate, name);
}

}  // namespace omen::sql
