// Subqueries inside expressions.
#include "base/blame.h"
#include "exec/evaluate_internal.h"
#include "exec/subplan.h"
#include "exec/value_index.h"

namespace omen::exec {
namespace {

using sql::Expr;
using sql::ExprKind;

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

// (x, ...) op ANY/ALL (subquery), row by row in three-valued logic.
class QuantifiedSubquery final : public Evaluator {
 public:
  QuantifiedSubquery(size_t index, std::vector<EvaluatorPtr> left, std::vector<BinaryCall> calls,
                     bool all)
      : index_(index), left_(std::move(left)), calls_(std::move(calls)), all_(all) {}

  Status Eval(EvalContext& context, Value* out) const override {
    std::vector<Value> left(left_.size());
    for (size_t i = 0; i < left_.size(); ++i) {
      OMEN_RETURN_IF_ERROR(left_[i]->Eval(context, &left[i]));
    }
    OMEN_ASSIGN_OR_RETURN(TupleBuffer * rows, context.level->subplan(index_).Rows());
    bool unknown = false;
    for (size_t i = 0; i < rows->size(); ++i) {
      Value hit;
      OMEN_RETURN_IF_ERROR(Matches(context, left, (*rows)[i], &hit));
      if (hit.is_null()) {
        unknown = true;
      } else if (hit.AsBool() != all_) {
        *out = Value::Bool(!all_);
        return Status::Ok();
      }
    }
    *out = unknown ? Value() : Value::Bool(all_);
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

  size_t index_;
  std::vector<EvaluatorPtr> left_;
  std::vector<BinaryCall> calls_;
  bool all_;
};

// The operator of column `i`: the one given, or its namesake for that column's types.
const functions::Function* ColumnOperator(const Expr& expr, size_t i, Type left, Type right) {
  if (i == 0) return expr.op->function;
  for (const functions::Operator* op :
       functions::Registry::Instance().OperatorsNamed(expr.op->name)) {
    if (op->left == left.oid && op->right == right.oid) return op->function;
  }
  return nullptr;
}

Result<EvaluatorPtr> CompileIn(const Expr& expr, size_t index, const SubPlan& plan, Scope* scope) {
  OMEN_ASSIGN_OR_RETURN(std::vector<EvaluatorPtr> left, CompileAll(expr.args, scope));
  if (left.size() != plan.types.size()) return InternalError("IN of different widths");
  const ValueFamily family = FamilyOf(expr.args[0]->type, plan.types[0]);
  CompareOp op;
  if (left.size() == 1 && !plan.correlated && !expr.quantifier_all &&
      family != ValueFamily::kNone && ComparisonOf(expr.op, &op) && op == CompareOp::kEq) {
    return EvaluatorPtr(std::make_unique<HashedIn>(index, std::move(left[0]),
                                                   FamilyType(family, expr.args[0]->type)));
  }
  std::vector<BinaryCall> calls;
  for (size_t i = 0; i < left.size(); ++i) {
    const Type type = expr.args[i]->type;
    const functions::Function* function = ColumnOperator(expr, i, type, plan.types[i]);
    if (function == nullptr) return Refusal("comparison of these row types");
    calls.push_back({function, {type, plan.types[i]}});
  }
  return EvaluatorPtr(std::make_unique<QuantifiedSubquery>(index, std::move(left), std::move(calls),
                                                           expr.quantifier_all));
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
