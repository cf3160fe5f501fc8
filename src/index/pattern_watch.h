// Whether a hash beside the runs would pay, from what was asked lately.
#pragma once

#include <cstdint>

namespace omen::index {

/// Operations of a stretch of time.
struct Asked {
  uint64_t points = 0;  // single and batched
  uint64_t ranges = 0;
  uint64_t writes = 0;
  uint64_t total() const { return points + ranges + writes; }
};

/// Buys the hash when waiting has cost about as much as buying it would have: then neither a
/// short burst of lookups nor a long one is served at more than about twice the best price.
/// One thread.
class PatternWatch {
 public:
  enum class Advice { kWait, kKeep, kAddHash, kDropHash };

  /// `so_far` counts since the beginning. Waits until enough was asked since the last advice to
  /// tell a pattern from noise. `hashed` of the `runs` have a hash; merges make runs without.
  Advice Look(const Asked& so_far, uint64_t entries, uint64_t runs, uint64_t hashed) {
    lately_ = {so_far.points - seen_.points, so_far.ranges - seen_.ranges,
               so_far.writes - seen_.writes};
    if (lately_.total() < kEnough + entries / 32) return Advice::kWait;
    seen_ = so_far;
    const bool points_only = lately_.points >= lately_.total() / 100 * 98;
    if (!points_only) {
      points_in_a_row_ = 0;
      refused_ = false;
      return hashed != 0 ? Advice::kDropHash : Advice::kKeep;
    }
    points_in_a_row_ += lately_.points;
    if (hashed == runs || refused_ || points_in_a_row_ < entries) return Advice::kKeep;
    return Advice::kAddHash;
  }
  /// The hash was tried and did not pay: not again before the pattern has turned.
  void Refuse() { refused_ = true; }
  const Asked& lately() const { return lately_; }

 private:
  static constexpr uint64_t kEnough = 4096;
  Asked seen_, lately_;
  uint64_t points_in_a_row_ = 0;
  bool refused_ = false;
};

}  // namespace omen::index
