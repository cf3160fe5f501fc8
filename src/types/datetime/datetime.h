// Calendar and clock arithmetic on PostgreSQL's epoch (2000-01-01), proleptic
// Gregorian, microsecond precision.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "types/datetime/date_unit.h"
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
/// Finite timestamps lie in [kTimestampLeast, kTimestampEnd), dates in [kDateLeast, kDateEnd).
inline constexpr int64_t kTimestampLeast = -211'813'488'000'000'000;
inline constexpr int64_t kTimestampEnd = 9'223'371'331'200'000'000;
inline constexpr int64_t kDateLeast = -2'451'545;
inline constexpr int64_t kDateEnd = 2'145'031'949;
/// Finite and in range, or infinite.
bool TimestampInRange(int64_t micros);

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
int DaysInMonth(int64_t year, int month);
/// ISO day of week, Monday = 1; ISO week and ISO year.
int IsoDayOfWeek(int64_t days);
void IsoWeek(int64_t days, int64_t* iso_year, int* week);

/// A zone below is a name of the system's tzdata in any case, an abbreviation, or a POSIX rule.
/// Seconds east of UTC of `zone` at a UTC timestamp. 22023 for an unknown zone.
Result<int> ZoneOffsetAtUtc(std::string_view zone, int64_t utc_micros);
/// The UTC instant of a local timestamp in `zone` (PostgreSQL's choice in gaps and overlaps).
Result<int64_t> LocalToUtc(std::string_view zone, int64_t local_micros);
Result<int64_t> UtcToLocal(std::string_view zone, int64_t utc_micros);
/// What a local timestamp is ahead of UTC there, in seconds, also where UTC would be out of range.
Result<int> ZoneOffsetOfLocal(std::string_view zone, int64_t local_micros);
/// The name under which SET TimeZone stores its argument: america/new_york -> America/New_York,
/// -7 -> <-07>+07. 22023 as SET says it.
Result<std::string> CanonicalTimeZone(std::string_view setting);

/// 22008 when out of range.
Result<int64_t> AddInterval(int64_t timestamp, const IntervalData& interval);
/// The same on a timestamptz: months and days are counted on the zone's calendar.
Result<int64_t> AddIntervalInZone(std::string_view zone, int64_t utc_micros,
                                  const IntervalData& interval);
/// Interval arithmetic with overflow checks (22008).
Result<IntervalData> AddIntervals(const IntervalData& a, const IntervalData& b);
Result<IntervalData> NegateInterval(const IntervalData& a);
Result<IntervalData> MultiplyInterval(const IntervalData& a, double factor);
/// 22012 on zero.
Result<IntervalData> DivideInterval(const IntervalData& a, double divisor);
Result<IntervalData> JustifyHours(IntervalData interval);
Result<IntervalData> JustifyDays(IntervalData interval);
Result<IntervalData> JustifyInterval(IntervalData interval);
/// a - b as timestamp subtraction gives it (days and time, no months). 22008 if infinite.
Result<IntervalData> SubtractTimestamps(int64_t a, int64_t b);
/// age(): with months and years, as PostgreSQL. Local timestamps, finite.
IntervalData Age(int64_t a, int64_t b);
int CompareIntervals(const IntervalData& a, const IntervalData& b);
/// What intervals are compared by: microseconds, with months of 30 days of 24 hours.
__int128 IntervalSpan(const IntervalData& interval);

/// What date_trunc cuts to; `word` in lower case. 22023 for an unknown unit, 0A000 for one that
/// `type`, which messages name, cannot be cut to.
Result<DateUnit> TruncationUnit(std::string_view word, std::string_view type);
Result<int64_t> TruncateTimestamp(DateUnit unit, int64_t timestamp);
/// The same on a timestamptz, on the zone's calendar.
Result<int64_t> TruncateTimestamptz(std::string_view zone, DateUnit unit, int64_t timestamp);
/// `unit` as a word in lower case.
Result<IntervalData> TruncateInterval(std::string_view unit, const IntervalData& interval);

}  // namespace omen
