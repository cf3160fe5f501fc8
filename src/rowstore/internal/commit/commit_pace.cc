#include "rowstore/internal/commit/commit_pace.h"

namespace omen::rowstore {

std::optional<CommitPace::Clock::time_point> CommitPace::Begin(size_t queued) {
  if (queued >= expected_) return std::nullopt;
  const auto until = done_at_ + std::chrono::nanoseconds(sync_ns_.load() / kPart);
  began_at_ = Clock::now();
  if (began_at_ >= until) return std::nullopt;
  if (gain_ns_ <= 0 && ++skipped_ < kTryEvery) return std::nullopt;
  skipped_ = 0;
  began_with_ = queued;
  waits_ = true;
  return until;
}

void CommitPace::End(size_t queued) {
  waits_ = false;
  const auto waited = static_cast<double>((Clock::now() - began_at_).count());
  const double saved =
      static_cast<double>(queued - began_with_) * static_cast<double>(sync_ns_.load());
  const double gain = saved - static_cast<double>(began_with_) * waited;
  gain_ns_ += (gain - gain_ns_) / kSmoothing;
}

}  // namespace omen::rowstore
