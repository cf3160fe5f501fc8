// A planned query level and its run: a tree of plan nodes over one frame.
//
// Plan nodes are immutable and shared; Start makes their operators for one run. Operators
// are pulled a row at a time and leave their row in the level's frame.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "exec/explain/explain_report.h"
#include "exec/expr/evaluate.h"
#include "exec/statement/statement_run.h"

namespace omen::exec {

/// Writes the nodes of a plan for EXPLAIN, in order from the root.
class ExplainWriter {
 public:
  /// `statistics`: what they did; null where it was not run.
  ExplainWriter(std::vector<ExplainNode>* nodes, const std::vector<NodeStatistics>* statistics)
      : levels_{nodes}, statistics_(statistics) {}
  ExplainNode& Node(const class PlanNode& node, std::string type);
  /// Of the node written last.
  void Detail(std::string name, std::string text);
  /// What is written next feeds it.
  void Enter() { levels_.push_back(&levels_.back()->back().inputs); }
  void Leave() { levels_.pop_back(); }

 private:
  std::vector<std::vector<ExplainNode>*> levels_;
  const std::vector<NodeStatistics>* statistics_;
};

/// One running step. One thread.
class Operator {
 public:
  virtual ~Operator() = default;
  /// Starts, or starts over with what the frame and the outer levels hold now.
  virtual Status Open() = 0;
  /// Puts the next row into the frame; false at the end.
  virtual Result<bool> Next() = 0;
};

/// One planned step. Immutable once finalized; any thread.
class PlanNode {
 public:
  virtual ~PlanNode() = default;
  virtual std::unique_ptr<Operator> Start(EvalContext* context) const = 0;
  /// Called once when the whole level is compiled and every slot is known.
  virtual void Finalize(const Scope& scope) = 0;
  /// The slots its rows fill.
  virtual void AddSlots(std::vector<int>* slots) const = 0;
  virtual void Explain(ExplainWriter* writer) const = 0;
  /// Each of its rows is put into the frame whole: what was there before may be taken away.
  virtual bool refills_slots() const { return false; }

  /// Start, with counting around it where that is asked for.
  std::unique_ptr<Operator> Run(EvalContext* context) const;

  double rows = 1;     // estimated, per opening
  double cost = 0;     // estimated microseconds, everything below included
  double startup = 0;  // of those, before the first row
  int id = 0;          // index into NodeStatistics
  /// Its rows may differ from one opening of the level to the next, because something outside
  /// the level is read. The planner clears it where it knows better.
  bool reads_outer = true;
  bool counted = false;  // a part of the statement with an identity of its own
};
using PlanNodePtr = std::unique_ptr<PlanNode>;

struct CommonTablePlan {
  std::string name;
  std::unique_ptr<const LevelPlan> level;      // the non-recursive arm of a recursive one
  std::unique_ptr<const LevelPlan> recursive;  // null unless recursive
  bool union_all = true;
  int reach = 0;  // levels out from the one that owns it that its rows depend on
  std::vector<Type> types;
};

/// What the column engine needs to be given a table's rows instead of its columns.
struct HandedRows {
  Oid table;
  double us;
};

/// A query level, planned. Immutable.
struct LevelPlan {
  ~LevelPlan();
  int slot_count = 0;
  PlanNodePtr root;
  std::vector<EvaluatorPtr> outputs;
  std::vector<Type> output_types;
  std::vector<int> taken_slots;  // where the outputs repeat slots that need not keep them: those
  std::vector<std::unique_ptr<const SubPlan>> subplans;
  std::vector<CommonTablePlan> ctes;
  int reach = 0;  // levels out that it refers to; 0 when it stands alone
  // Estimated, of the levels planned up to this one:
  double touched = 0;              // rows read from storage
  double engine_us = 0;            // what the column engine would need to answer with values
  double fields_save_us = 0;       // with fields that much less
  std::vector<HandedRows> handed;  // and what being handed the tables' rows would take
  bool key_lookup = false;         // reads at most a few rows, found by key
};

class SubPlanRun;
class CommonTableRun;

/// A level being run. One thread.
class LevelRun {
 public:
  LevelRun(const LevelPlan& plan, StatementRun* run, EvalContext* outer);
  ~LevelRun();
  LevelRun(const LevelRun&) = delete;
  LevelRun& operator=(const LevelRun&) = delete;

  /// Starts, or starts over; results of uncorrelated subqueries are kept.
  Status Open();
  Result<bool> Next() { return root_->Next(); }
  Status Output(size_t index, Value* out) { return plan_.outputs[index]->Eval(context_, out); }
  /// Once a row.
  Status OutputRow(Row* out);

  const LevelPlan& plan() const { return plan_; }
  EvalContext& context() { return context_; }
  SubPlanRun& subplan(size_t index);
  CommonTableRun& common_table(size_t index);
  /// Counts Open: what was kept in another opening may have read other outer rows.
  uint64_t opening() const { return opening_; }

 private:
  const LevelPlan& plan_;
  EvalContext context_;
  std::vector<Value> frame_;
  std::unique_ptr<Operator> root_;
  std::vector<std::unique_ptr<SubPlanRun>> subplans_;
  std::vector<std::unique_ptr<CommonTableRun>> ctes_;
  uint64_t opening_ = 0;
};

/// Rows of fixed width, kept in chunks and charged to the statement.
class TupleBuffer {
 public:
  TupleBuffer(size_t width, MemoryMeter* memory) : width_(width), memory_(memory) {}
  ~TupleBuffer() { Clear(); }
  TupleBuffer(const TupleBuffer&) = delete;
  TupleBuffer& operator=(const TupleBuffer&) = delete;

  /// A new tuple of nulls; call Charge once it is filled.
  Value* Append();
  /// `beside`: what its owner keeps for the tuple elsewhere, a place in a hash table or an order.
  Status Charge(const Value* tuple, int64_t beside = 0);
  Value* operator[](size_t index) {
    return chunks_[index / kChunk].data() + (index % kChunk) * width_;
  }
  size_t size() const { return size_; }
  size_t width() const { return width_; }
  void Clear();

 private:
  static constexpr size_t kChunk = 16;
  size_t width_;
  MemoryMeter* memory_;
  size_t size_ = 0;
  int64_t charged_ = 0;
  std::vector<std::vector<Value>> chunks_;
};

/// Copies slots of a frame to a tuple and back.
inline void SaveSlots(const Value* frame, const std::vector<int>& slots, Value* tuple) {
  for (size_t i = 0; i < slots.size(); ++i) tuple[i] = frame[slots[i]];
}
inline void RestoreSlots(const Value* tuple, const std::vector<int>& slots, Value* frame) {
  for (size_t i = 0; i < slots.size(); ++i) frame[slots[i]] = tuple[i];
}
std::vector<int> SlotsOf(const PlanNode& node);

}  // namespace omen::exec
