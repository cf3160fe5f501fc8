#include "index/run_trial.h"

#include <algorithm>

#include "learn/key_sets.h"
#include "learn/model_build.h"

namespace omen::index {

namespace {

// 10 MB for 100 M entries; a small model may always be there.
constexpr double kModelBytesPerEntry = 0.1;
constexpr size_t kAlwaysAllowed = 4096;
// A tree must be this much faster before it displaces a model: trials are short and noisy.
constexpr double kClearly = 1.1;

}  // namespace

template <typename Keys>
bool RunTrialist<Keys>::SmallEnough() const {
  const double allowed = static_cast<double>(run_.size_) * kModelBytesPerEntry;
  return run_.trial_.model_bytes <= std::max<size_t>(kAlwaysAllowed, static_cast<size_t>(allowed));
}

template <typename Keys>
Status RunTrialist<Keys>::KeepTree(const char* reason) {
  run_.trial_.reason = reason;
  run_.learned_ = false;
  Unplace(run_.memory_, run_.model_);
  run_.model_ = nullptr;
  return Status::Ok();
}

template <typename Keys>
void RunTrialist<Keys>::KeepModel(const char* reason) {
  run_.trial_.reason = reason;
  run_.learned_ = true;
  run_.tree_ = GuideTree(run_.memory_);
}

// Random entries in batches, the best of three passes: the others measure somebody else.
template <typename Keys>
double RunTrialist<Keys>::SampledNanos(bool learned) {
  using Run = SortedRun<Keys>;
  run_.learned_ = learned;
  const Run* runs[Run::kBatch];
  typename Keys::Probe probes[Run::kBatch];
  uint32_t positions[Run::kBatch];
  std::fill_n(runs, Run::kBatch, &run_);
  int64_t best = INT64_MAX;
  for (int pass = 0; pass < 3; ++pass) {
    learn::Random random(run_.size_ + static_cast<uint64_t>(pass) * 2 + learned);
    int64_t nanos = 0;
    for (size_t done = 0; done < kSample; done += Run::kBatch) {
      for (auto& probe : probes)
        probe = run_.ProbeFor(run_.entries_[random.Below(run_.size_)].key());
      const int64_t started = clock_.MonotonicNanos();
      Run::LowerBoundBatch(runs, probes, Run::kBatch, positions);
      nanos += clock_.MonotonicNanos() - started;
    }
    best = std::min(best, nanos);
  }
  return static_cast<double>(best) / kSample;
}

template <typename Keys>
Status RunTrialist<Keys>::Choose(uint32_t epsilon) {
  const std::span<const uint64_t> guide(run_.guide_.data(), run_.guide_.size());
  OMEN_RETURN_IF_ERROR(run_.BuildModel(epsilon));
  while (!SmallEnough() && epsilon < kMaxEpsilon) {
    epsilon *= 2;
    OMEN_RETURN_IF_ERROR(run_.BuildModel(epsilon));
  }
  if (run_.size_ < kSmall) {
    KeepModel("too small to matter");
    return Status::Ok();
  }
  OMEN_RETURN_IF_ERROR(run_.tree_.Build(guide));
  if (!SmallEnough()) return KeepTree("the model would be too large");
  OMEN_ASSIGN_OR_RETURN(run_.trial_.loose_segments,
                        learn::CountSegments(guide, epsilon * 128, run_.memory_));
  run_.trial_.learned_ns = SampledNanos(true);
  run_.trial_.tree_ns = SampledNanos(false);
  if (run_.trial_.learned_ns > kClearly * run_.trial_.tree_ns)
    return KeepTree("a sample of lookups was slower through the model");
  KeepModel("a sample of lookups was not slower through the model");
  return Status::Ok();
}

template class RunTrialist<IntKeys>;
template class RunTrialist<StringKeys>;

}  // namespace omen::index
