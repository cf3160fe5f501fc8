// Weaves a part of a sealed delta into one run.
#pragma once

#include <span>

#include "index/version/index.h"
#include "index/version/version_cursor.h"

namespace omen::index {

/// How large runs are to be, and how they are searched.
struct RunPolicy {
  RunChoice choice;
  size_t target_bytes = 0;
  TrialPlan trial;  // with a clock: each run's search is chosen by a trial
};

/// New runs, in order; freed with this object unless taken.
template <typename Keys>
class MadeRuns {
 public:
  explicit MadeRuns(learn::Memory& memory) : memory_(memory), runs_(memory) {}
  ~MadeRuns() {
    for (SortedRun<Keys>* run : runs_) Unplace(memory_, run);
  }
  [[nodiscard]] bool MakeRoom() { return runs_.MakeRoom(); }
  [[nodiscard]] bool Add(SortedRun<Keys>* run) { return runs_.Append(run); }
  const learn::Array<SortedRun<Keys>*>& all() const { return runs_; }
  uint64_t entries() const {
    uint64_t sum = 0;
    for (const SortedRun<Keys>* run : runs_) sum += run->size();
    return sum;
  }
  void Taken() { runs_.Truncate(0); }

 private:
  learn::Memory& memory_;
  learn::Array<SortedRun<Keys>*> runs_;
};

/// Joins `run` (or nothing) with the delta's entries from where `delta` stands up to and with
/// `bound` (or the end), and leaves `delta` behind them. Tombstones and what they hide are
/// gone from the result, which is cut into even runs where it is larger than the target.
/// Reads immutable things only; any thread. 53200.
template <typename Keys>
Status MergeRun(const SortedRun<Keys>* run, TreeCursor<Keys>& delta,
                const typename Keys::Entry* bound, const RunPolicy& policy, learn::Memory& memory,
                MadeRuns<Keys>& made);

/// Sorted pairs as new runs.
template <typename Keys>
Status BuildRuns(std::span<const Change<Keys>> sorted, const RunPolicy& policy,
                 learn::Memory& memory, MadeRuns<Keys>& made);

/// Finish, and the model dropped for a tree where it is larger than it may be.
template <typename Keys>
Status FinishRun(RunBuilder<Keys>& builder, const RunPolicy& policy, MadeRuns<Keys>& made);

}  // namespace omen::index
