// How scans, joins and groupings have gone on each path, in whatever statements they stand: what is
// learned of one template serves others.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>

#include "router/arm_times.h"

namespace omen::router {

/// One thread.
class PartTimes {
 public:
  static constexpr size_t kBuckets = 64;
  explicit PartTimes(size_t parts_max) : bucket_max_(std::max<size_t>(parts_max / kBuckets, 1)) {}

  void Note(const Features& features, Path path, double log_ratio);
  /// Nothing where none of its parts has been met on that path.
  std::optional<Belief> Of(const Features& features, Path path) const;

  /// A bucket's bytes where it has changed since they were taken.
  std::optional<std::string> TakeChanged(size_t bucket);
  /// What is damaged is passed by.
  void Restore(PackedReader* in);

 private:
  using Times = std::array<TimeRatios, kPaths>;
  struct Bucket {
    std::unordered_map<uint64_t, Times> times;
    bool changed = false;
  };

  const size_t bucket_max_;
  std::array<Bucket, kBuckets> buckets_;
};

}  // namespace omen::router
