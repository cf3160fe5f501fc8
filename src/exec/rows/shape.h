// Steps above the joins: grouping, ordering, duplicates, limits, set operations, row locks.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "exec/rows/level.h"
#include "rowstore/row_codec.h"

namespace omen::exec {

/// One ORDER BY key.
struct SortTerm {
  EvaluatorPtr value;
  Oid type;
  bool descending = false;
  bool nulls_first = false;
};

/// <0, 0, >0 of the leading terms.size() values of two tuples.
int CompareBySort(const std::vector<SortTerm>& terms, const Value* a, const Value* b);

/// A step over one child whose slots it passes on.
class UnaryNode : public PlanNode {
 public:
  explicit UnaryNode(PlanNodePtr child) : child(std::move(child)) {}
  void Finalize(const Scope& scope) override { child->Finalize(scope); }
  void AddSlots(std::vector<int>* slots) const override { child->AddSlots(slots); }
  void Explain(ExplainWriter* writer) const override;
  virtual std::string Title() const = 0;
  virtual void Details(ExplainWriter*) const {}

  const PlanNodePtr child;
};

struct AggregateCall {
  const functions::Aggregate* aggregate;
  std::vector<EvaluatorPtr> args;
  std::vector<Type> types;
  Type result;
  bool distinct = false;
  std::vector<SortTerm> order;
  EvaluatorPtr filter;
  int slot;
};

struct GroupKey {
  EvaluatorPtr value;
  Type type;
  int slot;
};

/// GROUPING(): what it is in each set.
struct GroupingCall {
  std::vector<int64_t> values;
  int slot;
};

/// Hash grouping. Without keys, and for a grouping set without keys: one row, even over nothing.
class Aggregate final : public UnaryNode {
 public:
  using UnaryNode::UnaryNode;
  std::unique_ptr<Operator> Start(EvalContext* context) const override;
  void AddSlots(std::vector<int>* slots) const override;
  std::string Title() const override {
    return keys.empty() && !grouped ? "Aggregate" : "HashAggregate";
  }
  void Details(ExplainWriter* writer) const override;

  std::vector<GroupKey> keys;
  std::vector<AggregateCall> calls;
  std::vector<std::vector<bool>> sets;  // which keys each groups by; none: all do, in one
  std::vector<GroupingCall> groupings;
  std::vector<int> carried;  // columns that the keys determine
  bool grouped = false;
  std::string text;
};

/// Computes expressions into slots.
class Project final : public UnaryNode {
 public:
  using UnaryNode::UnaryNode;
  std::unique_ptr<Operator> Start(EvalContext* context) const override;
  void AddSlots(std::vector<int>* slots) const override;
  void Explain(ExplainWriter* writer) const override { child->Explain(writer); }
  std::string Title() const override { return "Project"; }

  std::vector<std::pair<EvaluatorPtr, int>> targets;
};

/// Set-returning functions in the select list, in lockstep.
class ProjectSet final : public UnaryNode {
 public:
  using UnaryNode::UnaryNode;
  std::unique_ptr<Operator> Start(EvalContext* context) const override;
  void AddSlots(std::vector<int>* slots) const override;
  std::string Title() const override { return "ProjectSet"; }

  struct SetTarget {
    const functions::Function* function;
    functions::SetKernel kernel;
    std::vector<EvaluatorPtr> args;
    std::vector<Type> types;
    Type result;
    int slot;
  };
  std::vector<SetTarget> targets;
};

class Sort final : public UnaryNode {
 public:
  using UnaryNode::UnaryNode;
  std::unique_ptr<Operator> Start(EvalContext* context) const override;
  void Finalize(const Scope& scope) override;
  std::string Title() const override { return "Sort"; }
  void Details(ExplainWriter* writer) const override;

  std::vector<SortTerm> terms;
  EvaluatorPtr limit, offset;  // set: only that many first rows are wanted
  std::vector<int> slots;
  std::string text;
};

/// DISTINCT and DISTINCT ON: the first row of every key.
class Distinct final : public UnaryNode {
 public:
  using UnaryNode::UnaryNode;
  std::unique_ptr<Operator> Start(EvalContext* context) const override;
  std::string Title() const override { return text.empty() ? "Unique" : "HashAggregate"; }
  void Details(ExplainWriter* writer) const override {
    if (!text.empty()) writer->Detail("Group Key", text);
  }

  std::string text;  // of the keys, where it is no clause of the query's

  std::vector<EvaluatorPtr> keys;
  std::vector<Type> types;
};

class Limit final : public UnaryNode {
 public:
  using UnaryNode::UnaryNode;
  std::unique_ptr<Operator> Start(EvalContext* context) const override;
  std::string Title() const override { return "Limit"; }

  EvaluatorPtr limit, offset;
};

/// The count a LIMIT or OFFSET asks for: -1 for none. 2201W, 2201X.
Status ReadLimit(const Evaluator* limit, const Evaluator* offset, EvalContext& context,
                 int64_t* count, int64_t* skip);

/// One relation of FOR UPDATE/SHARE.
struct RowLockTarget {
  int key_slot;
  sql::LockWait wait;
  std::vector<int> slots;
  std::unique_ptr<rowstore::RowDecoder> decoder;
  int relation;
  // The level that was planned may be gone when the plan runs.
  std::shared_ptr<const catalog::Table> table;
  std::vector<int> attnums;
};

/// Locks the rows behind what it passes on; READ COMMITTED reads the newest version and tests
/// the condition again.
class LockRows final : public UnaryNode {
 public:
  using UnaryNode::UnaryNode;
  std::unique_ptr<Operator> Start(EvalContext* context) const override;
  void Finalize(const Scope& scope) override;
  std::string Title() const override { return "LockRows"; }

  std::vector<RowLockTarget> targets;
  EvaluatorPtr condition;  // the whole WHERE and joins; null: none
};

/// UNION, INTERSECT, EXCEPT of two levels.
class SetOperation final : public PlanNode {
 public:
  std::unique_ptr<Operator> Start(EvalContext* context) const override;
  void Finalize(const Scope&) override {}
  void AddSlots(std::vector<int>* slots) const override;
  void Explain(ExplainWriter* writer) const override;

  sql::SetOp op;
  bool all;
  std::unique_ptr<const LevelPlan> left, right;
  std::vector<int> slots;
  std::vector<Type> types;
};

}  // namespace omen::exec
