// Subqueries inside expressions.
#include "base/blame.h"
#include "exec/expr/evaluate_internal.h"
#include "exec/rows/subplan.h"
#include "exec/rows/value_index.h"

namespace omen::exec {
namespace {

using sql::Expr;
using sql::ExprKind;
using sql::Quantifier;

class ScalarSubquery final : public Evaluator {
 public:
  explicit ScalarSubquery(size_t index) : index_(index) {}
  Status Eval(EvalContext& context, Value* out) const override {
    return context.level->subplan(index_).Scalar(out);
  }

 private:
  size_t index_;
};

class ExistsSubquery final : public Evaluator {
 public:
  explicit ExistsSubquery(size_t index) : index_(index) {}
  Status Eval(EvalContext& context, Value* out) const override {
    OMEN_ASSIGN_OR_RETURN(const bool exists, context.level->subplan(index_).Exists());
    *out = Value::Bool(exists);
    return Status::Ok();
  }

 private:
  size_t index_;
};

class ArraySubquery final : public Evaluator {
 public:
  ArraySubquery(size_t index, Oid element) : index_(index), element_(element) {}
  Status Eval(EvalContext& context, Value* out) const override {
    return context.level->subplan(index_).Array(element_, out);
  }

 private:
  size_t index_;
  Oid element_;
};

// x IN (uncorrelated subquery), by a hash of its values.
class HashedIn final : public Evaluator {
 public:
  HashedIn(size_t index, EvaluatorPtr left, Oid type)
      : index_(index), left_(std::move(left)), type_(type) {}
  Status Eval(EvalContext& context, Value* out) const override {
    OMEN_ASSIGN_OR_RETURN(const SubPlanRun::ValueIndex* index,
                          context.level->subplan(index_).Index(type_));
    Operand left;
    OMEN_RETURN_IF_ERROR(left.Load(*left_, context));
    if (index->values.empty() && !index->has_null) {
      *out = Value::Bool(false);
    } else if (left->is_null()) {
      *out = Value();
    } else if (index->values.contains(*left)) {
      *out = Value::Bool(true);
    } else {
      *out = index->has_null ? Value() : Value::Bool(false);
    }
    return Status::Ok();
  }

 private:
  size_t index_;
  EvaluatorPtr left_;
  Oid type_;
};

// (x, ...) op ANY/ALL (subquery), or its one row, row by row in three-valued logic.
class QuantifiedSubquery final : public Evaluator {
 public:
  /// `equals`, of every column but the last: where calls order rows, else empty.
  QuantifiedSubquery(size_t index, std::vector<EvaluatorPtr> left, std::vector<BinaryCall> calls,
                     std::vector<BinaryCall> equals, Quantifier quantifier)
      : index_(index),
        left_(std::move(left)),
        calls_(std::move(calls)),
        equals_(std::move(equals)),
        quantifier_(quantifier) {}

  Status Eval(EvalContext& context, Value* out) const override {
    std::vector<Value> left(left_.size());
    for (size_t i = 0; i < left_.size(); ++i) {
      OMEN_RETURN_IF_ERROR(left_[i]->Eval(context, &left[i]));
    }
    OMEN_ASSIGN_OR_RETURN(TupleBuffer * rows, context.level->subplan(index_).Rows());
    if (quantifier_ == Quantifier::kOne && rows->size() != 1) {
      *out = Value();
      return rows->size() == 0 ? Status::Ok() : MoreThanOneRow();
    }
    const bool all = quantifier_ != Quantifier::kAny;
    bool unknown = false;
    for (size_t i = 0; i < rows->size(); ++i) {
      Value hit;
      OMEN_RETURN_IF_ERROR(equals_.empty() ? Matches(context, left, (*rows)[i], &hit)
                                           : IsOrdered(context, left, (*rows)[i], &hit));
      if (hit.is_null()) {
        unknown = true;
      } else if (hit.AsBool() != all) {
        *out = Value::Bool(!all);
        return Status::Ok();
      }
    }
    *out = unknown ? Value() : Value::Bool(all);
    return Status::Ok();
  }

 private:
  Status Matches(EvalContext& context, const std::vector<Value>& left, const Value* row,
                 Value* out) const {
    bool unknown = false;
    for (size_t i = 0; i < left.size(); ++i) {
      Value hit;
      if (!left[i].is_null() && !row[i].is_null()) {
        OMEN_RETURN_IF_ERROR(calls_[i](context, left[i], row[i], &hit));
      }
      if (hit.is_null()) {
        unknown = true;
      } else if (!hit.AsBool()) {
        *out = Value::Bool(false);
        return Status::Ok();
      }
    }
    *out = unknown ? Value() : Value::Bool(true);
    return Status::Ok();
  }

