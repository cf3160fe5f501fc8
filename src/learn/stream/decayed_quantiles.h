// Quantiles of a stream of whole numbers, of which what came last counts most.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace omen::learn {

/// Log-linear buckets as in HdrHistogram (G. Tene): values below 8 each have one, above them every
/// power of two has eight, so that a quantile is within an eighth of a value that was added. After
/// every 256 values all counts are halved. Any thread; takes no lock; half a kilobyte.
class DecayedQuantiles {
 public:
  static constexpr uint32_t kHalvedEvery = 256;

  /// Values of 2^36 and more count as the largest.
  void Add(uint64_t value);
  /// Of `share` in [0, 1]; within its bucket values are taken to be even. 0 where there is none.
  double Quantile(double share) const;
  /// Values, of which the older count for less; at most twice kHalvedEvery.
  double weight() const;

  std::string Encode() const;
  /// Adds what was encoded. False for bytes that are none of ours.
  bool Restore(std::string_view bytes);

 private:
  static constexpr int kSubBits = 3, kPowers = 36;
  static constexpr size_t kSubs = size_t{1} << kSubBits;
  static constexpr size_t kBuckets = kSubs * (kPowers - kSubBits + 1);
  /// What one value counts, so that halves of it count, too.
  static constexpr uint16_t kUnit = 64;
  static_assert(2 * kUnit * kHalvedEvery <= UINT16_MAX);

  static size_t BucketOf(uint64_t value);
  static double LowerEnd(size_t bucket);
  void Halve();

  std::array<std::atomic<uint16_t>, kBuckets> counts_{};
  std::atomic<uint32_t> added_{0};
};

}  // namespace omen::learn
