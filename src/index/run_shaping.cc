#include "index/run_shaping.h"

#include <utility>

namespace omen::index {

namespace {

// Entries that are hashed in the time that a hash saves in one lookup of a string.
constexpr uint64_t kPerLookup = 32;

// What a core of a server reaches of its caches, whatever the whole package has.
constexpr uint64_t kCacheBytes = uint64_t{32} << 20;

}  // namespace

template <typename Keys>
RunPolicy RunShaping<Keys>::Policy(const RunSet<Keys>* runs, uint64_t to_come) const {
  const uint64_t entries = to_come + (runs == nullptr ? 0 : runs->entries());
  const bool cold = entries * sizeof(typename Keys::Entry) > kCacheBytes;
  RunChoice choice{Search::kLearned, options_.epsilon};
  if (options_.form == Form::kHash) choice.search = Search::kHash;
  const Clock* const trial = options_.form == Form::kAuto ? &clock_ : nullptr;
  return {choice, options_.run_bytes, {trial, lone_share_, hash_may_pay_, false, cold}};
}

// A second model costs a merge a tenth of its time: most keep the epsilon that was found best.
template <typename Keys>
void RunShaping<Keys>::Inherit(const SortedRun<Keys>& replaced, uint64_t merges,
                               RunPolicy& policy) const {
  constexpr uint64_t kMergesBetweenTrials = 8;
  const uint32_t epsilon = replaced.choice().epsilon;
  if (policy.trial.clock == nullptr || epsilon == 0) return;
  if ((merges + 1) % kMergesBetweenTrials == 0) return;
  policy.choice.epsilon = epsilon;
  policy.trial.epsilon_known = true;
}

// A range seeks once, alone. A hash costs integers a third of their memory: see PatternWatch. It
// costs strings a tenth and saves most of a lookup, so that each run is made with one where a few
// lookups come to the entries that a merge rewrites.
template <typename Keys>
void RunShaping<Keys>::Sealed(bool full, const RunSet<Keys>* runs,
                              const ReadCounters::Sums& reads) {
  const int64_t now = clock_.MonotonicNanos();
  fill_nanos_ = now - std::exchange(filled_since_, now);
  sealed_full_ = full;
  const ReadCounters::Sums seen = std::exchange(reads_at_seal_, reads);
  const uint64_t batched = reads.batched - seen.batched;
  const uint64_t lone = reads.points - seen.points + reads.ranges - seen.ranges;
  if (lone + batched != 0)
    lone_share_ = static_cast<double>(lone) / static_cast<double>(lone + batched);
  const uint64_t points = batched + reads.points - seen.points;
  hash_may_pay_ = !Keys::kHeadIsKey && runs != nullptr && points >= runs->entries() / kPerLookup;
}

template class RunShaping<IntKeys>;
template class RunShaping<StringKeys>;

}  // namespace omen::index
