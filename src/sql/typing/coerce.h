// PostgreSQL's coercion rules (parse_coerce.c): which types become which, in which
// context, and the expressions that do it.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "sql/typing/state.h"

namespace omen::sql {

using functions::CastContext;
using functions::CastMethod;

inline constexpr Oid kAnycompatible = 5077, kAnycompatiblearray = 5078,
                     kAnycompatiblenonarray = 5079;

TypeCategory CategoryOf(Oid type);
bool IsPreferred(TypeCategory category, Oid type);
bool IsPolymorphic(Oid type);
/// The element type of an array type, else 0.
Oid ElementOf(Oid type);
/// The array type over a type, else 0.
Oid ArrayOver(Oid type);
/// format_type() of a bare type, as error messages name it.
std::string NameOf(Oid type);
/// Where an expression begins in the text, as error positions give it.
int LocationOf(const Expr& expr);
inline bool IsUnknown(const Expr& expr) { return expr.type.oid == oid::kUnknown; }

struct Pathway {
  bool found = false;
  CastMethod method = CastMethod::kBinary;
  const functions::Function* function = nullptr;
};
Pathway FindPathway(Oid from, Oid to, CastContext context);
bool CanCoerce(Oid from, Oid to, CastContext context);
bool CanCoerceAll(std::span<const Oid> from, std::span<const Oid> to, CastContext context);

/// `expr` as `target`, or null when there is no way. Unknown literals become constants,
/// untyped parameters take the target's type. `explicit_cast` also rules typmod errors.
ExprResult Coerce(BindState* state, ExprPtr expr, Type target, CastContext context);
/// Like Coerce with an implicit context, for operator and function arguments.
ExprResult CoerceArgument(BindState* state, ExprPtr expr, Oid target);
/// 42804 "argument of <construct> must be type <target>, not type <other>".
ExprResult CoerceTo(BindState* state, ExprPtr expr, Oid target, std::string_view construct);
inline ExprResult CoerceToBool(BindState* state, ExprPtr expr, std::string_view construct) {
  return CoerceTo(state, std::move(expr), oid::kBool, construct);
}
/// An unknown literal or untyped parameter as text; anything else as it is.
ExprResult ResolveUnknown(BindState* state, ExprPtr expr);

/// The common type of UNION, CASE, VALUES...: 42804 naming `construct`, unless
/// `construct` is empty: then kInvalid.
Result<Oid> CommonType(const std::vector<const Expr*>& exprs, std::string_view construct);
/// The shared modifier where every expression has that type and modifier, else -1.
int32_t CommonTypmod(const std::vector<const Expr*>& exprs, Oid type);
/// Implicitly coerces to a common type; 42846 naming `construct`.
ExprResult CoerceToCommon(BindState* state, ExprPtr expr, Oid target, std::string_view construct);

/// Replaces polymorphic `declared` types by what the actual ones imply; the resolved result
/// type, or an error (42804).
Result<Oid> ResolvePolymorphic(std::span<const Oid> actual, std::vector<Oid>* declared, Oid result);
/// True when the actual types fit the polymorphic declared ones together.
bool PolymorphicFits(std::span<const Oid> actual, std::span<const Oid> declared);

/// char(n), or an array of them, whose width a place does not keep: with its blanks. Anything
/// else as it is.
ExprPtr WithBlanks(BindState* state, ExprPtr expr);
inline bool HasHiddenBlanks(Type type) {
  return type.typmod >= 0 && (type.oid == oid::kBpchar || type.oid == oid::kBpcharArray);
}

/// Computes a function, operator or cast over constants where that is sure to give what
/// run time would; otherwise, and under as_written, the expression as it is.
ExprPtr Fold(BindState* state, ExprPtr expr);

/// Reads a literal as a type: the constant, or the error at its place.
ExprResult LiteralAs(BindState* state, std::string_view text, Type type, bool explicit_cast,
                     int location);

}  // namespace omen::sql
