// DECIMAL integers to and from the numeric carrier of Value (numeric.h), without the
// general arithmetic: these run once per value of every decimal column.
#pragma once

#include <cstdint>

#include "types/value.h"

namespace omen::colstore {

/// unscaled * 10^-scale with display scale `scale`.
Value NumericFromDecimal(int64_t unscaled, int scale);
Value NumericFromDecimal(__int128 unscaled, int scale);

/// The numeric value times 10^scale, rounded. False when it is NaN or infinite, or has more
/// than `width` digits then.
bool DecimalFromNumeric(const Value& numeric, int width, int scale, __int128* unscaled);

/// 10^exponent for 0 <= exponent <= 38.
__int128 PowerOfTen(int exponent);

}  // namespace omen::colstore
