// Calendar and clock arithmetic on PostgreSQL's epoch (2000-01-01), proleptic
// Gregorian, microsecond precision.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "types/value.h"

namespace omen {

inline constexpr int64_t kMicrosPerSecond = 1'000'000;
inline constexpr int64_t kMicrosPerDay = 86'400 * kMicrosPerSecond;
inline constexpr int64_t kTimestampInfinity = INT64_MAX;
inline constexpr int64_t kTimestampMinusInfinity = INT64_MIN;
inline constexpr int64_t kDateInfinity = INT32_MAX;
inline constexpr int64_t kDateMinusInfinity = INT32_MIN;
/// Seconds from the Unix epoch to PostgreSQL's.
inline constexpr int64_t kUnixToPgSeconds = 946'684'800;

struct CivilDate {
  int64_t year;  // astronomical: 0 is 1 BC
  int month;     // 1-12
  int day;       // 1-31
};

struct CivilTime {
  CivilDate date;
  int hour, minute, second, micros;
};

int64_t DaysFromCivil(const CivilDate& date);
CivilDate CivilFromDays(int64_t days);
CivilTime CivilFromTimestamp(int64_t micros);
int64_t TimestampFromCivil(const CivilTime& time);
/// ISO day of week, Monday = 1; ISO week and ISO year.
int IsoDayOfWeek(int64_t days);
void IsoWeek(int64_t days, int64_t* iso_year, int* week);

/// Seconds east of UTC of `zone` at a UTC timestamp. 22023 for an unknown zone.
Result<int> ZoneOffsetAtUtc(std::string_view zone, int64_t utc_micros);
/// The UTC instant of a local timestamp in `zone` (PostgreSQL's choice in gaps and overlaps).
Result<int64_t> LocalToUtc(std::string_view zone, int64_t local_micros);
Result<int64_t> UtcToLocal(std::string_view zone, int64_t utc_micros);

Result<int64_t> AddInterval(int64_t timestamp, const IntervalData& interval);
/// Interval arithmetic with overflow checks (22008).
Result<IntervalData> AddIntervals(const IntervalData& a, const IntervalData& b);
Result<IntervalData> NegateInterval(const IntervalData& a);
Result<IntervalData> MultiplyInterval(const IntervalData& a, double factor);
IntervalData JustifyHours(IntervalData interval);
IntervalData JustifyDays(IntervalData interval);
IntervalData JustifyInterval(IntervalData interval);
/// a - b as timestamp subtraction gives it (days and time, no months).
IntervalData SubtractTimestamps(int64_t a, int64_t b);
/// age(): with months and years, as PostgreSQL.
IntervalData Age(int64_t a, int64_t b);
int CompareIntervals(const IntervalData& a, const IntervalData& b);

/// date_trunc; `unit` in lower case. 22023 for an unknown unit.
Result<int64_t> TruncateTimestamp(std::string_view unit, int64_t timestamp);
Result<IntervalData> TruncateInterval(std::string_view unit, const IntervalData& interval);

}  // namespace omen
