// Expressions as trees of small evaluator nodes over a frame of slots.
//
// A query level owns a frame: one Value per column, group key or aggregate it uses.
// Scans fill slots in place, evaluators read them, joins leave both sides where they are;
// a correlated subquery reaches its outer level's frame through EvalContext::outer.
#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "base/result.h"
#include "functions/registry.h"
#include "sql/tree/query.h"

namespace omen::exec {

class LevelRun;
struct StatementRun;

/// What evaluation reads: the level's frame, the levels around it, the statement. One thread.
struct EvalContext {
  Value* frame = nullptr;
  EvalContext* outer = nullptr;
  const Value* params = nullptr;
  functions::CallContext* call = nullptr;
  StatementRun* run = nullptr;
  LevelRun* level = nullptr;
};

/// A compiled expression. Immutable; any number of threads, each with its own context.
class Evaluator {
 public:
  virtual ~Evaluator() = default;
  virtual Status Eval(EvalContext& context, Value* out) const = 0;
  /// As a predicate: true only where the value is true, not null.
  virtual Status Test(EvalContext& context, bool* pass) const;
  /// The value where it lies ready (slot, parameter, constant), else null.
  virtual const Value* Peek(const EvalContext&) const { return nullptr; }
  /// The slot that it repeats, or -1.
  virtual int slot() const { return -1; }
  /// Non-null for a constant.
  virtual const Value* constant() const { return nullptr; }
};
using EvaluatorPtr = std::unique_ptr<const Evaluator>;

/// A value read in place where it can be, else computed into storage of its own.
class Operand {
 public:
  Status Load(const Evaluator& evaluator, EvalContext& context) {
    value_ = evaluator.Peek(context);
    if (value_ != nullptr) return Status::Ok();
    value_ = &own_;
    return evaluator.Eval(context, &own_);
  }
  const Value& operator*() const { return *value_; }
  const Value* operator->() const { return value_; }

 private:
  const Value* value_ = nullptr;
  Value own_;
};

struct LevelPlan;
struct Scope;

/// A subquery of an expression, planned as a level of its own.
struct SubPlan {
  std::unique_ptr<const LevelPlan> level;
  std::vector<Type> types;  // of its output columns
  bool correlated = false;
};

/// Plans subqueries for the compiler; the planner implements it.
class SubqueryPlanner {
 public:
  virtual ~SubqueryPlanner() = default;
  virtual Result<std::unique_ptr<SubPlan>> PlanSubquery(const sql::Query& query, Scope* outer) = 0;
  /// What reads the subquery's rows where `expr` stands.
  virtual Result<EvaluatorPtr> CompileSubquery(const sql::Expr& expr, Scope* scope) = 0;
};

/// What names mean while one level is compiled: which slot holds which column.
struct Scope {
  Scope* outer = nullptr;
  SubqueryPlanner* planner = nullptr;
  std::vector<std::vector<int>> slots;  // [relation][column]; -1 until first used
  std::vector<int> output_slots;        // columns of relation -1 (a set operation's result)
  /// Expressions already computed into slots: group keys, aggregates, targets.
  std::vector<std::pair<const sql::Expr*, int>> computed;
  /// Set above an aggregation: columns used there that are not group keys are carried through it.
  std::vector<int>* carried = nullptr;
  int slot_count = 0;
  /// How many levels out this level's subqueries and expressions reach (0: uncorrelated).
  int reach = 0;
  /// Grows with every read of something outside the level, wherever below it that is compiled:
  /// unchanged while a part is planned, the part stands alone.
  int outer_reads = 0;
  std::vector<std::unique_ptr<const SubPlan>> subplans;

  /// The one place that knows of reads across levels: of what belongs to the level `levels` out.
  void NoteOuterRead(int levels);
  int NewSlot() { return slot_count++; }
  int SlotOf(int relation, int column);
};

/// 0A000 for what the row path cannot compute. `expr` need not outlive the evaluator.
Result<EvaluatorPtr> Compile(const sql::Expr& expr, Scope* scope);
Result<std::vector<EvaluatorPtr>> CompileAll(const std::vector<sql::ExprPtr>& exprs, Scope* scope);
/// AND of all; null for none.
Result<EvaluatorPtr> CompileConjunction(const std::vector<const sql::Expr*>& conjuncts,
                                        Scope* scope);
EvaluatorPtr MakeSlotReader(int slot);
EvaluatorPtr MakeConstant(Value value);

/// The six comparisons, as conditions on keys see them.
enum class CompareOp : uint8_t { kEq, kNe, kLt, kLe, kGt, kGe };
/// True when `op` is one of them by btree meaning for the two types.
bool ComparisonOf(const functions::Operator* op, CompareOp* compare);
CompareOp Mirrored(CompareOp op);  // of a op b seen as b op' a
/// Families whose values compare and hash alike whatever their exact types.
enum class ValueFamily : uint8_t { kNone, kInteger, kFloat, kText, kSame };
ValueFamily FamilyOf(Type left, Type right);
/// The type by which values of the family hash and compare.
Oid FamilyType(ValueFamily family, Type left);

}  // namespace omen::exec
