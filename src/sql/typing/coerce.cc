#include "sql/typing/coerce.h"

#include <fmt/format.h>

namespace omen::sql {
namespace {

bool IsPseudo(Oid type) {
  const TypeInfo* info = FindType(type);
  return info != nullptr && info->category == TypeCategory::kPseudo;
}

/// A pathway without an entry of its own: arrays by element, and through text.
Pathway DerivedPathway(Oid from, Oid to, CastContext context) {
  Oid from_element = ElementOf(from), to_element = ElementOf(to);
  // The vectors of the catalogue are arrays only of one dimension and without nulls.
  const bool to_vector = to == oid::kOidVector || to == oid::kInt2Vector;
  if (from_element != 0 && to_element != 0 && !to_vector) {
    Pathway element = FindPathway(from_element, to_element, context);
    if (element.found) return element;
  }
  if (context >= CastContext::kAssignment && CategoryOf(to) == TypeCategory::kString) {
    return {true, CastMethod::kInOut};
  }
  if (context >= CastContext::kExplicit && CategoryOf(from) == TypeCategory::kString) {
    return {true, CastMethod::kInOut};
  }
  return {};
}

ExprPtr MakeCast(ExprPtr expr, Type target, const Pathway& path, bool explicit_cast) {
  auto cast = std::make_unique<Expr>(ExprKind::kCast, target, expr->location);
  cast->cast_method = path.method;
  cast->function = path.function;
  cast->explicit_cast = explicit_cast;
  cast->args.push_back(std::move(expr));
  return cast;
}

/// Adds the type's modifier where the expression does not already have it.
ExprPtr CoerceTypmod(BindState* state, ExprPtr expr, Type target, bool explicit_cast) {
  if (target.typmod < 0 || expr->type.typmod == target.typmod) return expr;
  if (expr->kind == ExprKind::kCast && expr->type.typmod < 0 &&
      expr->explicit_cast == explicit_cast) {
    expr->type = target;
    return expr;
  }
  Pathway none{true, CastMethod::kBinary};
  return Fold(state, MakeCast(std::move(expr), target, none, explicit_cast));
}

/// Gives an untyped parameter the type it is used as.
ExprResult CoerceParam(BindState* state, ExprPtr expr, Oid target) {
  Type& known = state->params[static_cast<size_t>(expr->param_index)];
  if (known.oid == oid::kUnknown || known.oid == oid::kInvalid) {
    known = {target, -1};
  } else if (known.oid != target) {
    return Status(
               sqlstate::kAmbiguousParameter,
               fmt::format("inconsistent types deduced for parameter ${}", expr->param_index + 1))
        .Detail(fmt::format("{} versus {}", NameOf(known.oid), NameOf(target)))
        .At(expr->location);
  }
  expr->type = {target, -1};
  return expr;
}

/// Coerces without regard to modifiers; null when there is no way.
ExprResult CoerceBare(BindState* state, ExprPtr expr, Type target, CastContext context) {
  Oid from = expr->type.oid, to = target.oid;
  if (from == to || to == oid::kAny || to == oid::kInvalid) return expr;
  if (IsPolymorphic(to)) return expr;
  bool is_explicit = context == CastContext::kExplicit;
  if (from == oid::kUnknown && expr->kind == ExprKind::kParam) {
    if (IsPseudo(to)) return ExprPtr();
    return CoerceParam(state, std::move(expr), to);
  }
  if (from == oid::kUnknown && expr->kind == ExprKind::kConst) {
    if (expr->value.is_null()) return MakeConst({to, -1}, Value::Null(), expr->location);
    int32_t typmod = to == oid::kInterval ? target.typmod : -1;
    return LiteralAs(state, expr->value.AsBytes(), {to, typmod}, is_explicit, expr->location);
  }
  Pathway path = FindPathway(from, to, context);
  if (!path.found) return ExprPtr();
  return Fold(state, MakeCast(std::move(expr), {to, -1}, path, is_explicit));
}

}  // namespace

TypeCategory CategoryOf(Oid type) {
  const TypeInfo* info = FindType(type);
  return info ? info->category : TypeCategory::kUser;
}

bool IsPreferred(TypeCategory category, Oid type) {
  const TypeInfo* info = FindType(type);
  return info != nullptr && info->category == category && info->preferred;
}

bool IsPolymorphic(Oid type) {
  return type == oid::kAnyelement || type == oid::kAnyarray || type == oid::kAnynonarray ||
         (type >= kAnycompatible && type <= kAnycompatiblenonarray);
}

Oid ElementOf(Oid type) {
  const TypeInfo* info = FindType(type);
  return info ? info->element : 0;
}

Oid ArrayOver(Oid type) {
  const TypeInfo* info = FindType(type);
  return info ? info->array : 0;
}

std::string NameOf(Oid type) {
  const TypeInfo* info = FindType(type);
  return info ? std::string(info->sql_name) : fmt::format("type {}", type);
}

int LocationOf(const Expr& expr) {
  int leftmost = expr.location;
  switch (expr.kind) {
    case ExprKind::kFunction:
    case ExprKind::kCast:
    case ExprKind::kAnd:
    case ExprKind::kOr:
    case ExprKind::kNot:
    case ExprKind::kIsNull:
    case ExprKind::kIsNotNull:
    case ExprKind::kIsDistinct:
    case ExprKind::kIsNotDistinct:
    case ExprKind::kNullIf:
    case ExprKind::kAny:
    case ExprKind::kAll:
    case ExprKind::kInList:
    case ExprKind::kInSubquery:
      for (const ExprPtr& arg : expr.args) {
        int location = LocationOf(*arg);
        if (location >= 0 && (leftmost < 0 || location < leftmost)) leftmost = location;
      }
      break;
    default:
      break;
  }
  return leftmost;
}

Pathway FindPathway(Oid from, Oid to, CastContext context) {
  if (from == to) return {true, CastMethod::kBinary};
  if (const functions::Cast* cast = functions::Registry::Instance().FindCast(from, to)) {
    if (context < cast->context) return {};
    return {true, cast->method, cast->function};
  }
  return DerivedPathway(from, to, context);
}

bool CanCoerce(Oid from, Oid to, CastContext context) {
  if (from == to || to == oid::kAny || from == oid::kUnknown) return true;
  if (IsPolymorphic(to)) return true;
  return FindPathway(from, to, context).found;
}

bool CanCoerceAll(std::span<const Oid> from, std::span<const Oid> to, CastContext context) {
  bool polymorphic = false;
  for (size_t i = 0; i < from.size(); ++i) {
    if (!CanCoerce(from[i], to[i], context)) return false;
    polymorphic |= IsPolymorphic(to[i]);
  }
  return !polymorphic || PolymorphicFits(from, to);
}

ExprResult Coerce(BindState* state, ExprPtr expr, Type target, CastContext context) {
  bool is_explicit = context == CastContext::kExplicit;
  Oid from = expr->type.oid;
  OMEN_ASSIGN_OR_RETURN(ExprPtr result, CoerceBare(state, std::move(expr), target, context));
  if (!result) return result;
  bool literal_interval = from == oid::kUnknown && target.oid == oid::kInterval;
  if (literal_interval && result->kind == ExprKind::kConst) result->type.typmod = target.typmod;
  if (state->as_written() && is_explicit && target.typmod < 0 && result->type.typmod >= 0) {
    Pathway none{true, CastMethod::kBinary};
    return MakeCast(std::move(result), {target.oid, -1}, none, true);
  }
  if (target.typmod < 0 && context != CastContext::kImplicit) {
    return WithBlanks(state, std::move(result));
  }
  return CoerceTypmod(state, std::move(result), target, is_explicit);
}

ExprResult CoerceArgument(BindState* state, ExprPtr expr, Oid target) {
  Oid from = expr->type.oid;
  int location = LocationOf(*expr);
  OMEN_ASSIGN_OR_RETURN(ExprPtr result,
                        CoerceBare(state, std::move(expr), {target, -1}, CastContext::kImplicit));
  if (result) return result;
  return Status(sqlstate::kCannotCoerce,
                fmt::format("cannot cast type {} to {}", NameOf(from), NameOf(target)))
      .At(location);
}

ExprResult CoerceTo(BindState* state, ExprPtr expr, Oid target, std::string_view construct) {
  Oid from = expr->type.oid;
  if (from == target) return expr;
  int location = LocationOf(*expr);
  OMEN_ASSIGN_OR_RETURN(ExprPtr result,
                        Coerce(state, std::move(expr), {target, -1}, CastContext::kAssignment));
  if (result) return result;
  return Status(sqlstate::kDatatypeMismatch,
                fmt::format("argument of {} must be type {}, not type {}", construct,
                            NameOf(target), NameOf(from)))
      .At(location);
}

ExprResult ResolveUnknown(BindState* state, ExprPtr expr) {
  if (!IsUnknown(*expr)) return expr;
  return Coerce(state, std::move(expr), {oid::kText, -1}, CastContext::kImplicit);
}

}  // namespace omen::sql
