// How precisely decimals are computed.
#pragma once

#include <cstddef>

namespace omen::types_internal {

/// Digits beyond the wanted ones, so that the last of these is right.
inline constexpr int kGuardDigits = 8;
inline constexpr double kLog10OfE = 0.434294481903252;
/// Digits of work for which a cancel is looked for once.
inline constexpr size_t kDigitsPerStep = 16;

}  // namespace omen::types_internal
