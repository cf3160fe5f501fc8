// Constant folding with the server's own kernels: DuckDB then sees plain literals, which it
// can push into scans, and both engines agree on their value.
#include <algorithm>
#include <cctype>

#include "sql/duckdb_printer.h"

namespace omen::sql::duckdb {

namespace {

bool IsDatetime(Oid type) {
  TypeCategory category = InfoOf(type).category;
  return category == TypeCategory::kDateTime || category == TypeCategory::kTimespan;
}

bool RunKernel(const functions::Function& function, const std::vector<ExprPtr>& args, Type result,
               Value* out) {
  if (function.volatility != functions::Volatility::kImmutable || function.returns_set ||
      function.kernel == nullptr) {
    return false;
  }
  std::vector<Value> values;
  std::vector<Type> types;
  for (const ExprPtr& arg : args) {
    values.push_back(arg->value);
    types.push_back(arg->type);
    if (arg->value.is_null() && function.strict) {
      *out = Value::Null();
      return true;
    }
  }
  functions::CallContext context;
  return function.kernel(context, {values, types, result}, out).ok();
}

/// Text to value only where no setting and no clock has a say.
bool CastThroughText(const Expr& arg, Type to, Value* out) {
  if (arg.value.is_null()) {
    *out = Value::Null();
    return true;
  }
  bool reads_clock = IsDatetime(to.oid);
  bool prints_zone = arg.type.oid == oid::kTimestamptz || to.oid == oid::kTimestamptz;
  const TypeInfo& from = InfoOf(arg.type.oid);
  if (prints_zone || from.element != 0 || InfoOf(to.oid).element != 0) return false;
  std::string text = ToText(arg.type, arg.value);
  if (reads_clock && std::ranges::any_of(text, [](unsigned char c) { return std::isalpha(c); })) {
    return false;
  }
  Result<Value> parsed = ParseText({to.oid, -1}, text);
  if (!parsed.ok()) return false;
  *out = std::move(*parsed);
  return true;
}

bool IsReg(Oid type) {
  return type == oid::kRegclass || type == oid::kRegproc || type == oid::kRegtype ||
         type == oid::kRegnamespace;
}

bool FoldCast(const Expr& expr, const std::vector<ExprPtr>& args, Value* out) {
  if (IsReg(expr.type.oid) || IsReg(args[0]->type.oid)) return false;
  switch (expr.cast_method) {
    case functions::CastMethod::kBinary:
      *out = args[0]->value;
      break;
    case functions::CastMethod::kFunction:
      if (expr.function == nullptr) return false;
      if (!RunKernel(*expr.function, args, {expr.type.oid, -1}, out)) return false;
      break;
    case functions::CastMethod::kInOut:
      if (!CastThroughText(*args[0], expr.type, out)) return false;
      break;
  }
  if (expr.type.typmod < 0 || out->is_null()) return true;
  Result<Value> fitted = ApplyTypmod(expr.type, std::move(*out), expr.explicit_cast);
  if (!fitted.ok()) return false;
  *out = std::move(*fitted);
  return true;
}

}  // namespace

ExprPtr FoldConstant(const Expr& expr) {
  if (expr.kind == ExprKind::kConst) return CloneExpr(expr);
  bool is_call = expr.kind == ExprKind::kFunction && expr.function != nullptr;
  if (!is_call && expr.kind != ExprKind::kCast) return nullptr;
  std::vector<ExprPtr> args;
  for (const ExprPtr& arg : expr.args) {
    ExprPtr folded = FoldConstant(*arg);
    if (folded == nullptr) return nullptr;
    args.push_back(std::move(folded));
  }
  if (!is_call && args.empty()) return nullptr;
  Value value;
  bool done =
      is_call ? RunKernel(*expr.function, args, expr.type, &value) : FoldCast(expr, args, &value);
  return done ? MakeConst(expr.type, std::move(value), expr.location) : nullptr;
}

}  // namespace omen::sql::duckdb
