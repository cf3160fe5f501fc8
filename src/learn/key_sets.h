// Key sets drawn to hurt, for tests and benchmarks: each is a pure function of seed and size.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace omen::learn {

/// Sorted keys, duplicates where the kind has them.
///   uniform    over all of uint64
///   lognormal  exp of a normal variable: dense below, sparse above
///   bursty     microsecond timestamps: quiet hours, bursts with many equal stamps
///   clustered  cells of very different density, and a few keys far outside
///   sequential 0, 1, 2, ...
///   extremes   runs of duplicates at 0, the middle and the largest key, steps of every size
std::vector<uint64_t> MakeKeys(std::string_view kind, size_t count, uint64_t seed);

/// The kinds that MakeKeys knows.
std::vector<std::string_view> KeyKinds();

/// xorshift64*: small, seeded, the same everywhere.
class Random {
 public:
  explicit Random(uint64_t seed) : state_(seed * 0x9E3779B97F4A7C15u + 0x2545F4914F6CDD1Du) {
    for (int i = 0; i < 4; ++i) Next();
  }
  uint64_t Next() {
    state_ ^= state_ >> 12;
    state_ ^= state_ << 25;
    state_ ^= state_ >> 27;
    return state_ * 0x2545F4914F6CDD1Du;
  }
  uint64_t Below(uint64_t bound) {
    __extension__ using Wide = unsigned __int128;
    return static_cast<uint64_t>(Wide{Next()} * bound >> 64);
  }
  /// In (0, 1).
  double Unit() { return (static_cast<double>(Next() >> 11) + 0.5) * 0x1p-53; }
  double Normal();

 private:
  uint64_t state_;
};

std::string RandomBytes(uint64_t seed, size_t size);

}  // namespace omen::learn
