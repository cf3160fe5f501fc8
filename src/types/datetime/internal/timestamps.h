// Timestamps as the sources of this folder look at them.
#pragma once

#include <cstdint>

#include "types/datetime/datetime.h"

namespace omen::types_internal {

/// Of an interval, where no calendar says more.
inline constexpr int kDaysPerMonth = 30;

constexpr bool IsInfinite(int64_t timestamp) {
  return timestamp == kTimestampInfinity || timestamp == kTimestampMinusInfinity;
}

/// Rounded down.
constexpr int64_t UnixSeconds(int64_t timestamp) {
  return timestamp / kMicrosPerSecond - (timestamp % kMicrosPerSecond < 0) + kUnixToPgSeconds;
}

}  // namespace omen::types_internal
