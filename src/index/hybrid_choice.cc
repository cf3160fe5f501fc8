// The choosing half of the hybrid index: whether hashes stand beside the runs, whether a delta is
// merged before its time. (How runs are to be made: see run_shaping.h; which search a run is given
// then: run_trial.h.) Nothing here changes an answer.
#include "index/hybrid_index.h"

namespace omen::index {

namespace {

// A hash that gains less than this is not worth its eight bytes an entry.
constexpr double kWorthIt = 1.1;

}  // namespace

template <typename Keys>
void HybridIndex<Keys>::TryHashes() {
  double gain = 0;
  const bool paid = hashes_.Add(gain).ok() && gain >= kWorthIt;
  if (paid) return decisions_.Hash(pattern_.lately(), true, gain, "only single keys are asked");
  pattern_.Refuse();
  const Status dropped = hashes_.Drop();
  decisions_.Hash(pattern_.lately(), false, gain > 0 ? 1 / gain : 0,
                  "a hash was tried and did not pay");
}

template <typename Keys>
void HybridIndex<Keys>::Reconsider() {
  if (options_.form != Form::kAuto) return;
  const std::lock_guard merging(merge_mutex_);
  const IndexStatistics now = statistics();
  const Asked so_far{now.points + now.batched_points, now.ranges, now.inserts + now.erases};
  switch (pattern_.Look(so_far, {now.entries, now.delta_entries, now.runs, now.hash_runs})) {
    case PatternWatch::Advice::kWait:
    case PatternWatch::Advice::kKeep:
      return;
    case PatternWatch::Advice::kDropHash: {
      const Status dropped = hashes_.Drop();
      return decisions_.Hash(pattern_.lately(), false, 0, "ranges or writes are asked again");
    }
    case PatternWatch::Advice::kMerge: {
      if (MergeAll().ok()) decisions_.Merge(pattern_.lately());
      return;
    }
    case PatternWatch::Advice::kAddHash:
      return TryHashes();
  }
}

template class HybridIndex<IntKeys>;
template class HybridIndex<StringKeys>;

}  // namespace omen::index
