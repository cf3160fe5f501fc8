// Intervals put together from their parts, and ISO 8601's way to write them.
#pragma once

#include <cstdint>
#include <string_view>

#include "types/datetime/internal/datetime_scan.h"
#include "types/value.h"

namespace omen::types_internal {

/// An interval under construction. Every Add returns false on overflow; fractions of a unit go
/// down to the smaller ones.
struct IntervalSum {
  int32_t years = 0, months = 0, days = 0;
  int64_t micros = 0;

  bool AddMicros(int64_t value, double fraction, int64_t scale);
  bool AddDays(int64_t value, double fraction, int scale);
  bool AddMonths(int64_t value, double fraction);
  bool AddYears(int64_t value, double fraction, int scale);
  DateTimeError Finish(bool negate, IntervalData* out) const;

 private:
  bool AddFractionOfMicros(double fraction, int64_t scale);
  bool AddFractionOfDays(double fraction, int scale);
};

/// P1Y2M3DT4H5M6S, P0001-02-03T04:05:06, P00010203T040506.
DateTimeError DecodeIsoInterval(std::string_view text, IntervalData* out);

}  // namespace omen::types_internal
