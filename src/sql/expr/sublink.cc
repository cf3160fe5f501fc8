#include "sql/expr/sublink.h"

#include <fmt/format.h>

#include "sql/operand/row_comparison.h"
#include "sql/typing/coerce.h"
#include "sql/typing/resolve.h"
#include "sql/typing/rewrite.h"

// PostgreSQL's headers come last.
#include "sql/grammar/internal/pg_nodes.h"

namespace omen::sql {
namespace {

/// The place that takes no subquery, as PostgreSQL's message names it; empty elsewhere.
std::string_view PlaceWithoutSubquery(Clause clause) {
  switch (clause) {
    case Clause::kColumnDefault:
      return "DEFAULT expression";
    case Clause::kCheck:
      return "check constraint";
    case Clause::kAlterUsing:
      return "transform expression";
    case Clause::kExecute:
      return "EXECUTE parameter";
    default:
      return {};
  }
}

}  // namespace

Result<QueryPtr> SublinkBinder::BindQuery(const Node* node) {
  if (const std::string_view place = PlaceWithoutSubquery(binding_.scope()->clause);
      !place.empty()) {
    return Status(sqlstate::kFeatureNotSupported, fmt::format("cannot use subquery in {}", place));
  }
  return binding_.subqueries().Bind(binding_, node);
}

ExprResult SublinkBinder::Bind(const SubLink& node) {
  auto bound = BindQuery(node.subselect);
  if (!bound.ok()) {
    Status status = std::move(bound).status();
    if (status.error().byte_offset < 0) return std::move(status).At(node.location);
    return status;
  }
  QueryPtr query = std::move(*bound);
  if (node.subLinkType == ANY_SUBLINK || node.subLinkType == ALL_SUBLINK) {
    return BindQuantified(node, std::move(query));
  }
  if (node.subLinkType == EXISTS_SUBLINK) {
    auto exists = std::make_unique<Expr>(ExprKind::kExists, Type{oid::kBool}, node.location);
    exists->subquery = std::move(query);
    return exists;
  }
  if (query->Outputs().size() != 1) {
    return Status(sqlstate::kSyntaxError, "subquery must return only one column").At(node.location);
  }
  Type type = query->Outputs()[0].type;
  bool is_array = node.subLinkType == ARRAY_SUBLINK;
  if (is_array) {
    Oid array = ArrayOver(type.oid);
    if (array == 0) {
      return Status(sqlstate::kUndefinedObject,
                    fmt::format("could not find array type for data type {}", NameOf(type.oid)))
          .At(node.location);
    }
    type.oid = array;
  }
  auto expr = std::make_unique<Expr>(is_array ? ExprKind::kArraySubquery : ExprKind::kSubquery,
                                     type, node.location);
  expr->subquery = std::move(query);
  return expr;
}

ExprResult SublinkBinder::BindQuantified(const SubLink& node, QueryPtr query) {
  OMEN_ASSIGN_OR_RETURN(ExprPtr left, exprs_.Bind(node.testexpr));
  std::vector<ExprPtr> lefts;
  if (left->kind == ExprKind::kRow) {
    lefts = std::move(left->args);
  } else {
    lefts.push_back(std::move(left));
  }
  std::string name = node.operName == nullptr ? "=" : Text(Items<>(node.operName).back());
  const bool all = node.subLinkType == ALL_SUBLINK;
  return CompareWithRows(binding_.state(), std::move(lefts), std::move(name),
                         all ? Quantifier::kAll : Quantifier::kAny, std::move(query),
                         node.location);
}

ExprResult CompareWithRows(BindState* state, std::vector<ExprPtr> lefts, std::string name,
                           Quantifier quantifier, QueryPtr query, int location) {
  std::vector<OutputColumn> columns = query->Outputs();
  if (columns.size() != lefts.size()) {
    return Status(sqlstate::kSyntaxError, columns.size() < lefts.size()
                                              ? "subquery has too few columns"
                                              : "subquery has too many columns")
        .At(location);
  }
  // Rows differ where one of their columns does: not what `<>` column by column says.
  const bool differ = columns.size() > 1 && name == "<>";
  if (differ) {
    OMEN_RETURN_IF_ERROR(state->CannotWrite("the text of <> between rows"));
    name = "=";
    if (quantifier != Quantifier::kOne) {
      quantifier = quantifier == Quantifier::kAll ? Quantifier::kAny : Quantifier::kAll;
    }
  }
  const bool orders = name == "<" || name == "<=" || name == ">" || name == ">=";
  if (columns.size() > 1 && name != "=" && !orders) {
    return UnknownRowOperator(name).At(location);
  }
  auto expr = std::make_unique<Expr>(ExprKind::kInSubquery, Type{oid::kBool}, location);
  expr->quantifier = quantifier;
  std::vector<Type> types;
  for (size_t i = 0; i < lefts.size(); ++i) {
    OMEN_ASSIGN_OR_RETURN(const functions::Operator* op,
                          NeedOperator(name, lefts[i]->type.oid, columns[i].type.oid, location));
    if (op->function->result != oid::kBool) {
      return Status(sqlstate::kDatatypeMismatch,
                    fmt::format("row comparison operator must yield type "
                                "boolean, not type {}",
                                NameOf(op->function->result)))
          .At(location);
    }
    std::vector<Oid> actual{lefts[i]->type.oid, columns[i].type.oid};
    std::vector<Oid> declared{op->left, op->right};
    OMEN_ASSIGN_OR_RETURN([[maybe_unused]] Oid result,
                          ResolvePolymorphic(actual, &declared, oid::kBool));
    OMEN_ASSIGN_OR_RETURN(lefts[i], CoerceArgument(state, std::move(lefts[i]), declared[0]));
    types.push_back(declared[1] == columns[i].type.oid ? columns[i].type : Type{declared[1]});
    expr->ops.push_back(op);
  }
  OMEN_ASSIGN_OR_RETURN(expr->subquery, CoerceOutputs(state, std::move(query), types, "subquery"));
  expr->op = expr->ops[0];
  expr->function = expr->op->function;
  expr->args = std::move(lefts);
  if (!differ) return expr;
  auto negation = std::make_unique<Expr>(ExprKind::kNot, Type{oid::kBool}, location);
  negation->args.push_back(std::move(expr));
  return negation;
}

}  // namespace omen::sql
