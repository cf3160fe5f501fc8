#include "types/datetime/datetime.h"

#include <fmt/format.h>

namespace omen {

namespace {

/// Days from 0000-03-01 to 2000-01-01.
constexpr int64_t kMarchEpoch = 730'425;
constexpr int64_t kDaysPerEra = 146'097;  // 400 years

int64_t FloorDiv(int64_t a, int64_t b) { return a / b - (a % b < 0); }

}  // namespace

int64_t DaysFromCivil(const CivilDate& date) {
  // Years counted from March put the leap day last.
  int64_t year = date.year - (date.month <= 2);
  int64_t era = FloorDiv(year, 400);
  int64_t year_of_era = year - era * 400;
  int64_t day_of_year = (153 * (date.month + (date.month > 2 ? -3 : 9)) + 2) / 5 + date.day - 1;
  int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * kDaysPerEra + day_of_era - kMarchEpoch;
}

CivilDate CivilFromDays(int64_t days) {
  days += kMarchEpoch;
  int64_t era = FloorDiv(days, kDaysPerEra);
  int64_t day_of_era = days - era * kDaysPerEra;
  int64_t year_of_era =
      (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  int month_from_march = static_cast<int>((5 * day_of_year + 2) / 153);
  int day = static_cast<int>(day_of_year - (153 * month_from_march + 2) / 5 + 1);
  int month = month_from_march < 10 ? month_from_march + 3 : month_from_march - 9;
  return {year_of_era + era * 400 + (month <= 2), month, day};
}

CivilTime CivilFromTimestamp(int64_t micros) {
  int64_t days = FloorDiv(micros, kMicrosPerDay);
  int64_t rest = micros - days * kMicrosPerDay;
  CivilTime time{};
  time.date = CivilFromDays(days);
  time.micros = static_cast<int>(rest % kMicrosPerSecond);
  rest /= kMicrosPerSecond;
  time.second = static_cast<int>(rest % 60);
  time.minute = static_cast<int>(rest / 60 % 60);
  time.hour = static_cast<int>(rest / 3600);
  return time;
}

int64_t TimestampFromCivil(const CivilTime& time) {
  int64_t seconds = time.hour * int64_t{3600} + time.minute * 60 + time.second;
  // Unsigned, for a date beyond the type's range wraps around; callers check the range.
  const uint64_t days = static_cast<uint64_t>(DaysFromCivil(time.date)) * kMicrosPerDay;
  const int64_t rest = seconds * kMicrosPerSecond + time.micros;
  return static_cast<int64_t>(days + static_cast<uint64_t>(rest));
}

int DaysInMonth(int64_t year, int month) {
  static constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  return month == 2 && leap ? 29 : kDays[month - 1];
}

int IsoDayOfWeek(int64_t days) {
  // 2000-01-01 was a Saturday.
  int64_t day = (days + 5) % 7;
  return static_cast<int>(day < 0 ? day + 8 : day + 1);
}

void IsoWeek(int64_t days, int64_t* iso_year, int* week) {
  // The week belongs to the year of its Thursday.
  int64_t thursday = days - IsoDayOfWeek(days) + 4;
  *iso_year = CivilFromDays(thursday).year;
  *week = static_cast<int>((thursday - DaysFromCivil({*iso_year, 1, 1})) / 7 + 1);
}

bool TimestampInRange(int64_t micros) {
  return micros == kTimestampInfinity || micros == kTimestampMinusInfinity ||
         (micros >= kTimestampLeast && micros < kTimestampEnd);
}

namespace {

/// First year of the span of `span` years that `year` lies in; spans begin at 1 for centuries
/// and millennia and at 0 for decades.
int64_t FirstOfSpan(int64_t year, int64_t span, int64_t base) {
  return FloorDiv(year - base, span) * span + base;
}

/// The first day of the unit that holds `days`.
int64_t TruncateDays(DateUnit unit, int64_t days) {
  CivilDate date = CivilFromDays(days);
  switch (unit) {
    case DateUnit::kWeek:
      return days - IsoDayOfWeek(days) + 1;
    case DateUnit::kMonth:
      return DaysFromCivil({date.year, date.month, 1});
    case DateUnit::kQuarter:
      return DaysFromCivil({date.year, (date.month - 1) / 3 * 3 + 1, 1});
    case DateUnit::kYear:
      return DaysFromCivil({date.year, 1, 1});
    case DateUnit::kDecade:
      return DaysFromCivil({FirstOfSpan(date.year, 10, 0), 1, 1});
    case DateUnit::kCentury:
      return DaysFromCivil({FirstOfSpan(date.year, 100, 1), 1, 1});
    case DateUnit::kMillennium:
      return DaysFromCivil({FirstOfSpan(date.year, 1000, 1), 1, 1});
    default:
      return days;
  }
}

int64_t Truncated(DateUnit unit, int64_t timestamp) {
  if (unit < DateUnit::kDay) {
    int64_t length = MicrosPerUnit(unit);
    return FloorDiv(timestamp, length) * length;
  }
  return TruncateDays(unit, FloorDiv(timestamp, kMicrosPerDay)) * kMicrosPerDay;
}

}  // namespace

Result<DateUnit> TruncationUnit(std::string_view unit, std::string_view type) {
  DateUnit found = FindDateUnit(unit);
  if (found <= DateUnit::kMillennium) return found;
  const bool known = found < DateUnit::kJulian;
  return Status(known ? sqlstate::kFeatureNotSupported : sqlstate::kInvalidParameter,
                fmt::format("unit \"{}\" not {} for type {}", unit,
                            known ? "supported" : "recognized", type));
}

Result<int64_t> TruncateTimestamp(DateUnit unit, int64_t timestamp) {
  if (timestamp == kTimestampInfinity || timestamp == kTimestampMinusInfinity) return timestamp;
  int64_t micros = Truncated(unit, timestamp);
  if (!TimestampInRange(micros)) {
    return Status(sqlstate::kDatetimeOverflow, "timestamp out of range");
  }
  return micros;
}

Result<int64_t> TruncateTimestamptz(std::string_view zone, DateUnit unit, int64_t timestamp) {
  if (timestamp == kTimestampInfinity || timestamp == kTimestampMinusInfinity) return timestamp;
  OMEN_ASSIGN_OR_RETURN(int offset, ZoneOffsetAtUtc(zone, timestamp));
  int64_t shift = offset * kMicrosPerSecond;
  int64_t local = Truncated(unit, timestamp + shift);
  // Within a day the offset is kept, so that an hour repeated by a clock change stays apart.
  if (unit < DateUnit::kDay) return local - shift;
  return LocalToUtc(zone, local);
}

Result<IntervalData> TruncateInterval(std::string_view unit, const IntervalData& interval) {
  OMEN_ASSIGN_OR_RETURN(DateUnit found, TruncationUnit(unit, "interval"));
  if (found == DateUnit::kWeek) {
    return Status(sqlstate::kFeatureNotSupported,
                  fmt::format("unit \"{}\" not supported for type interval", unit))
        .Detail("Months usually have fractional weeks.");
  }
  IntervalData result = interval;
  if (found >= DateUnit::kDay) {
    result.micros = 0;
  } else {
    result.micros -= result.micros % MicrosPerUnit(found);
  }
  if (found > DateUnit::kDay) result.days = 0;
  int months = found == DateUnit::kQuarter      ? 3
               : found == DateUnit::kYear       ? 12
               : found == DateUnit::kDecade     ? 120
               : found == DateUnit::kCentury    ? 1200
               : found == DateUnit::kMillennium ? 12000
                                                : 1;
  result.months -= result.months % months;
  return result;
}

}  // namespace omen
