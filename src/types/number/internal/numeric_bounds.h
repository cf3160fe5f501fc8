// The bounds of numeric, PostgreSQL's, and its form in a Value.
#pragma once

#include <cstddef>

#include "types/number/numeric.h"

namespace omen::types_internal {

/// Digits that a quotient, a root or a logarithm shows at least, and after the point at most.
inline constexpr int kMinSignificant = 16;
inline constexpr int kMaxDisplayScale = 1000;
/// Of any number.
inline constexpr int kMaxScale = 16383;
inline constexpr int kMaxWeight = 32767;
/// Of carried bytes, what stands before the digits.
inline constexpr size_t kHeaderBytes = 5;

inline Numeric NaN() { return Numeric::Special(Numeric::Kind::kNaN); }
inline Status Overflow() {
  return Status(sqlstate::kNumericOutOfRange, "value overflows numeric format");
}

}  // namespace omen::types_internal
