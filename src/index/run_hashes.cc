#include "index/run_hashes.h"

#include "learn/key_sets.h"

namespace omen::index {

namespace {

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
double RunHashes<Keys>::SampledNanos() const {
  const EpochGuard guard(chain_.epochs());
  const RunSet<Keys>* runs = chain_.current()->runs;
  return runs == nullptr || runs->empty() ? 0 : SampledFind(*runs, clock_);
}

// The run at a place now; null behind the last.
template <typename Keys>
SortedRun<Keys>* RunHashes<Keys>::RunAt(uint32_t place) const {
  const EpochGuard guard(chain_.epochs());
  const RunSet<Keys>* runs = chain_.current()->runs;
  return runs == nullptr || place >= runs->count() ? nullptr : runs->run(place);
}

// Merges are kept out, so the runs stay; no epoch is held: what others free must not wait for
// hashes.
template <typename Keys>
Status RunHashes<Keys>::Add(double& gain) {
  const double before = SampledNanos();
  for (uint32_t i = 0; SortedRun<Keys>* const run = RunAt(i); ++i) {
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
Status RunHashes<Keys>::Drop() {
  const std::lock_guard lock(writing_);
  chain_.Reclaim();
  const RunSet<Keys>* runs = chain_.current()->runs;
  const uint32_t count = runs == nullptr ? 0 : runs->count();
  Version<Keys>* next = chain_.ReserveGarbage(count) ? chain_.Successor() : nullptr;
  if (next == nullptr) return learn::OutOfMemory();
  for (uint32_t i = 0; i < count; ++i) {
    PositionHash* const hash = runs->run(i)->Attach(nullptr);
    if (hash != nullptr) chain_.AddGarbage({&VersionChain<Keys>::FreeHash, &memory_, hash});
  }
  chain_.Publish(next);
  return Status::Ok();
}

template class RunHashes<IntKeys>;
template class RunHashes<StringKeys>;

}  // namespace omen::index
