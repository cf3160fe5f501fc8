#include "sql/operand/casts.h"

#include <fmt/format.h>

#include "sql/typing/coerce.h"

namespace omen::sql {

ExprResult ExplicitCast(BindState* state, ExprPtr expr, Type target, int location) {
  Oid from = expr->type.oid;
  int at = location >= 0 ? location : LocationOf(*expr);
  OMEN_ASSIGN_OR_RETURN(ExprPtr cast,
                        Coerce(state, std::move(expr), target, CastContext::kExplicit));
  if (cast) return cast;
  return Status(sqlstate::kCannotCoerce,
                fmt::format("cannot cast type {} to {}", NameOf(from), NameOf(target.oid)))
      .At(at);
}

Status Unify(BindState* state, std::vector<ExprPtr>* exprs, std::string_view construct,
             Type* type) {
  std::vector<const Expr*> views;
  for (const ExprPtr& expr : *exprs) views.push_back(expr.get());
  OMEN_ASSIGN_OR_RETURN(Oid common, CommonType(views, construct));
  for (ExprPtr& expr : *exprs) {
    OMEN_ASSIGN_OR_RETURN(expr, CoerceToCommon(state, std::move(expr), common, construct));
  }
  views.clear();
  for (const ExprPtr& expr : *exprs) views.push_back(expr.get());
  *type = {common, CommonTypmod(views, common)};
  if (type->typmod < 0) {
    for (ExprPtr& expr : *exprs) expr = WithBlanks(state, std::move(expr));
  }
  return Status::Ok();
}

ExprResult CoerceToColumn(BindState* state, ExprPtr expr, const catalog::Column& column) {
  Oid from = expr->type.oid;
  int location = LocationOf(*expr);
  OMEN_ASSIGN_OR_RETURN(ExprPtr value,
                        Coerce(state, std::move(expr), column.type, CastContext::kAssignment));
  if (value) return value;
  return Status(sqlstate::kDatatypeMismatch,
                fmt::format("column \"{}\" is of type {} but expression is of type {}", column.name,
                            NameOf(column.type.oid), NameOf(from)))
      .Hint("You will need to rewrite or cast the expression.")
      .At(location);
}

}  // namespace omen::sql
