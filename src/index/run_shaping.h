// How the runs to come are to be made, and how large a delta may grow before it becomes some: from
// what is asked and from how long filling and merging take.
#pragma once

#include <algorithm>

#include "index/hybrid_options.h"
#include "index/merge_pace.h"
#include "index/read_counters.h"
#include "index/version/run_merge.h"

namespace omen::index {

/// Nothing here changes an answer. Not synchronised.
template <typename Keys>
class RunShaping {
 public:
  /// Both outlive this.
  RunShaping(const HybridOptions& options, const Clock& clock)
      : options_(options),
        clock_(clock),
        pace_(options.delta_fraction),
        filled_since_(clock.MonotonicNanos()) {}

  /// Entries of a delta that is merged away.
  size_t DeltaLimit(const Version<Keys>& version) const {
    const uint64_t entries = version.runs == nullptr ? 0 : version.runs->entries();
    return std::max<size_t>(options_.delta_minimum, entries / pace_.fraction());
  }
  /// For runs beside `runs` (null: none), or for `to_come` entries before there are any.
  RunPolicy Policy(const RunSet<Keys>* runs, uint64_t to_come = 0) const;
  /// For a run in place of `replaced`, after so many merges.
  void Inherit(const SortedRun<Keys>& replaced, uint64_t merges, RunPolicy& policy) const;
  /// A delta was sealed, because it was full or for another reason; `reads` so far.
  void Sealed(bool full, const RunSet<Keys>* runs, const ReadCounters::Sums& reads);
  /// The sealed delta was merged in so much time: true if the fraction changed.
  bool Merged(int64_t nanos) { return sealed_full_ && pace_.Merged(nanos, fill_nanos_); }
  uint32_t fraction() const { return pace_.fraction(); }
  int64_t fill_nanos() const { return fill_nanos_; }

 private:
  const HybridOptions& options_;
  const Clock& clock_;
  // How the sealed delta came to be, and what that says of the next.
  MergePace pace_;
  int64_t filled_since_ = 0, fill_nanos_ = 0;
  bool sealed_full_ = false;
  ReadCounters::Sums reads_at_seal_;
  double lone_share_ = 0.5;
  bool hash_may_pay_ = !Keys::kHeadIsKey;
};

extern template class RunShaping<IntKeys>;
extern template class RunShaping<StringKeys>;

}  // namespace omen::index
