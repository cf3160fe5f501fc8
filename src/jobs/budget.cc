#include "jobs/budget.h"

#include <algorithm>

#include "base/check.h"

namespace omen::jobs {
namespace {

constexpr double kNanosPerSecond = 1e9;
/// A core counts as free when half of it is.
constexpr double kFreeCore = 0.5;
/// What was not used is kept for so long.
constexpr double kSavedSeconds = 0.25;
constexpr double kLongestRestSeconds = 30;

}  // namespace

Budget::Budget(const Limits& limits, int64_t now_nanos)
    : limits_(limits), share_(limits.share_max), looked_nanos_(now_nanos) {
  OMEN_CHECK(limits.share_max >= 0 && limits.share_min <= std::max(limits.share_max, 0.01));
}

double Budget::ByteRate() const {
  return limits_.share_max > 0 ? limits_.bytes_per_s * share_ / limits_.share_max : 0;
}

void Budget::Look(int64_t now_nanos, double idle_cores) {
  const auto elapsed = static_cast<double>(std::max<int64_t>(1, now_nanos - looked_nanos_));
  looked_nanos_ = now_nanos;
  const double free = idle_cores + static_cast<double>(own_nanos_) / elapsed;
  own_nanos_ = 0;
  credit_nanos_ =
      std::min(credit_nanos_ + elapsed * share_, kSavedSeconds * kNanosPerSecond * share_);
  credit_bytes_ =
      std::min(credit_bytes_ + elapsed / kNanosPerSecond * ByteRate(), kSavedSeconds * ByteRate());
  share_ = free >= kFreeCore ? std::min(limits_.share_max, share_ * 2)
                             : std::min(limits_.share_max, std::max(limits_.share_min, share_ / 2));
}

void Budget::Charge(int64_t busy_nanos, int64_t processor_nanos, int64_t bytes) {
  own_nanos_ += processor_nanos;
  credit_nanos_ -= static_cast<double>(busy_nanos);
  credit_bytes_ -= static_cast<double>(bytes);
}

int64_t Budget::RestNanos() const {
  if (share_ <= 0) return static_cast<int64_t>(kLongestRestSeconds * kNanosPerSecond);
  const double time = -credit_nanos_ / share_;
  const double bytes = ByteRate() > 0 ? -credit_bytes_ / ByteRate() * kNanosPerSecond : 0;
  return static_cast<int64_t>(
      std::clamp(std::max(time, bytes), 0.0, kLongestRestSeconds * kNanosPerSecond));
}

}  // namespace omen::jobs
