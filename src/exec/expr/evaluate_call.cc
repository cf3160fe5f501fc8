// Function calls and casts.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/blame.h"
#include "exec/expr/evaluate_internal.h"
#include "functions/kernel/watched.h"
#include "types/io.h"

namespace omen::exec {
namespace {

using sql::Expr;

constexpr size_t kInlineArgs = 4;

class Call final : public Evaluator {
 public:
  Call(const functions::Function* function, std::vector<EvaluatorPtr> args, std::vector<Type> types,
       Type result)
      : function_(function), args_(std::move(args)), types_(std::move(types)), result_(result) {}

  Status Eval(EvalContext& context, Value* out) const override {
    if (args_.size() <= kInlineArgs) {
      std::array<Value, kInlineArgs> values;
      return CallWith(context, values.data(), out);
    }
    std::vector<Value> values(args_.size());
    return CallWith(context, values.data(), out);
  }

 private:
  Status CallWith(EvalContext& context, Value* values, Value* out) const {
    for (size_t i = 0; i < args_.size(); ++i) {
      OMEN_RETURN_IF_ERROR(args_[i]->Eval(context, &values[i]));
      if (values[i].is_null() && function_->strict) {
        *out = Value();
        return Status::Ok();
      }
    }
    return function_(*context.call, {{values, args_.size()}, types_, result_}, out);
  }

  functions::WatchedCall function_;
  std::vector<EvaluatorPtr> args_;
  std::vector<Type> types_;
  Type result_;
};

class TextCast final : public Evaluator {
 public:
  TextCast(EvaluatorPtr arg, Type from, Type to) : arg_(std::move(arg)), from_(from), to_(to) {}

  Status Eval(EvalContext& context, Value* out) const override {
    Operand arg;
    OMEN_RETURN_IF_ERROR(arg.Load(*arg_, context));
    if (arg->is_null()) {
      *out = Value();
      return Status::Ok();
    }
    const functions::CallContext& call = *context.call;
    return functions::Watched(call, [&]() -> Status {
      const std::string text = ToText(from_, *arg, call.style);
      OMEN_ASSIGN_OR_RETURN(*out, ParseText(to_, text, call.style, call.transaction_micros));
      return Status::Ok();
    });
  }

 private:
  EvaluatorPtr arg_;
  Type from_, to_;
};

// One array into another by a function of their elements.
class ArrayCast final : public Evaluator {
 public:
  ArrayCast(EvaluatorPtr arg, const functions::Function* function, Type from, Type to)
      : arg_(std::move(arg)), function_(function), from_(from), to_(to) {}

  Status Eval(EvalContext& context, Value* out) const override {
    Value value;
    OMEN_RETURN_IF_ERROR(arg_->Eval(context, &value));
    *out = Value();
    if (value.is_null()) return Status::Ok();
    return functions::Watched(*context.call, [&] { return Convert(context, value, out); });
  }

 private:
  Status Convert(EvalContext& context, const Value& value, Value* out) const {
    ArrayData array = value.AsArray();
    array.element = to_.oid;
    for (Value& element : array.elements) {
      if (element.is_null()) continue;
      const Value before = std::exchange(element, Value());
      OMEN_RETURN_IF_ERROR(
          function_->kernel(*context.call, {{&before, 1}, {&from_, 1}, to_}, &element));
    }
    *out = Value::Array(std::move(array));
    return Status::Ok();
  }

  EvaluatorPtr arg_;
  const functions::Function* function_;
  Type from_, to_;  // of the elements
};

// Length, precision and scale of the target type.
// regclass prints as the name under which the session finds the relation.
class RelationNameCast final : public Evaluator {
 public:
  RelationNameCast(EvaluatorPtr arg, Type to) : arg_(std::move(arg)), to_(to) {}

  Status Eval(EvalContext& context, Value* out) const override {
    Value value;
    OMEN_RETURN_IF_ERROR(arg_->Eval(context, &value));
    *out = Value();
    if (value.is_null()) return Status::Ok();
    const auto relation = static_cast<Oid>(value.AsInt());
    std::string name = relation == 0 ? "-" : context.call->hooks->RelationName(relation);
    if (name.empty()) name = std::to_string(relation);
    OMEN_ASSIGN_OR_RETURN(*out, ParseText(to_, name, context.call->style));
    return Status::Ok();
  }

