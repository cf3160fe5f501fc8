// Steps between days, local time and instants that several datetime topics take.
#pragma once

#include "functions/kernel/function.h"
#include "types/datetime/datetime.h"

namespace omen::functions {

inline bool IsFiniteTimestamp(int64_t micros) {
  return micros != kTimestampInfinity && micros != kTimestampMinusInfinity;
}
inline bool IsFiniteDate(int64_t days) {
  return days != kDateInfinity && days != kDateMinusInfinity;
}

/// From 4714-11-24 BC to 5874897-12-31.
inline bool IsDateInRange(int64_t days) { return days >= -2'451'545 && days < 2'145'031'949; }

/// Days since 2000-01-01 of a finite timestamp.
inline int64_t FloorDays(int64_t micros) {
  int64_t days = micros / kMicrosPerDay;
  return micros % kMicrosPerDay < 0 ? days - 1 : days;
}

/// The day of a timestamp; infinities stay infinite.
int64_t DayOf(int64_t micros);
/// Midnight of a day as a local timestamp; 22008 where timestamps do not reach.
Result<int64_t> MidnightOf(int64_t days);
/// Between local time in the session's zone and UTC; infinities stay.
Result<int64_t> InstantOf(const CallContext& context, int64_t local);
Result<int64_t> LocalOf(const CallContext& context, int64_t utc);

}  // namespace omen::functions
