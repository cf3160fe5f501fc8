// Choosing one type for several expressions, and polymorphic arguments.

#include <fmt/format.h>

#include "sql/typing/coerce.h"

namespace omen::sql {
namespace {

Status CannotMatch(std::string_view construct, Oid a, Oid b, int location) {
  return Status(sqlstate::kDatatypeMismatch, fmt::format("{} types {} and {} cannot be matched",
                                                         construct, NameOf(a), NameOf(b)))
      .At(location);
}

/// What polymorphic arguments agree on so far.
struct Polymorphic {
  Oid element = 0;
  Oid array = 0;
  std::vector<Oid> compatible;  // actual element types of the anycompatible family
  bool compatible_seen = false;
};

Status Mismatch(std::string text, std::string detail) {
  return Status(sqlstate::kDatatypeMismatch, std::move(text)).Detail(std::move(detail));
}

Status AddElement(Oid actual, Polymorphic* found) {
  if (actual == oid::kUnknown) return Status::Ok();
  if (found->element != 0 && found->element != actual) {
    return Mismatch("arguments declared \"anyelement\" are not all alike",
                    fmt::format("{} versus {}", NameOf(found->element), NameOf(actual)));
  }
  found->element = actual;
  return Status::Ok();
}

Status AddArray(Oid actual, Polymorphic* found) {
  if (actual == oid::kUnknown) return Status::Ok();
  if (found->array != 0 && found->array != actual) {
    return Mismatch("arguments declared \"anyarray\" are not all alike",
                    fmt::format("{} versus {}", NameOf(found->array), NameOf(actual)));
  }
  if (ElementOf(actual) == 0) {
    return Status(
        sqlstate::kDatatypeMismatch,
        fmt::format("argument declared anyarray is not an array but type {}", NameOf(actual)));
  }
  found->array = actual;
  return Status::Ok();
}

Status Gather(Oid actual, Oid declared, Polymorphic* found) {
  switch (declared) {
    case oid::kAnyelement:
    case oid::kAnynonarray:
      return AddElement(actual, found);
    case oid::kAnyarray:
      return AddArray(actual, found);
    case kAnycompatible:
    case kAnycompatiblenonarray:
      found->compatible_seen = true;
      if (actual != oid::kUnknown) found->compatible.push_back(actual);
      return Status::Ok();
    case kAnycompatiblearray:
      found->compatible_seen = true;
      if (actual == oid::kUnknown) return Status::Ok();
      if (ElementOf(actual) == 0) {
        return Status(
            sqlstate::kDatatypeMismatch,
            fmt::format("argument declared anycompatiblearray is not an array but type {}",
                        NameOf(actual)));
      }
      found->compatible.push_back(ElementOf(actual));
      return Status::Ok();
    default:
      return Status::Ok();
  }
}

/// select_common_type over bare types; kInvalid when they do not match.
Oid CommonOf(const std::vector<Oid>& types) {
  if (types.empty()) return oid::kText;
  Oid best = types[0];
  for (Oid type : types) {
    if (type == best) continue;
    if (CategoryOf(type) != CategoryOf(best)) return oid::kInvalid;
    if (!IsPreferred(CategoryOf(best), best) && CanCoerce(best, type, CastContext::kImplicit) &&
        !CanCoerce(type, best, CastContext::kImplicit)) {
      best = type;
    }
  }
  return best;
}

Status ReconcileElement(Polymorphic* found) {
  if (found->array == 0) return Status::Ok();
  Oid element = ElementOf(found->array);
  if (found->element == 0) {
    found->element = element;
  } else if (found->element != element) {
    return Mismatch(
        "argument declared anyarray is not consistent with argument declared anyelement",
        fmt::format("{} versus {}", NameOf(found->array), NameOf(found->element)));
  }
  return Status::Ok();
}

Result<Polymorphic> GatherAll(std::span<const Oid> actual, std::span<const Oid> declared) {
  Polymorphic found;
  for (size_t i = 0; i < actual.size(); ++i) {
    OMEN_RETURN_IF_ERROR(Gather(actual[i], declared[i], &found));
  }
  OMEN_RETURN_IF_ERROR(ReconcileElement(&found));
  return found;
}

bool IsCompatibleFamily(Oid type) {
  return type >= kAnycompatible && type <= kAnycompatiblenonarray;
}

/// The actual type a declared one stands for; kInvalid where nothing tells.
Oid Substitute(Oid declared, const Polymorphic& found, Oid compatible) {
  switch (declared) {
    case oid::kAnyelement:
    case oid::kAnynonarray:
      return found.element;
    case oid::kAnyarray:
      return found.array != 0 ? found.array : ArrayOver(found.element);
    case kAnycompatible:
    case kAnycompatiblenonarray:
      return compatible;
    case kAnycompatiblearray:
      return ArrayOver(compatible);
    default:
      return declared;
  }
}

}  // namespace

Result<Oid> CommonType(const std::vector<const Expr*>& exprs, std::string_view construct) {
  Oid best = exprs[0]->type.oid;
  for (const Expr* expr : exprs) {
    Oid type = expr->type.oid;
    if (type == oid::kUnknown || type == best) continue;
    if (best == oid::kUnknown) {
      best = type;
    } else if (CategoryOf(type) != CategoryOf(best)) {
      if (construct.empty()) return oid::kInvalid;
      return CannotMatch(construct, best, type, LocationOf(*expr));
    } else if (!IsPreferred(CategoryOf(best), best) &&
               CanCoerce(best, type, CastContext::kImplicit) &&
               !CanCoerce(type, best, CastContext::kImplicit)) {
      best = type;
    }
  }
  return best == oid::kUnknown ? oid::kText : best;
}

int32_t CommonTypmod(const std::vector<const Expr*>& exprs, Oid type) {
  int32_t typmod = exprs.empty() ? -1 : exprs[0]->type.typmod;
  for (const Expr* expr : exprs) {
    if (expr->type.oid != type || expr->type.typmod != typmod) return -1;
  }
  return typmod;
}

ExprResult CoerceToCommon(BindState* state, ExprPtr expr, Oid target, std::string_view construct) {
  Oid from = expr->type.oid;
  if (from == target) return expr;
  int location = LocationOf(*expr);
  OMEN_ASSIGN_OR_RETURN(ExprPtr result,
                        Coerce(state, std::move(expr), {target, -1}, CastContext::kImplicit));
  if (result) return result;
  return Status(sqlstate::kCannotCoerce, fmt::format("{} could not convert type {} to {}",
                                                     construct, NameOf(from), NameOf(target)))
      .At(location);
}

ExprPtr WithBlanks(BindState* state, ExprPtr expr) {
  if (state->as_written() || !HasHiddenBlanks(expr->type)) return expr;
  const Oid oid = expr->type.oid == oid::kBpchar ? functions::kPadBlanks : functions::kPadElements;
  auto call = std::make_unique<Expr>(ExprKind::kFunction, Type{expr->type.oid}, expr->location);
  call->function = functions::Registry::Instance().FindFunction(oid);
  call->args.push_back(std::move(expr));
  const int32_t width = call->args[0]->type.typmod - 4;
  call->args.push_back(MakeConst({oid::kInt4}, Value::Int(width), call->location));
  return Fold(state, std::move(call));
}

bool PolymorphicFits(std::span<const Oid> actual, std::span<const Oid> declared) {
  auto found = GatherAll(actual, declared);
  if (!found.ok()) return false;
  for (size_t i = 0; i < actual.size(); ++i) {
    if (declared[i] == oid::kAnynonarray && ElementOf(found->element) != 0) return false;
  }
  return !found->compatible_seen || CommonOf(found->compatible) != oid::kInvalid;
}

Result<Oid> ResolvePolymorphic(std::span<const Oid> actual, std::vector<Oid>* declared,
                               Oid result) {
  bool any = IsPolymorphic(result);
  for (Oid type : *declared) any |= IsPolymorphic(type);
  if (!any) return result;
  OMEN_ASSIGN_OR_RETURN(Polymorphic found, GatherAll(actual, *declared));
  Oid compatible = CommonOf(found.compatible);
  for (Oid& type : *declared) {
    if (!IsPolymorphic(type)) continue;
    Oid concrete = Substitute(type, found, compatible);
    if (concrete == 0 && !IsCompatibleFamily(type)) {
      return Status(sqlstate::kDatatypeMismatch,
                    "could not determine polymorphic type because input has type unknown");
    }
    type = concrete;
  }
  Oid concrete = Substitute(result, found, compatible);
  if (concrete == 0) {
    return Status(sqlstate::kUndefinedObject,
                  fmt::format("could not find array type for data type {}", NameOf(found.element)));
  }
  return concrete;
}

}  // namespace omen::sql
