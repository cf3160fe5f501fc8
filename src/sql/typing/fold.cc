// Constants: literals read as a type, and functions computed at bind time.

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "functions/kernel/watched.h"
#include "sql/typing/coerce.h"
#include "sql/typing/names.h"

namespace omen::sql {
namespace {

using functions::CallArgs;
using functions::CallContext;
using functions::Function;
using functions::Volatility;

bool AllConst(const Expr& expr) {
  return std::all_of(expr.args.begin(), expr.args.end(), [](const ExprPtr& arg) {
    return arg->kind == ExprKind::kConst && !IsUnknown(*arg);
  });
}

/// Calls a kernel over the constant arguments; false when it must be left to run time.
bool CallKernel(BindState* state, const Function& function, const Expr& expr, Value* out) {
  if (function.kernel == nullptr || function.returns_set ||
      function.volatility != Volatility::kImmutable) {
    return false;
  }
  std::vector<Value> values;
  std::vector<Type> types;
  for (const ExprPtr& arg : expr.args) {
    if (function.strict && arg->value.is_null()) {
      *out = Value::Null();
      return true;
    }
    values.push_back(arg->value);
    types.push_back(arg->type);
  }
  CallContext context;
  context.style = state->context.style;
  CallArgs args{values, types, expr.type};
  return functions::WatchedConstant(context, [&] { return function.kernel(context, args, out); })
      .ok();
}

/// Types whose text form does not depend on settings.
bool HasStableText(Oid type) {
  const TypeInfo& info = InfoOf(type);
  constexpr uint8_t kAny = kTextOnStyle | kTextOnZone | kTextOnNames | kTextOnClock;
  return (info.facts & kAny) == 0 && info.element == oid::kInvalid &&
         info.category != TypeCategory::kPseudo && info.category != TypeCategory::kUnknown;
}

bool CastValue(BindState* state, const Expr& cast, Value* out) {
  const Expr& from = *cast.args[0];
  if (from.value.is_null()) {
    *out = Value::Null();
    return true;
  }
  bool arrays = ElementOf(from.type.oid) != 0 && ElementOf(cast.type.oid) != 0;
  if (arrays && from.type.oid != cast.type.oid) return false;
  switch (cast.cast_method) {
    case CastMethod::kBinary:
      *out = from.value;
      break;
    case CastMethod::kFunction:
      if (!CallKernel(state, *cast.function, cast, out)) return false;
      break;
    case CastMethod::kInOut: {
      if (!HasStableText(from.type.oid) || !HasStableText(cast.type.oid)) return false;
      const auto parse = [&] {
        return ParseText({cast.type.oid, -1}, ToText(from.type, from.value));
      };
      auto parsed = functions::WatchedConstant({}, parse);
      if (!parsed.ok()) return false;
      *out = std::move(*parsed);
      break;
    }
  }
  if (cast.type.typmod < 0 || out->is_null()) return true;
  auto shaped = ApplyTypmod(cast.type, *out, cast.explicit_cast);
  if (!shaped.ok()) return false;
  *out = std::move(*shaped);
  return true;
}

bool MakeArray(const Expr& expr, Value* out) {
  ArrayData array;
  array.element = ElementOf(expr.type.oid);
  for (const ExprPtr& arg : expr.args) {
    if (arg->type.oid != array.element) return false;
    array.elements.push_back(arg->value);
  }
  *out = Value::Array(std::move(array));
  return true;
}

bool IsDateTime(Oid type) {
  return type == oid::kDate || type == oid::kTime || type == oid::kTimestamp ||
         type == oid::kTimestamptz;
}

/// True for literals like 'now' and 'today'.
bool DependsOnClock(Oid type, std::string_view text) {
  Oid element = ElementOf(type);
  if (!IsDateTime(element != 0 ? element : type)) return false;
  std::string lower;
  for (char c : text) lower += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  for (std::string_view word : {"now", "today", "tomorrow", "yesterday"}) {
    if (lower.find(word) != std::string::npos) return true;
  }
  return false;
}

/// Those, and zoned ones: the session decides.
bool DependsOnSession(Oid type, std::string_view text) {
  const Oid element = ElementOf(type);
  return (element != 0 ? element : type) == oid::kTimestamptz || DependsOnClock(type, text);
}

}  // namespace

ExprPtr Fold(BindState* state, ExprPtr expr) {
  if (state->as_written() || !AllConst(*expr)) return expr;
  Value value;
  bool done = false;
  switch (expr->kind) {
    case ExprKind::kFunction:
      done = CallKernel(state, *expr->function, *expr, &value);
      break;
    case ExprKind::kCast:
      done = CastValue(state, *expr, &value);
      break;
    case ExprKind::kArray:
      done = MakeArray(*expr, &value);
      break;
    default:
      break;
  }
  if (!done) return expr;
  return MakeConst(expr->type, std::move(value), expr->location);
}

ExprResult LiteralAs(BindState* state, std::string_view text, Type type, bool explicit_cast,
                     int location) {
  if (IsNameReference(type.oid)) return NameLiteral(state, text, type, location);
  if (DependsOnSession(type.oid, text)) state->statement->session_literals = true;
  if (DependsOnClock(type.oid, text)) {
    OMEN_RETURN_IF_ERROR(state->CannotWrite("a literal that the clock decides"));
  }
  auto parsed = ParseText({type.oid, type.oid == oid::kInterval ? type.typmod : -1}, text,
                          state->context.style, state->context.transaction_micros);
  if (!parsed.ok()) return std::move(parsed).status().At(location);
  Value value = std::move(*parsed);
  if (type.typmod >= 0 && type.oid != oid::kInterval) {
    auto shaped = ApplyTypmod(type, std::move(value), explicit_cast);
    if (!shaped.ok()) return std::move(shaped).status().At(location);
    value = std::move(*shaped);
  }
  return MakeConst(type, std::move(value), location);
}

}  // namespace omen::sql
