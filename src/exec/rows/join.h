// Joins, filters and kept inner sides.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "exec/rows/level.h"

namespace omen::exec {

/// Rows of the child that pass a condition.
class Filter final : public PlanNode {
 public:
  Filter(PlanNodePtr child, EvaluatorPtr condition, std::string text, bool one_time)
      : child(std::move(child)),
        condition(std::move(condition)),
        text(std::move(text)),
        one_time(one_time) {}
  std::unique_ptr<Operator> Start(EvalContext* context) const override;
  void Finalize(const Scope& scope) override { child->Finalize(scope); }
  void AddSlots(std::vector<int>* slots) const override { child->AddSlots(slots); }
  void Explain(ExplainWriter* writer) const override;

  const PlanNodePtr child;
  const EvaluatorPtr condition;
  const std::string text;
  const bool one_time;  // decided at opening: no row changes it
};

/// Keeps the child's rows, so that going through them again reads nothing: for good where the
/// child stands alone, else until its level is opened anew. The child reads no row of its own
/// level but its own.
class Materialize final : public PlanNode {
 public:
  explicit Materialize(PlanNodePtr child) : child(std::move(child)) {}
  std::unique_ptr<Operator> Start(EvalContext* context) const override;
  void Finalize(const Scope& scope) override;
  void AddSlots(std::vector<int>* slots) const override { child->AddSlots(slots); }
  void Explain(ExplainWriter* writer) const override;

  const PlanNodePtr child;
  std::vector<int> slots;
};

enum class JoinKind : uint8_t { kInner, kLeft, kRight, kFull, kSemi, kAnti };

/// For every left row, opens the right side anew: its key conditions may read the left row.
class NestedLoop final : public PlanNode {
 public:
  NestedLoop(JoinKind kind, PlanNodePtr left, PlanNodePtr right, EvaluatorPtr condition,
             std::string text)
      : kind(kind),
        left(std::move(left)),
        right(std::move(right)),
        condition(std::move(condition)),
        text(std::move(text)) {}
  std::unique_ptr<Operator> Start(EvalContext* context) const override;
  void Finalize(const Scope& scope) override;
  void AddSlots(std::vector<int>* slots) const override;
  void Explain(ExplainWriter* writer) const override;

  const JoinKind kind;  // inner, left, semi or anti
  const PlanNodePtr left, right;
  const EvaluatorPtr condition;  // null: every pair
  const std::string text;
  std::vector<int> right_slots;
};

struct JoinKey {
  EvaluatorPtr left, right;
  Oid type;  // by which both sides hash and compare
};

/// Hashes the right side, then goes through the left.
class HashJoin final : public PlanNode {
 public:
  HashJoin(JoinKind kind, PlanNodePtr left, PlanNodePtr right, std::vector<JoinKey> keys,
           EvaluatorPtr condition, std::string text)
      : kind(kind),
        left(std::move(left)),
        right(std::move(right)),
        keys(std::move(keys)),
        condition(std::move(condition)),
        text(std::move(text)) {
    for (const JoinKey& key : this->keys) key_types.push_back(key.type);
  }
  std::unique_ptr<Operator> Start(EvalContext* context) const override;
  void Finalize(const Scope& scope) override;
  void AddSlots(std::vector<int>* slots) const override;
  void Explain(ExplainWriter* writer) const override;

  const JoinKind kind;
  const PlanNodePtr left, right;
  const std::vector<JoinKey> keys;
  const EvaluatorPtr condition;  // beyond the keys; null for none
  const std::string text;
  std::vector<Oid> key_types;
  std::vector<int> left_slots, right_slots;
};

/// Of a semi or anti join without a condition beyond the keys.
std::unique_ptr<Operator> StartKeySetJoin(const HashJoin& plan, EvalContext* context);

const char* JoinKindName(JoinKind kind);
/// Its rows are the left side's alone.
inline bool KeepsLeftOnly(JoinKind kind) {
  return kind == JoinKind::kSemi || kind == JoinKind::kAnti;
}

}  // namespace omen::exec
