#include "sql/expr/array.h"

#include <fmt/format.h>

#include <algorithm>

#include "sql/operand/casts.h"
#include "sql/typing/coerce.h"

// PostgreSQL's headers come last.
#include "sql/grammar/internal/pg_nodes.h"

namespace omen::sql {

ExprResult ArrayBinder::BindArray(const A_ArrayExpr& node, Type target) {
  std::vector<ExprPtr> elements;
  for (const Node* element : Items<>(node.elements)) {
    if (NodeAs<A_ArrayExpr>(element, T_A_ArrayExpr) != nullptr) {
      return NotSupported("arrays of more than one dimension").At(node.location);
    }
    OMEN_ASSIGN_OR_RETURN(ExprPtr bound, exprs_.Bind(element));
    if (ElementOf(bound->type.oid) != 0 && target.oid == 0) {
      return NotSupported("arrays of more than one dimension").At(node.location);
    }
    elements.push_back(std::move(bound));
  }
  auto array = std::make_unique<Expr>(ExprKind::kArray, target, node.location);
  if (target.oid != 0) {
    for (ExprPtr& element : elements) {
      OMEN_ASSIGN_OR_RETURN(element, ExplicitCast(binding_.state(), std::move(element),
                                                  {ElementOf(target.oid), target.typmod}, -1));
    }
  } else {
    if (elements.empty()) {
      return Status(sqlstate::kIndeterminateDatatype, "cannot determine type of empty array")
          .Hint("Explicitly cast to the desired type, for example ARRAY[]::integer[].")
          .At(node.location);
    }
    Type element;
    OMEN_RETURN_IF_ERROR(Unify(binding_.state(), &elements, "ARRAY", &element));
    array->type = {ArrayOver(element.oid), element.typmod};
    if (array->type.oid == 0) {
      return Status(sqlstate::kUndefinedObject,
                    fmt::format("could not find array type for data type {}", NameOf(element.oid)))
          .At(node.location);
    }
  }
  const bool to_vector = target.oid == oid::kOidVector || target.oid == oid::kInt2Vector;
  const auto is_null = [](const ExprPtr& element) {
    return element->kind == ExprKind::kConst && element->value.is_null();
  };
  if (to_vector && (elements.empty() || std::ranges::any_of(elements, is_null))) {
    return Status(sqlstate::kDatatypeMismatch,
                  fmt::format("array is not a valid {}", NameOf(target.oid)))
        .At(node.location);
  }
  array->args = std::move(elements);
  return Fold(binding_.state(), std::move(array));
}

ExprResult ArrayBinder::BindIndirection(const A_Indirection& node) {
  OMEN_ASSIGN_OR_RETURN(ExprPtr expr, exprs_.Bind(node.arg));
  // a[1:2][1] is one subscript of two dimensions, not an element of a slice.
  if (Items<>(node.indirection).size() > 1) {
    return NotSupported("a subscript of more than one dimension").At(LocationOf(*expr));
  }
  for (const Node* step : Items<>(node.indirection)) {
    if (NodeAs<A_Indices>(step, T_A_Indices) == nullptr) {
      std::string_view field = NodeAs<::String>(step, T_String) ? Text(step) : "*";
      if (expr->type.oid == oid::kRecord) return NotSupported("selecting a field of a row");
      return Status(sqlstate::kWrongObjectType,
                    fmt::format(
                        "column notation .{} applied to type {}, which is not a composite type",
                        field, NameOf(expr->type.oid)))
          .At(LocationOf(*expr));
    }
    OMEN_ASSIGN_OR_RETURN(expr, BindSubscript(std::move(expr), step));
  }
  return expr;
}

ExprResult ArrayBinder::BindSubscript(ExprPtr base, const Node* node) {
  const auto& indices = As<A_Indices>(node);
  Oid element = ElementOf(base->type.oid);
  if (element == 0) {
    if (base->type.oid == oid::kJsonb) return NotSupported("subscripting of jsonb");
    return Status(sqlstate::kDatatypeMismatch,
                  fmt::format("cannot subscript type {} because it does not support subscripting",
                              NameOf(base->type.oid)))
        .At(base->location);
  }
  int location = base->location;
  bool slice = indices.is_slice;
  auto expr =
      std::make_unique<Expr>(slice ? ExprKind::kSlice : ExprKind::kSubscript,
                             Type{slice ? base->type.oid : element, base->type.typmod}, location);
  expr->args.push_back(std::move(base));
  auto add = [&](const Node* bound) -> Status {
    if (bound == nullptr) {
      expr->args.push_back(MakeConst({oid::kVoid}, Value::Null()));
      return Status::Ok();
    }
    OMEN_ASSIGN_OR_RETURN(ExprPtr index, exprs_.Bind(bound));
    int at = index->location;
    OMEN_ASSIGN_OR_RETURN(
        index, Coerce(binding_.state(), std::move(index), {oid::kInt4}, CastContext::kAssignment));
    if (!index) {
      return Status(sqlstate::kDatatypeMismatch, "array subscript must have type integer").At(at);
    }
    expr->args.push_back(std::move(index));
    return Status::Ok();
  };
  if (slice) OMEN_RETURN_IF_ERROR(add(indices.lidx));
  OMEN_RETURN_IF_ERROR(add(indices.uidx));
  return expr;
}

}  // namespace omen::sql