 private:
  EvaluatorPtr arg_;
  Type to_;
};

class TypmodCast final : public Evaluator {
 public:
  TypmodCast(EvaluatorPtr arg, Type type, bool explicit_cast)
      : arg_(std::move(arg)), type_(type), explicit_(explicit_cast) {}

  Status Eval(EvalContext& context, Value* out) const override {
    Value value;
    OMEN_RETURN_IF_ERROR(arg_->Eval(context, &value));
    if (value.is_null()) {
      *out = Value();
      return Status::Ok();
    }
    return functions::Watched(*context.call, [&]() -> Status {
      OMEN_ASSIGN_OR_RETURN(*out, ApplyTypmod(type_, std::move(value), explicit_));
      return Status::Ok();
    });
  }

 private:
  EvaluatorPtr arg_;
  Type type_;
  bool explicit_;
};

bool AllConstant(const std::vector<EvaluatorPtr>& args) {
  return std::ranges::all_of(args, [](const EvaluatorPtr& arg) { return arg->constant(); });
}

// An immutable call over constants is made once, here; one that fails is left to fail when (and
// if) it is reached.
EvaluatorPtr Fold(EvaluatorPtr evaluator) {
  functions::CallContext call;
  EvalContext context;
  context.call = &call;
  Value value;
  const auto compute = [&] { return evaluator->Eval(context, &value); };
  if (!functions::WatchedConstant(call, compute).ok()) return evaluator;
  return MakeConstant(std::move(value));
}

Result<EvaluatorPtr> MakeCall(const functions::Function* function, std::vector<EvaluatorPtr> args,
                              std::vector<Type> types, Type result) {
  if (function == nullptr) return InternalError("a call without a function");
  if (function->returns_set) {
    return Refusal("set-returning functions inside expressions on the row path");
  }
  if (function->kernel == nullptr) {
    return Refusal(fmt::format("function {} on the row path", function->name));
  }
  const bool fold = function->volatility == functions::Volatility::kImmutable && AllConstant(args);
  EvaluatorPtr call = std::make_unique<Call>(function, std::move(args), std::move(types), result);
  return fold ? Fold(std::move(call)) : std::move(call);
}

}  // namespace

Result<EvaluatorPtr> CompileCall(const Expr& expr, Scope* scope) {
  OMEN_ASSIGN_OR_RETURN(std::vector<EvaluatorPtr> args, CompileAll(expr.args, scope));
  std::vector<Type> types;
  for (const sql::ExprPtr& arg : expr.args) types.push_back(arg->type);
  return MakeCall(expr.function, std::move(args), std::move(types), expr.type);
}

Result<EvaluatorPtr> CompileCast(const Expr& expr, Scope* scope) {
  const Type from = expr.args[0]->type;
  OMEN_ASSIGN_OR_RETURN(EvaluatorPtr value, Compile(*expr.args[0], scope));
  const bool constant = value->constant() != nullptr;
  bool immutable = true;
  const Oid from_element = InfoOf(from.oid).element, to_element = InfoOf(expr.type.oid).element;
  const bool by_function = expr.cast_method == functions::CastMethod::kFunction;
  if (by_function && from_element != oid::kInvalid && to_element != oid::kInvalid) {
    value = std::make_unique<ArrayCast>(std::move(value), expr.function,
                                        Type{from_element, from.typmod}, Type{to_element, -1});
    immutable = expr.function->volatility == functions::Volatility::kImmutable;
  } else if (by_function) {
    std::vector<EvaluatorPtr> args;
    args.push_back(std::move(value));
    OMEN_ASSIGN_OR_RETURN(value, MakeCall(expr.function, std::move(args), {from}, expr.type));
    immutable = expr.function->volatility == functions::Volatility::kImmutable;
  } else if (expr.cast_method == functions::CastMethod::kInOut && from.oid == oid::kRegclass) {
    value = std::make_unique<RelationNameCast>(std::move(value), Type{expr.type.oid, -1});
    immutable = false;
  } else if (expr.cast_method == functions::CastMethod::kInOut) {
    value = std::make_unique<TextCast>(std::move(value), from, expr.type);
    immutable = false;
  }
  if (expr.type.typmod >= 0 && from != expr.type) {
    value = std::make_unique<TypmodCast>(std::move(value), expr.type, expr.explicit_cast);
    if (constant && immutable) return Fold(std::move(value));
  }
  return value;
}

}  // namespace omen::exec
