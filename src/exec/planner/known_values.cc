#include "exec/planner/known_values.h"

#include <algorithm>

#include "sql/tree/expr_walk.h"
#include "types/datetime/datetime.h"

namespace omen::exec {
namespace {

using sql::Expr;
using sql::ExprKind;

/// What is longer is no bound that one writes, and costs what planning may not.
constexpr int kNodesMax = 16;
constexpr size_t kTextMax = 1024;

bool IsBrief(Oid type) {
  return type == oid::kNumeric || InfoOf(type).carrier == Carrier::kInt ||
         InfoOf(type).carrier == Carrier::kDouble || InfoOf(type).carrier == Carrier::kInterval;
}

bool IsOfText(Oid type) {
  return type == oid::kText || type == oid::kVarchar || type == oid::kBpchar;
}

/// Text is only put together, numerics only by operators that do not explode.
bool IsBriefCall(const Expr& expr) {
  if (expr.function == nullptr || expr.function->volatility == functions::Volatility::kVolatile) {
    return false;
  }
  const std::string_view op = expr.op != nullptr ? expr.op->name : std::string_view();
  if (IsOfText(expr.type.oid)) return op == "||";
  if (expr.type.oid == oid::kNumeric) return op == "+" || op == "-" || op == "*" || op == "/";
  return IsBrief(expr.type.oid);
}

bool IsComputable(const Expr& expr, int* nodes) {
  if (++*nodes > kNodesMax) return false;
  const auto of_args = [&] {
    return std::ranges::all_of(expr.args,
                               [&](const sql::ExprPtr& arg) { return IsComputable(*arg, nodes); });
  };
  switch (expr.kind) {
    case ExprKind::kConst:
    case ExprKind::kParam:
      return true;
    case ExprKind::kCast:
      return (IsBrief(expr.type.oid) || IsOfText(expr.type.oid)) && of_args();
    case ExprKind::kFunction:
      return IsBriefCall(expr) && of_args();
    default:
      return false;
  }
}

}  // namespace

const Evaluator* CompiledValues::Compile(const Expr& expr) {
  const auto [at, added] = compiled_.try_emplace(&expr);
  if (!added) return at->second.get();
  int nodes = 0;
  if (!IsComputable(expr, &nodes)) return nullptr;
  Scope scope;
  Result<EvaluatorPtr> compiled = exec::Compile(expr, &scope);
  if (compiled.ok()) at->second = std::move(compiled).value();
  return at->second.get();
}

std::optional<const Evaluator*> CompiledValues::Find(const Expr& expr) const {
  const auto found = compiled_.find(&expr);
  return found == compiled_.end() ? std::nullopt : std::optional(found->second.get());
}

const Value* KnownValues::Of(const Expr& expr) {
  if (expr.kind == ExprKind::kConst) return &expr.value;
  if (expr.kind != ExprKind::kParam) return Computed(expr);
  missed_ |= params_ == nullptr;
  const auto index = static_cast<size_t>(expr.param_index);
  return params_ != nullptr && index < params_->size() ? &(*params_)[index] : nullptr;
}

const Value* KnownValues::Computed(const Expr& expr) {
  const auto before = compiled_ != nullptr ? compiled_->Find(expr) : std::nullopt;
  const Evaluator* evaluator = before ? *before : own_.Compile(expr);
  if (evaluator == nullptr) return nullptr;
  bool known = true;
  sql::WalkExpr(expr, [&](const Expr& node, int) {
    if (node.kind != ExprKind::kParam) return true;
    const Value* value = Of(node);
    known = known && value != nullptr &&
            (!IsOfText(node.type.oid) || value->is_null() || value->AsBytes().size() <= kTextMax);
    return true;
  });
  if (!known) return nullptr;
  functions::CallContext call;
  call.transaction_micros = call.statement_micros =
      clock_->WallMicros() - kUnixToPgSeconds * kMicrosPerSecond;
  EvalContext context;
  context.params = params_ != nullptr ? params_->data() : nullptr;
  context.call = &call;
  Value& computed = computed_.emplace_back();
  return evaluator->Eval(context, &computed).ok() ? &computed : nullptr;
}

}  // namespace omen::exec
