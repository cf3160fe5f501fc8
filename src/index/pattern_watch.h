// Whether a hash beside the runs, or a merge before its time, would pay, from what was asked.
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

/// Decides as one who rents until he has paid a good part of the price: then neither a short burst
/// of reads nor a long one is served at much more than the best price. One thread.
class PatternWatch {
 public:
  enum class Advice { kWait, kKeep, kAddHash, kDropHash, kMerge };

  /// What the index consists of now. Merges may make runs without hashes.
  struct Shape {
    uint64_t entries = 0, delta_entries = 0, runs = 0, hashed = 0;
  };

  /// Hashes are for where this part of what is asked, or more, are single keys.
  explicit PatternWatch(uint64_t points_percent = 98) : points_percent_(points_percent) {}
  /// `so_far` counts since the beginning. Waits until enough was asked since the last advice to
  /// tell a pattern from noise.
  Advice Look(const Asked& so_far, const Shape& shape) {
    lately_ = {so_far.points - seen_.points, so_far.ranges - seen_.ranges,
               so_far.writes - seen_.writes};
    if (Work(lately_) + lately_.writes < kEnough + shape.entries / 32) return Advice::kWait;
    seen_ = so_far;
    const bool points_only = lately_.points >= lately_.total() / 100 * points_percent_;
    points_in_a_row_ = points_only ? points_in_a_row_ + lately_.points : 0;
    work_in_quiet_ = lately_.writes == 0 ? work_in_quiet_ + Work(lately_) : 0;
    refused_ = refused_ && points_only;
    if (!points_only && shape.hashed != 0) return Advice::kDropHash;
    if (shape.delta_entries != 0 && work_in_quiet_ >= shape.entries * kMergedEntry) {
      work_in_quiet_ = 0;  // a merge that is refused is not tried again at once
      return Advice::kMerge;
    }
    const bool worth_it = points_in_a_row_ >= shape.entries / kHashedEntries;
    return shape.hashed != shape.runs && !refused_ && worth_it ? Advice::kAddHash : Advice::kKeep;
  }
  /// The hash was tried and did not pay: not again before the pattern has turned.
  void Refuse() { refused_ = true; }
  const Asked& lately() const { return lately_; }

 private:
  // What reading through a delta costs, in lookups' worth of it: a lookup asks a filter, a range
  // walks a tree beside the runs.
  static constexpr uint64_t kRange = 128;
  static uint64_t Work(const Asked& asked) { return asked.points + asked.ranges * kRange; }
  static constexpr uint64_t kEnough = 4096;
  static constexpr uint64_t kMergedEntry = 4;    // merging one costs that many lookups' worth
  static constexpr uint64_t kHashedEntries = 4;  // hashing that many costs a lookup's gain
  const uint64_t points_percent_;
  Asked seen_, lately_;
  uint64_t points_in_a_row_ = 0;
  uint64_t work_in_quiet_ = 0;
  bool refused_ = false;
};

}  // namespace omen::index
