// A WITH query while it runs: read once, as far as its readers ask, and kept.
#pragma once

#include <memory>
#include <unordered_set>

#include "exec/rows/level.h"

namespace omen::exec {

/// One common table of one level's run. One thread.
class CommonTableRun {
 public:
  CommonTableRun(const CommonTablePlan& plan, EvalContext* owner);
  ~CommonTableRun();

  /// The row at `index`, producing rows as needed; null past the end.
  Result<const Value*> RowAt(size_t index);
  /// What a recursive arm reads of itself: the rows of the last round.
  const Value* WorkingRowAt(size_t index);
  const CommonTablePlan& plan() const { return plan_; }
  void Forget();

 private:
  Result<bool> Pull();
  Result<bool> PullRecursive();
  Result<bool> Keep(LevelRun* level);
  bool IsNew(const Value* tuple);

  struct SeenRows;
  const CommonTablePlan& plan_;
  EvalContext* owner_;
  EvalContext middle_;  // stands for the UNION of a recursive query, a level of its own
  LevelRun level_;
  std::unique_ptr<LevelRun> recursive_;
  TupleBuffer rows_;
  std::unique_ptr<SeenRows> seen_;  // UNION without ALL
  bool opened_ = false, done_ = false, first_arm_done_ = false, round_open_ = false;
  size_t working_begin_ = 0, working_end_ = 0;
};

}  // namespace omen::exec
