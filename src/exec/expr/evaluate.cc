#include "exec/expr/evaluate.h"

#include <algorithm>

#include "base/blame.h"
#include "exec/expr/evaluate_internal.h"
#include "sql/tree/expr_walk.h"

namespace omen::exec {
namespace {

using sql::Expr;
using sql::ExprKind;

class SlotReader final : public Evaluator {
 public:
  explicit SlotReader(int slot) : slot_(slot) {}
  Status Eval(EvalContext& context, Value* out) const override {
    *out = context.frame[slot_];
    return Status::Ok();
  }
  const Value* Peek(const EvalContext& context) const override { return &context.frame[slot_]; }
  int slot() const override { return slot_; }

 private:
  int slot_;
};

class OuterSlotReader final : public Evaluator {
 public:
  OuterSlotReader(int levels_up, int slot) : levels_up_(levels_up), slot_(slot) {}
  Status Eval(EvalContext& context, Value* out) const override {
    *out = *Peek(context);
    return Status::Ok();
  }
  const Value* Peek(const EvalContext& context) const override {
    const EvalContext* level = &context;
    for (int i = 0; i < levels_up_; ++i) level = level->outer;
    return &level->frame[slot_];
  }

 private:
  int levels_up_, slot_;
};

class Constant final : public Evaluator {
 public:
  explicit Constant(Value value) : value_(std::move(value)) {}
  Status Eval(EvalContext&, Value* out) const override {
    *out = value_;
    return Status::Ok();
  }
  const Value* Peek(const EvalContext&) const override { return &value_; }
  const Value* constant() const override { return &value_; }

 private:
  Value value_;
};

class Parameter final : public Evaluator {
 public:
  explicit Parameter(int index) : index_(index) {}
  Status Eval(EvalContext& context, Value* out) const override {
    *out = context.params[index_];
    return Status::Ok();
  }
  const Value* Peek(const EvalContext& context) const override { return &context.params[index_]; }

 private:
  int index_;
};

Result<EvaluatorPtr> CompileColumn(const Expr& expr, Scope* scope) {
  Scope* owner = scope;
  for (int i = 0; i < expr.levels_up; ++i) {
    owner = owner->outer;
    if (owner == nullptr) return InternalError("a column refers to a level that is not there");
  }
  scope->NoteOuterRead(expr.levels_up);
  const int slot = owner->SlotOf(expr.rel, expr.column);
  if (expr.levels_up == 0) return MakeSlotReader(slot);
  return EvaluatorPtr(std::make_unique<OuterSlotReader>(expr.levels_up, slot));
}

const int* FindComputed(const Expr& expr, const Scope& scope) {
  for (const auto& [computed, slot] : scope.computed) {
    if (computed == &expr) return &slot;
  }
  for (const auto& [computed, slot] : scope.computed) {
    // Two calls of random() are two values.
    if (sql::SameExpr(*computed, expr) && !IsVolatile(expr)) return &slot;
  }
  return nullptr;
}

Result<EvaluatorPtr> CompileOperator(const Expr& expr, Scope* scope) {
  CompareOp op;
  if (expr.args.size() == 2 && ComparisonOf(expr.op, &op) &&
      FamilyOf(expr.args[0]->type, expr.args[1]->type) != ValueFamily::kNone) {
    return CompileComparison(expr, op, scope);
  }
  return CompileCall(expr, scope);
}

}  // namespace

Status Evaluator::Test(EvalContext& context, bool* pass) const {
  Value value;
  OMEN_RETURN_IF_ERROR(Eval(context, &value));
  *pass = !value.is_null() && value.AsBool();
  return Status::Ok();
}

void Scope::NoteOuterRead(int levels) {
  for (Scope* scope = this; scope != nullptr && levels > 0; scope = scope->outer, --levels) {
    scope->reach = std::max(scope->reach, levels);
    ++scope->outer_reads;
  }
}

int Scope::SlotOf(int relation, int column) {
  if (relation < 0) return output_slots[static_cast<size_t>(column)];
  int& slot = slots[static_cast<size_t>(relation)][static_cast<size_t>(column)];
  if (slot < 0) slot = NewSlot();
  if (carried != nullptr && std::ranges::find(*carried, slot) == carried->end()) {
    carried->push_back(slot);
  }
  return slot;
}

EvaluatorPtr MakeSlotReader(int slot) { return std::make_unique<SlotReader>(slot); }

EvaluatorPtr MakeConstant(Value value) { return std::make_unique<Constant>(std::move(value)); }

Result<EvaluatorPtr> Compile(const Expr& expr, Scope* scope) {
  if (!scope->computed.empty() && expr.kind != ExprKind::kConst) {
    if (const int* slot = FindComputed(expr, *scope)) return MakeSlotReader(*slot);
  }
  if (expr.subquery != nullptr) return scope->planner->CompileSubquery(expr, scope);
  switch (expr.kind) {
    case ExprKind::kConst:
      return MakeConstant(expr.value);
    case ExprKind::kParam:
      return EvaluatorPtr(std::make_unique<Parameter>(expr.param_index));
    case ExprKind::kColumn:
      return CompileColumn(expr, scope);
    case ExprKind::kFunction:
      return CompileOperator(expr, scope);
    case ExprKind::kCast:
      return CompileCast(expr, scope);
    case ExprKind::kIsDistinct:
    case ExprKind::kIsNotDistinct:
      return CompileDistinct(expr, scope);
    case ExprKind::kInList:
      return CompileInList(expr, scope);
    case ExprKind::kAny:
    case ExprKind::kAll:
      return CompileQuantified(expr, scope);
    case ExprKind::kCase:
    case ExprKind::kCoalesce:
    case ExprKind::kGreatest:
    case ExprKind::kLeast:
    case ExprKind::kNullIf:
      return CompileChoice(expr, scope);
    case ExprKind::kArray:
    case ExprKind::kSubscript:
    case ExprKind::kSlice:
      return CompileArray(expr, scope);
    case ExprKind::kRow:
      return Refusal("row values");
    case ExprKind::kAggregate:
      return Refusal("an aggregate of an outer query");
    case ExprKind::kWindow:
      return Refusal("window functions on the row path");
    case ExprKind::kGrouping:
      return Refusal("GROUPING on the row path");
    case ExprKind::kDefault:
      return MakeConstant(Value());
    default:
      return CompileLogic(expr, scope);
  }
}

Result<std::vector<EvaluatorPtr>> CompileAll(const std::vector<sql::ExprPtr>& exprs, Scope* scope) {
  std::vector<EvaluatorPtr> compiled;
  compiled.reserve(exprs.size());
  for (const sql::ExprPtr& expr : exprs) {
    OMEN_ASSIGN_OR_RETURN(EvaluatorPtr evaluator, Compile(*expr, scope));
    compiled.push_back(std::move(evaluator));
  }
  return compiled;
}

}  // namespace omen::exec