  // The first columns that differ decide; a null before them leaves it open.
  Status IsOrdered(EvalContext& context, const std::vector<Value>& left, const Value* row,
                   Value* out) const {
    for (size_t i = 0; i < left.size(); ++i) {
      *out = Value();
      if (left[i].is_null() || row[i].is_null()) return Status::Ok();
      OMEN_RETURN_IF_ERROR(calls_[i](context, left[i], row[i], out));
      if (i + 1 == left.size() || out->AsBool()) return Status::Ok();
      OMEN_RETURN_IF_ERROR(equals_[i](context, left[i], row[i], out));
      if (!out->AsBool()) return Status::Ok();
    }
    return Status::Ok();
  }

  size_t index_;
  std::vector<EvaluatorPtr> left_;
  std::vector<BinaryCall> calls_;
  std::vector<BinaryCall> equals_;
  Quantifier quantifier_;
};

// The calls of an operator for each of the columns of two rows.
Result<std::vector<BinaryCall>> CallsOf(std::string_view name, const Expr& expr,
                                        const std::vector<Type>& types) {
  std::vector<BinaryCall> calls;
  for (size_t i = 0; i < expr.args.size(); ++i) {
    const Type left = expr.args[i]->type;
    const functions::Function* function =
        i == 0 && name == expr.op->name ? expr.op->function : nullptr;
    for (const functions::Operator* op : functions::Registry::Instance().OperatorsNamed(name)) {
      if (function != nullptr) break;
      if (op->left == left.oid && op->right == types[i].oid) function = op->function;
    }
    if (function == nullptr) return Refusal("comparison of these row types");
    calls.push_back({function, {left, types[i]}});
  }
  return calls;
}

// Two rows, of two columns or more, in order: strictly but for the last column.
Result<EvaluatorPtr> CompileOrder(const Expr& expr, size_t index, const SubPlan& plan,
                                  std::vector<EvaluatorPtr> left) {
  const std::string_view strict = std::string_view(expr.op->name).substr(0, 1);
  OMEN_ASSIGN_OR_RETURN(std::vector<BinaryCall> calls, CallsOf(strict, expr, plan.types));
  OMEN_ASSIGN_OR_RETURN(std::vector<BinaryCall> last, CallsOf(expr.op->name, expr, plan.types));
  OMEN_ASSIGN_OR_RETURN(std::vector<BinaryCall> equals, CallsOf("=", expr, plan.types));
  calls.back() = last.back();
  return EvaluatorPtr(std::make_unique<QuantifiedSubquery>(index, std::move(left), std::move(calls),
                                                           std::move(equals), expr.quantifier));
}

Result<EvaluatorPtr> CompileIn(const Expr& expr, size_t index, const SubPlan& plan, Scope* scope) {
  OMEN_ASSIGN_OR_RETURN(std::vector<EvaluatorPtr> left, CompileAll(expr.args, scope));
  if (left.size() != plan.types.size()) return InternalError("IN of different widths");
  const ValueFamily family = FamilyOf(expr.args[0]->type, plan.types[0]);
  CompareOp op;
  if (left.size() == 1 && !plan.correlated && expr.quantifier == Quantifier::kAny &&
      family != ValueFamily::kNone && ComparisonOf(expr.op, &op) && op == CompareOp::kEq) {
    return EvaluatorPtr(std::make_unique<HashedIn>(index, std::move(left[0]),
                                                   FamilyType(family, expr.args[0]->type)));
  }
  if (left.size() > 1 && expr.op->name != "=")
    return CompileOrder(expr, index, plan, std::move(left));
  OMEN_ASSIGN_OR_RETURN(std::vector<BinaryCall> calls, CallsOf(expr.op->name, expr, plan.types));
  return EvaluatorPtr(std::make_unique<QuantifiedSubquery>(
      index, std::move(left), std::move(calls), std::vector<BinaryCall>(), expr.quantifier));
}

}  // namespace

Result<EvaluatorPtr> CompileSubquery(const Expr& expr, Scope* scope) {
  if (scope->planner == nullptr) return Refusal("subqueries here");
  OMEN_ASSIGN_OR_RETURN(std::unique_ptr<SubPlan> plan,
                        scope->planner->PlanSubquery(*expr.subquery, scope));
  const size_t index = scope->subplans.size();
  scope->subplans.push_back(std::move(plan));
  const SubPlan& kept = *scope->subplans.back();
  switch (expr.kind) {
    case ExprKind::kSubquery:
      return EvaluatorPtr(std::make_unique<ScalarSubquery>(index));
    case ExprKind::kExists:
      return EvaluatorPtr(std::make_unique<ExistsSubquery>(index));
    case ExprKind::kArraySubquery:
      return EvaluatorPtr(std::make_unique<ArraySubquery>(index, InfoOf(expr.type.oid).element));
    default:
      return CompileIn(expr, index, kept, scope);
  }
}

}  // namespace omen::exec
