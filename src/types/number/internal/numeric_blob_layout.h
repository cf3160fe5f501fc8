// What the bytes of a numeric blob mean (numeric_blob.h), for those who read and write them.
#pragma once

#include <cstddef>
#include <cstdint>

namespace omen {

enum class BlobClass : char {
  kMinusInfinity = 1,
  kNegative,
  kZero,
  kPositive,
  kPlusInfinity,
  kNaN,
};

inline constexpr size_t kBlobScaleBytes = 2;
inline constexpr uint16_t kBlobWeightBias = 32768;
inline constexpr uint16_t kBlobDigitBias = 256;

}  // namespace omen
