#include "index/run/run_trial.h"

#include <algorithm>

#include "learn/model_build.h"

namespace omen::index {

namespace {

// 10 MB for 100 M entries; a small model may always be there.
constexpr double kModelBytesPerEntry = 0.1;
constexpr size_t kAlwaysAllowed = 4096;
// A model of less than this part of what it may be is in the caches: fewer segments gain nothing.
constexpr size_t kCrowded = 4;
// A tree must be this much faster before it displaces a model: trials are short and noisy.
constexpr double kClearly = 1.1;

void EvictionDone() {
#if defined(__x86_64__)
  __builtin_ia32_mfence();
#endif
}

void EvictLines(const void* from, size_t bytes) {
#if defined(__x86_64__)
  const auto* line = static_cast<const char*>(from);
  for (const char* end = line + bytes; line < end; line += 64) __builtin_ia32_clflush(line);
#endif
}

}  // namespace

// The entries and the part of the guide that lookups of this entry read, however they find it.
template <typename Keys>
void RunTrialist<Keys>::Evict(uint32_t position) const {
  constexpr uint32_t kBlock = SortedRun<Keys>::kBlock;
  const learn::Model* const model = run_.model_;
  const uint32_t around = kBlock * (2 + (model == nullptr ? GuideTree::kGroup : model->epsilon()));
  const uint32_t first = position - std::min(position, around);
  const uint32_t entries = std::min(run_.size_ - first, 2 * around);
  EvictLines(&run_.entries_[first], entries * sizeof(typename Keys::Entry));
  const uint32_t block = first / kBlock;
  const auto blocks = static_cast<uint32_t>(run_.guide_.size()) - block;
  EvictLines(&run_.guide_[block], std::min(blocks, 2 * around / kBlock) * sizeof(uint64_t));
}

template <typename Keys>
size_t RunTrialist<Keys>::Allowed() const {
  const double allowed = static_cast<double>(run_.size_) * kModelBytesPerEntry;
  return std::max<size_t>(kAlwaysAllowed, static_cast<size_t>(allowed));
}

template <typename Keys>
Status RunTrialist<Keys>::BuildSmallEnough(uint32_t epsilon) {
  do {
    OMEN_ASSIGN_OR_RETURN(learn::Model* const model, run_.MakeModel(epsilon));
    run_.UseModel(model);
    epsilon *= 2;
  } while (run_.model_->bytes() > Allowed() && epsilon <= kMaxEpsilon);
  return Status::Ok();
}

template <typename Keys>
void RunTrialist<Keys>::KeepTree(const char* reason) {
  run_.trial_.reason = reason;
  run_.UseModel(nullptr);
}

template <typename Keys>
void RunTrialist<Keys>::KeepModel(const char* reason) {
  run_.trial_.reason = reason;
  run_.learned_ = true;
  run_.tree_ = GuideTree(run_.memory_);
}

// A run that was just made lies in the caches, and its lookups would not miss as they will in a
// large index: what is particular to a key is taken out of them first.
template <typename Keys>
void RunTrialist<Keys>::Draw(learn::Random& random, typename Keys::Probe* probes) const {
  uint32_t positions[SortedRun<Keys>::kBatch];
  for (size_t i = 0; i < SortedRun<Keys>::kBatch; ++i) {
    positions[i] = static_cast<uint32_t>(random.Below(run_.size_));
    probes[i] = run_.ProbeFor(run_.entries_[positions[i]].key());
  }
  if (!plan_.cold) return;
  for (uint32_t position : positions) Evict(position);
  EvictionDone();
}

// Batches of random entries, the best of three passes: the others measure somebody else.
// `ask(probes, together)` looks them up, together or one after another.
template <typename Keys>
template <typename Ask>
double RunTrialist<Keys>::Sampled(Ask ask) const {
  constexpr size_t kBatch = SortedRun<Keys>::kBatch;
  int64_t best[2] = {INT64_MAX, INT64_MAX};
  for (uint64_t pass = 0; pass < 6; ++pass) {
    const bool together = pass % 2 == 0;
    learn::Random random(run_.size_ + pass);
    int64_t nanos = 0;
    for (size_t done = 0; done < kSample; done += kBatch) {
      typename Keys::Probe probes[kBatch];
      Draw(random, probes);
      const int64_t started = plan_.clock->MonotonicNanos();
      ask(probes, together);
      nanos += plan_.clock->MonotonicNanos() - started;
    }
    best[together] = std::min(best[together], nanos);
  }
  return (static_cast<double>(best[1]) * (1 - plan_.lone_share) +
          static_cast<double>(best[0]) * plan_.lone_share) /
         kSample;
}

template <typename Keys>
double RunTrialist<Keys>::SampledNanos(bool learned) {
  using Run = SortedRun<Keys>;
  run_.learned_ = learned;
  const Run* runs[Run::kBatch];
  std::fill_n(runs, Run::kBatch, &run_);
  return Sampled([&](const typename Keys::Probe* probes, bool together) {
    uint32_t positions[Run::kBatch];
    if (together) return Run::LowerBoundBatch(runs, probes, Run::kBatch, positions);
    for (size_t i = 0; i < Run::kBatch; ++i) positions[i] = run_.LowerBound(probes[i]);
  });
}

template <typename Keys>
double RunTrialist<Keys>::SampledFinds() const {
  using Run = SortedRun<Keys>;
  const Run* runs[Run::kBatch];
  std::fill_n(runs, Run::kBatch, &run_);
  return Sampled([&](const typename Keys::Probe* probes, bool together) {
    const typename Keys::Entry* found[Run::kBatch];
    if (together) return Run::FindBatch(runs, probes, Run::kBatch, found);
    for (size_t i = 0; i < Run::kBatch; ++i) found[i] = run_.Find(probes[i]);
  });
}

// Twice the epsilon: fewer segments, so fewer waits on the way to a wider window. Without memory
// for a second model the first is good enough.
template <typename Keys>
void RunTrialist<Keys>::TryOtherEpsilon() {
  const auto made = run_.MakeModel(run_.model_->epsilon() * 2);
  if (!made.ok()) return;
  learn::Model* const wider = *made;
  learn::Model* const narrow = std::exchange(run_.model_, wider);
  const double ns = SampledNanos(true);
  if (ns < run_.trial_.learned_ns) {
    Unplace(run_.memory_, narrow);
    run_.trial_.other_epsilon_ns = std::exchange(run_.trial_.learned_ns, ns);
    run_.trial_.segments = wider->segments();
    run_.trial_.model_bytes = wider->bytes();
  } else {
    Unplace(run_.memory_, std::exchange(run_.model_, narrow));
    run_.trial_.other_epsilon_ns = ns;
  }
}

// Without memory for it there is none.
template <typename Keys>
void RunTrialist<Keys>::TryHash() {
  const double ordered_ns = SampledFinds();
  auto hash = run_.MakeHash();
  if (!hash.ok()) return;
  Unplace(run_.memory_, run_.Attach(*hash));
  run_.trial_.hash_ns = SampledFinds();
  if (ordered_ns < kClearly * run_.trial_.hash_ns) {
    Unplace(run_.memory_, run_.Attach(nullptr));
  } else {
    run_.trial_.reason = "a sample of lookups was faster through a hash";
  }
}

template <typename Keys>
Status RunTrialist<Keys>::Choose(uint32_t epsilon) {
  OMEN_RETURN_IF_ERROR(ChooseOrder(epsilon));
  if (plan_.hash && run_.size_ >= kSmall) TryHash();
  return Status::Ok();
}

template <typename Keys>
Status RunTrialist<Keys>::ChooseOrder(uint32_t epsilon) {
  const std::span<const uint64_t> guide(run_.guide_.data(), run_.guide_.size());
  OMEN_RETURN_IF_ERROR(BuildSmallEnough(epsilon));
  if (run_.size_ < kSmall) {
    KeepModel("too small to matter");
    return Status::Ok();
  }
  OMEN_RETURN_IF_ERROR(run_.tree_.Build(guide));
  if (run_.model_->bytes() > Allowed()) {
    KeepTree("the model would be too large");
    return Status::Ok();
  }
  OMEN_ASSIGN_OR_RETURN(run_.trial_.loose_segments,
                        learn::CountSegments(guide, run_.model_->epsilon() * 128, run_.memory_));
  run_.trial_.learned_ns = SampledNanos(true);
  if (!plan_.epsilon_known && run_.model_->bytes() > Allowed() / kCrowded) TryOtherEpsilon();
  run_.trial_.tree_ns = SampledNanos(false);
  if (run_.trial_.learned_ns > kClearly * run_.trial_.tree_ns) {
    KeepTree("a sample of lookups was slower through the model");
  } else {
    KeepModel("a sample of lookups was not slower through the model");
  }
  return Status::Ok();
}

template class RunTrialist<IntKeys>;
template class RunTrialist<StringKeys>;

}  // namespace omen::index
