#include "index/run_trial.h"

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

}  // namespace

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

template <typename Keys>
int64_t RunTrialist<Keys>::BatchedNanos(learn::Random& random) const {
  using Run = SortedRun<Keys>;
  const Run* runs[Run::kBatch];
  typename Keys::Probe probes[Run::kBatch];
  uint32_t positions[Run::kBatch];
  std::fill_n(runs, Run::kBatch, &run_);
  int64_t nanos = 0;
  for (size_t done = 0; done < kSample; done += Run::kBatch) {
    for (auto& probe : probes)
      probe = run_.ProbeFor(run_.entries_[random.Below(run_.size_)].key());
    const int64_t started = plan_.clock->MonotonicNanos();
    Run::LowerBoundBatch(runs, probes, Run::kBatch, positions);
    nanos += plan_.clock->MonotonicNanos() - started;
  }
  return nanos;
}

template <typename Keys>
int64_t RunTrialist<Keys>::LoneNanos(learn::Random& random) const {
  constexpr size_t kTogether = SortedRun<Keys>::kBatch;
  typename Keys::Probe probes[kTogether];
  uint32_t positions[kTogether];
  int64_t nanos = 0;
  for (size_t done = 0; done < kSample; done += kTogether) {
    for (auto& probe : probes)
      probe = run_.ProbeFor(run_.entries_[random.Below(run_.size_)].key());
    const int64_t started = plan_.clock->MonotonicNanos();
    for (size_t i = 0; i < kTogether; ++i) positions[i] = run_.LowerBound(probes[i]);
    nanos += plan_.clock->MonotonicNanos() - started;
  }
  return nanos;
}

// Random entries; the best of three passes: the others measure somebody else.
template <typename Keys>
double RunTrialist<Keys>::SampledNanos(bool learned) {
  run_.learned_ = learned;
  int64_t batched = INT64_MAX, lone = INT64_MAX;
  for (uint64_t pass = 0; pass < 3; ++pass) {
    learn::Random random(run_.size_ + pass * 2 + learned);
    batched = std::min(batched, BatchedNanos(random));
    lone = std::min(lone, LoneNanos(random));
  }
  const double mean = static_cast<double>(batched) * (1 - plan_.lone_share) +
                      static_cast<double>(lone) * plan_.lone_share;
  return mean / kSample;
}

// Twice the epsilon: fewer segments, so fewer waits on the way to a wider window.
template <typename Keys>
Status RunTrialist<Keys>::TryOtherEpsilon() {
  OMEN_ASSIGN_OR_RETURN(learn::Model* const wider, run_.MakeModel(run_.model_->epsilon() * 2));
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
  return Status::Ok();
}

template <typename Keys>
Status RunTrialist<Keys>::Choose(uint32_t epsilon) {
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
  if (run_.model_->bytes() > Allowed() / kCrowded) OMEN_RETURN_IF_ERROR(TryOtherEpsilon());
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
