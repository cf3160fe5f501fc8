// How large a delta may grow before it is merged away, from how long merges take.
#pragma once

#include <algorithm>
#include <cstdint>

namespace omen::index {

/// A large delta makes merges rare; a small one makes writes and reads cheap, for both walk it. On
/// one core the sum hardly changes between an eighth and a thirty-second of the runs; what does
/// change is how busy the merging thread is (bench/results/index-*.json, part mixes). So the delta
/// is as small as keeps that thread between a quarter and three quarters busy. Not synchronised.
class MergePace {
 public:
  static constexpr uint32_t kLeast = 8, kMost = 64;

  explicit MergePace(uint32_t fraction) : fraction_(fraction) {}
  /// A delta may be one part in this of the runs.
  uint32_t fraction() const { return fraction_; }
  /// After a delta that took `fill_nanos` to fill was merged in `merge_nanos`: true if the
  /// fraction changed.
  bool Merged(int64_t merge_nanos, int64_t fill_nanos) {
    const uint32_t before = fraction_;
    if (merge_nanos < fill_nanos / 4) {
      fraction_ = std::max(before, std::min(before * 2, kMost));
    } else if (merge_nanos > fill_nanos / 4 * 3) {
      fraction_ = std::min(before, std::max(before / 2, kLeast));
    }
    return fraction_ != before;
  }

 private:
  uint32_t fraction_;
};

}  // namespace omen::index
