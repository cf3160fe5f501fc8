// Order-preserving maps from key types to uint64, the only domain a model knows.
//
// int64: the sign bit flipped. double: IEEE order (negative numbers complemented, others with
// the sign bit set); -0.0 is 0.0, denormals keep their own values, NaN is refused because it
// has no place in the order.
#pragma once

#include <bit>
#include <cmath>
#include <cstdint>

#include "base/result.h"

namespace omen::learn {

inline constexpr uint64_t kSignBit = uint64_t{1} << 63;

inline uint64_t OrderedKey(uint64_t key) { return key; }
inline uint64_t OrderedKey(int64_t key) { return static_cast<uint64_t>(key) ^ kSignBit; }
inline Result<uint64_t> OrderedKey(double key) {
  if (std::isnan(key)) return Status(sqlstate::kInvalidParameter, "NaN cannot be an index key");
  const auto bits = std::bit_cast<uint64_t>(key == 0 ? 0.0 : key);
  return bits & kSignBit ? ~bits : bits | kSignBit;
}

inline int64_t SignedKey(uint64_t ordered) { return static_cast<int64_t>(ordered ^ kSignBit); }
inline double DoubleKey(uint64_t ordered) {
  return std::bit_cast<double>(ordered & kSignBit ? ordered ^ kSignBit : ~ordered);
}

}  // namespace omen::learn
