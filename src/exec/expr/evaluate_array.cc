// ARRAY[...], subscripts and slices of one-dimensional arrays.
#include <algorithm>

#include "exec/expr/evaluate_internal.h"

namespace omen::exec {
namespace {

using sql::Expr;
using sql::ExprKind;

class ArrayBuilder final : public Evaluator {
 public:
  ArrayBuilder(std::vector<EvaluatorPtr> args, Oid element)
      : args_(std::move(args)), element_(element) {}
  Status Eval(EvalContext& context, Value* out) const override {
    ArrayData array;
    array.element = element_;
    array.elements.resize(args_.size());
    for (size_t i = 0; i < args_.size(); ++i) {
      OMEN_RETURN_IF_ERROR(args_[i]->Eval(context, &array.elements[i]));
    }
    *out = Value::Array(std::move(array));
    return Status::Ok();
  }

 private:
  std::vector<EvaluatorPtr> args_;
  Oid element_;
};

class Subscript final : public Evaluator {
 public:
  Subscript(EvaluatorPtr array, EvaluatorPtr index)
      : array_(std::move(array)), index_(std::move(index)) {}
  Status Eval(EvalContext& context, Value* out) const override {
    Operand array, index;
    OMEN_RETURN_IF_ERROR(array.Load(*array_, context));
    OMEN_RETURN_IF_ERROR(index.Load(*index_, context));
    Value element;
    if (!array->is_null() && !index->is_null()) {
      const ArrayData& data = array->AsArray();
      const int64_t at = index->AsInt() - data.lower_bound;
      if (at >= 0 && at < static_cast<int64_t>(data.elements.size())) {
        element = data.elements[static_cast<size_t>(at)];
      }
    }
    *out = std::move(element);
    return Status::Ok();
  }

 private:
  EvaluatorPtr array_, index_;
};

class Slice final : public Evaluator {
 public:
  explicit Slice(std::vector<EvaluatorPtr> args, bool has_lower, bool has_upper)
      : args_(std::move(args)), has_lower_(has_lower), has_upper_(has_upper) {}
  Status Eval(EvalContext& context, Value* out) const override {
    Value array, lower, upper;
    OMEN_RETURN_IF_ERROR(args_[0]->Eval(context, &array));
    OMEN_RETURN_IF_ERROR(args_[1]->Eval(context, &lower));
    OMEN_RETURN_IF_ERROR(args_[2]->Eval(context, &upper));
    *out = Value();
    if (array.is_null() || (has_lower_ && lower.is_null()) || (has_upper_ && upper.is_null())) {
      return Status::Ok();
    }
    const ArrayData& data = array.AsArray();
    const int64_t size = static_cast<int64_t>(data.elements.size());
    int64_t from = has_lower_ ? lower.AsInt() - data.lower_bound : 0;
    int64_t to = has_upper_ ? upper.AsInt() - data.lower_bound : size - 1;
    from = std::max<int64_t>(from, 0);
    to = std::min<int64_t>(to, size - 1);
    ArrayData part;
    part.element = data.element;
    if (from <= to) {
      part.elements.assign(data.elements.begin() + from, data.elements.begin() + to + 1);
    }
    *out = Value::Array(std::move(part));
    return Status::Ok();
  }

 private:
  std::vector<EvaluatorPtr> args_;
  bool has_lower_, has_upper_;
};

bool IsOmitted(const Expr& bound) {
  return bound.kind == ExprKind::kConst && bound.type.oid == oid::kVoid;
}

}  // namespace

Result<EvaluatorPtr> CompileArray(const Expr& expr, Scope* scope) {
  OMEN_ASSIGN_OR_RETURN(std::vector<EvaluatorPtr> args, CompileAll(expr.args, scope));
  switch (expr.kind) {
    case ExprKind::kArray:
      return EvaluatorPtr(
          std::make_unique<ArrayBuilder>(std::move(args), InfoOf(expr.type.oid).element));
    case ExprKind::kSubscript:
      return EvaluatorPtr(std::make_unique<Subscript>(std::move(args[0]), std::move(args[1])));
    default:
      return EvaluatorPtr(std::make_unique<Slice>(std::move(args), !IsOmitted(*expr.args[1]),
                                                  !IsOmitted(*expr.args[2])));
  }
}

}  // namespace omen::exec
