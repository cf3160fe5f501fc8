// The choosing half of the hybrid index: how runs are to be made, how large a delta may grow,
// whether hashes stand beside the runs. (Which search a run is given when it is made: see
// run_trial.h.) Nothing here changes an answer.
#include <algorithm>

#include "index/hybrid_index.h"
#include "learn/key_sets.h"

namespace omen::index {

namespace {

// A hash that gains less than this is not worth its eight bytes an entry.
constexpr double kWorthIt = 1.1;

// Entries that are hashed in the time that a hash saves in one lookup of a string.
constexpr uint64_t kPerLookup = 32;

// What a core of a server reaches of its caches, whatever the whole package has.
constexpr uint64_t kCacheBytes = uint64_t{32} << 20;

const char* FormOf(const RunChoice& choice) { return NameOf(choice.search); }

// What a lookup would cost through the next best over what it costs; 0 where nothing was tried.
double Gain(const RunTrial& trial, Search chosen) {
  if (trial.tree_ns <= 0) return 0;
  if (chosen == Search::kLearned) return trial.tree_ns / trial.learned_ns;
  if (chosen == Search::kTree) return trial.learned_ns / trial.tree_ns;
  return trial.hash_ns > 0 ? std::min(trial.learned_ns, trial.tree_ns) / trial.hash_ns : 0;
}

// Nanoseconds of a lookup among random keys of the runs, as readers do them now.
template <typename Keys>
double SampledFind(const RunSet<Keys>& runs, const Clock& clock) {
  constexpr size_t kBatch = SortedRun<Keys>::kBatch, kBatches = 64;
  learn::Random random(runs.entries());
  int64_t nanos = 0;
  for (size_t done = 0; done < kBatches; ++done) {
    const SortedRun<Keys>* of[kBatch];
    typename Keys::Probe probes[kBatch];
    const typename Keys::Entry* found[kBatch];
    for (size_t i = 0; i < kBatch; ++i) {
      of[i] = runs.run(static_cast<uint32_t>(random.Below(runs.count())));
      probes[i] = of[i]->ProbeFor((of[i]->begin() + random.Below(of[i]->size()))->key());
    }
    const int64_t started = clock.MonotonicNanos();
    SortedRun<Keys>::FindBatch(of, probes, kBatch, found);
    nanos += clock.MonotonicNanos() - started;
  }
  return static_cast<double>(nanos) / (kBatch * kBatches);
}

}  // namespace

template <typename Keys>
RunPolicy HybridIndex<Keys>::Policy(uint64_t to_come) const {
  const RunSet<Keys>* runs = chain_.current()->runs;
  const uint64_t entries = to_come + (runs == nullptr ? 0 : runs->entries());
  const bool cold = entries * sizeof(typename Keys::Entry) > kCacheBytes;
  RunChoice choice{Search::kLearned, options_.epsilon};
  if (options_.form == Form::kHash) choice.search = Search::kHash;
  const Clock* const trial = options_.form == Form::kAuto ? &clock_ : nullptr;
  return {choice, options_.run_bytes, {trial, lone_share_, hash_may_pay_, false, cold}};
}

// A second model costs a merge a tenth of its time: most keep the epsilon that was found best.
template <typename Keys>
void HybridIndex<Keys>::Inherit(const Run& replaced, RunPolicy& policy) const {
  constexpr uint64_t kMergesBetweenTrials = 8;
  const uint32_t epsilon = replaced.choice().epsilon;
  if (policy.trial.clock == nullptr || epsilon == 0) return;
  if ((counts_.merges + 1) % kMergesBetweenTrials == 0) return;
  policy.choice.epsilon = epsilon;
  policy.trial.epsilon_known = true;
}

// A range seeks once, alone. A hash costs integers a third of their memory: see PatternWatch. It
// costs strings a tenth and saves most of a lookup, so that each run is made with one where a few
// lookups come to the entries that a merge rewrites.
template <typename Keys>
void HybridIndex<Keys>::NoteSeal(bool full) {
  const int64_t now = clock_.MonotonicNanos();
  fill_nanos_ = now - std::exchange(filled_since_, now);
  sealed_full_ = full;
  const ReadCounters::Sums reads = reads_.Sum();
  const ReadCounters::Sums seen = std::exchange(reads_at_seal_, reads);
  const uint64_t batched = reads.batched - seen.batched;
  const uint64_t lone = reads.points - seen.points + reads.ranges - seen.ranges;
  if (lone + batched != 0)
    lone_share_ = static_cast<double>(lone) / static_cast<double>(lone + batched);
  const RunSet<Keys>* runs = chain_.current()->runs;
  const uint64_t points = batched + reads.points - seen.points;
  hash_may_pay_ = !Keys::kHeadIsKey && runs != nullptr && points >= runs->entries() / kPerLookup;
}

template <typename Keys>
void HybridIndex<Keys>::RecordPace(uint32_t before, int64_t merge_nanos) {
  if (log_ == nullptr) return;
  obs::Decision decision;
  decision.at_micros = clock_.WallMicros();
  decision.part = "index";
  const bool smaller = pace_.fraction() > before;
  decision.chosen = smaller ? "smaller deltas" : "larger deltas";
  decision.instead_of = smaller ? "larger deltas" : "smaller deltas";
  decision.reason = smaller ? "merging is mostly idle" : "merging hardly keeps up with writing";
  decision.AddInput("fraction_before", before);
  decision.AddInput("fraction", pace_.fraction());
  decision.AddInput("merge_ns", static_cast<double>(merge_nanos));
  decision.AddInput("fill_ns", static_cast<double>(fill_nanos_));
  log_->Add(decision);
}

template <typename Keys>
void HybridIndex<Keys>::RecordRun(const Run& run) {
  if (log_ == nullptr) return;
  const RunTrial& trial = run.trial();
  const RunChoice choice = run.choice();
  obs::Decision decision;
  decision.at_micros = clock_.WallMicros();
  decision.part = "index";
  decision.subject = counts_.merges;
  decision.chosen = FormOf(choice);
  decision.instead_of = choice.search == Search::kLearned ? "btree" : "learned";
  decision.reason = trial.reason;
  decision.AddInput("entries", run.size());
  decision.AddInput("epsilon_blocks", choice.epsilon);
  decision.AddInput("segments", trial.segments);
  decision.AddInput("loose_segments", trial.loose_segments);
  decision.AddInput("model_bytes", static_cast<double>(trial.model_bytes));
  decision.AddInput("learned_ns", trial.learned_ns);
  decision.AddInput("other_epsilon_ns", trial.other_epsilon_ns);
  decision.AddInput("btree_ns", trial.tree_ns);
  decision.AddInput("hash_ns", trial.hash_ns);
  decision.measured_gain = Gain(trial, choice.search);
  log_->Add(decision);
}

template <typename Keys>
void HybridIndex<Keys>::RecordHash(const Asked& lately, bool added, double gain,
                                   const char* reason) {
  if (log_ == nullptr) return;
  obs::Decision decision;
  decision.at_micros = clock_.WallMicros();
  decision.part = "index";
  decision.chosen = added ? "hash" : "ordered";
  decision.instead_of = added ? "ordered" : "hash";
  decision.reason = reason;
  decision.AddInput("points", static_cast<double>(lately.points));
  decision.AddInput("ranges", static_cast<double>(lately.ranges));
  decision.AddInput("writes", static_cast<double>(lately.writes));
  decision.measured_gain = gain;
  log_->Add(decision);
}

template <typename Keys>
double HybridIndex<Keys>::SampledNanos() const {
  const EpochGuard guard(chain_.epochs());
  const RunSet<Keys>* runs = chain_.current()->runs;
  return runs == nullptr || runs->empty() ? 0 : SampledFind(*runs, clock_);
}

// The run at a place now; null behind the last.
template <typename Keys>
SortedRun<Keys>* HybridIndex<Keys>::RunAt(uint32_t place) const {
  const EpochGuard guard(chain_.epochs());
  const RunSet<Keys>* runs = chain_.current()->runs;
  return runs == nullptr || place >= runs->count() ? nullptr : runs->run(place);
}

// Holds merge_mutex_, so the runs stay, and no epoch: what others free must not wait for hashes.
// Readers meet each one as it is attached.
template <typename Keys>
Status HybridIndex<Keys>::AddHashes(double& gain) {
  const double before = SampledNanos();
  for (uint32_t i = 0; Run* const run = RunAt(i); ++i) {
    if (run->choice().search == Search::kHash) continue;
    OMEN_ASSIGN_OR_RETURN(PositionHash* const hash, run->MakeHash());
    PositionHash* const old = run->Attach(hash);
    OMEN_CHECK(old == nullptr);
  }
  const double after = SampledNanos();
  gain = after > 0 ? before / after : 0;
  return Status::Ok();
}

template <typename Keys>
Status HybridIndex<Keys>::DropHashes() {
  const std::lock_guard lock(write_mutex_);
  chain_.Reclaim();
  const RunSet<Keys>* runs = chain_.current()->runs;
  const uint32_t count = runs == nullptr ? 0 : runs->count();
  V* next = chain_.ReserveGarbage(count) ? chain_.Successor() : nullptr;
  if (next == nullptr) return learn::OutOfMemory();
  for (uint32_t i = 0; i < count; ++i) {
    PositionHash* const hash = runs->run(i)->Attach(nullptr);
    if (hash != nullptr) chain_.AddGarbage({&VersionChain<Keys>::FreeHash, &memory_, hash});
  }
  chain_.Publish(next);
  return Status::Ok();
}

template <typename Keys>
void HybridIndex<Keys>::RecordMerge(const Asked& lately) {
  if (log_ == nullptr) return;
  obs::Decision decision;
  decision.at_micros = clock_.WallMicros();
  decision.part = "index";
  decision.chosen = "merged";
  decision.instead_of = "a delta beside the runs";
  decision.reason = "it is read and not written";
  decision.AddInput("points", static_cast<double>(lately.points));
  decision.AddInput("ranges", static_cast<double>(lately.ranges));
  log_->Add(decision);
}

template <typename Keys>
void HybridIndex<Keys>::TryHashes() {
  double gain = 0;
  const bool paid = AddHashes(gain).ok() && gain >= kWorthIt;
  if (paid) return RecordHash(pattern_.lately(), true, gain, "only single keys are asked");
  pattern_.Refuse();
  const Status dropped = DropHashes();
  RecordHash(pattern_.lately(), false, gain > 0 ? 1 / gain : 0, "a hash was tried and did not pay");
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
      const Status dropped = DropHashes();
      return RecordHash(pattern_.lately(), false, 0, "ranges or writes are asked again");
    }
    case PatternWatch::Advice::kMerge: {
      if (MergeAll().ok()) RecordMerge(pattern_.lately());
      return;
    }
    case PatternWatch::Advice::kAddHash:
      return TryHashes();
  }
}

template class HybridIndex<IntKeys>;
template class HybridIndex<StringKeys>;

}  // namespace omen::index
