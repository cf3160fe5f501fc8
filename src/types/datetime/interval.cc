// Arithmetic of intervals and of timestamps with them.
#include <cmath>

#include "types/datetime/internal/timestamps.h"

namespace omen {

using namespace types_internal;  // NOLINT: the timestamps of this folder

namespace {

constexpr double kSecondsPerDay = 86400.0;

Status IntervalOutOfRange() { return Status(sqlstate::kDatetimeOverflow, "interval out of range"); }
Status TimestampOutOfRange() {
  return Status(sqlstate::kDatetimeOverflow, "timestamp out of range");
}

/// Months then days on the calendar; the day of the month is cut to what the month has. Each step
/// must stay in range where `checked`.
bool AddMonthsAndDays(int64_t* timestamp, int32_t months, int32_t days, bool checked) {
  if (months != 0) {
    CivilTime time = CivilFromTimestamp(*timestamp);
    int64_t month = time.date.year * 12 + time.date.month - 1 + months;
    time.date.year = month / 12 - (month % 12 < 0);
    time.date.month = static_cast<int>(month - time.date.year * 12 + 1);
    time.date.day = std::min(time.date.day, DaysInMonth(time.date.year, time.date.month));
    if (time.date.year < -5000 || time.date.year > 300000) return false;
    *timestamp = TimestampFromCivil(time);
    if (checked && !TimestampInRange(*timestamp)) return false;
  }
  // So many days that their microseconds alone do not fit may lead from one end to the other.
  const __int128 sum = *timestamp + static_cast<__int128>(days) * kMicrosPerDay;
  *timestamp = static_cast<int64_t>(sum);
  return *timestamp == sum && (!checked || TimestampInRange(*timestamp));
}

}  // namespace

Result<int64_t> AddInterval(int64_t timestamp, const IntervalData& interval) {
  if (IsInfinite(timestamp)) return timestamp;
  if (!AddMonthsAndDays(&timestamp, interval.months, interval.days, true) ||
      __builtin_add_overflow(timestamp, interval.micros, &timestamp) ||
      !TimestampInRange(timestamp) || IsInfinite(timestamp)) {
    return TimestampOutOfRange();
  }
  return timestamp;
}

Result<int64_t> AddIntervalInZone(std::string_view zone, int64_t utc_micros,
                                  const IntervalData& interval) {
  if (IsInfinite(utc_micros)) return utc_micros;
  // Each part goes through the zone by itself: a day after a skipped hour is not 24 hours.
  for (IntervalData part :
       {IntervalData{0, 0, interval.months}, IntervalData{0, interval.days, 0}}) {
    if (part.months == 0 && part.days == 0) continue;
    // Near the ends the local time may lie beyond the range that UTC must keep.
    OMEN_ASSIGN_OR_RETURN(int offset, ZoneOffsetAtUtc(zone, utc_micros));
    int64_t local = utc_micros + offset * kMicrosPerSecond;
    if (!AddMonthsAndDays(&local, part.months, part.days, false)) return TimestampOutOfRange();
    OMEN_ASSIGN_OR_RETURN(utc_micros, LocalToUtc(zone, local));
  }
  return AddInterval(utc_micros, {interval.micros, 0, 0});
}

Result<IntervalData> AddIntervals(const IntervalData& a, const IntervalData& b) {
  IntervalData sum;
  if (__builtin_add_overflow(a.micros, b.micros, &sum.micros) ||
      __builtin_add_overflow(a.days, b.days, &sum.days) ||
      __builtin_add_overflow(a.months, b.months, &sum.months)) {
    return IntervalOutOfRange();
  }
  return sum;
}

Result<IntervalData> NegateInterval(const IntervalData& a) {
  if (a.micros == INT64_MIN || a.days == INT32_MIN || a.months == INT32_MIN) {
    return IntervalOutOfRange();
  }
  return IntervalData{-a.micros, -a.days, -a.months};
}

namespace {

/// To whole microseconds of a second, against the noise of binary fractions.
double RoundToMicros(double seconds) { return std::rint(seconds * 1e6) / 1e6; }

bool FitsInt32(double value) { return value >= INT32_MIN && value <= INT32_MAX; }

/// `months`, `days` and `micros` are the exact products or quotients; what is broken of the
/// larger units goes down to the smaller.
Result<IntervalData> CascadeDown(double months, double days, double micros) {
  if (!FitsInt32(months) || !FitsInt32(days)) return IntervalOutOfRange();
  IntervalData result;
  result.months = static_cast<int32_t>(months);
  result.days = static_cast<int32_t>(days);
  double month_days = RoundToMicros((months - result.months) * kDaysPerMonth);
  double seconds = RoundToMicros((days - result.days + month_days - static_cast<int>(month_days)) *
                                 kSecondsPerDay);
  double whole_days = static_cast<int>(month_days);
  if (std::fabs(seconds) >= kSecondsPerDay) {
    int carried = static_cast<int>(seconds / kSecondsPerDay);
    whole_days += carried;
    seconds -= carried * kSecondsPerDay;
  }
  if (!FitsInt32(result.days + whole_days)) return IntervalOutOfRange();
  result.days += static_cast<int32_t>(whole_days);
  double total = std::rint(micros + seconds * kMicrosPerSecond);
  // -2^63 is a double, 2^63 - 1 is not.
  if (!(total >= -9223372036854775808.0 && total < 9223372036854775808.0)) {
    return IntervalOutOfRange();
  }
  result.micros = static_cast<int64_t>(total);
  return result;
}

}  // namespace

Result<IntervalData> MultiplyInterval(const IntervalData& a, double factor) {
  return CascadeDown(a.months * factor, a.days * factor, static_cast<double>(a.micros) * factor);
}

Result<IntervalData> DivideInterval(const IntervalData& a, double divisor) {
  if (divisor == 0) return DivisionByZero();
  return CascadeDown(a.months / divisor, a.days / divisor, static_cast<double>(a.micros) / divisor);
}

namespace {

/// An interval in units wide enough to move between.
struct WideInterval {
  int64_t micros, days, months;

  explicit WideInterval(const IntervalData& i) : micros(i.micros), days(i.days), months(i.months) {}
  Result<IntervalData> Narrow() const {
    if (days != static_cast<int32_t>(days) || months != static_cast<int32_t>(months)) {
      return IntervalOutOfRange();
    }
    return IntervalData{micros, static_cast<int32_t>(days), static_cast<int32_t>(months)};
  }
};

/// Moves whole `unit`s from `small` to `large`.
void MoveUp(int64_t& small, int64_t& large, int64_t unit) {
  large += small / unit;
  small %= unit;
}

/// Gives `large` and `small` one sign by lending one unit.
void AlignSigns(int64_t& small, int64_t& large, int64_t unit) {
  if (large > 0 && small < 0) {
    small += unit;
    --large;
  } else if (large < 0 && small > 0) {
    small -= unit;
    ++large;
  }
}

}  // namespace

Result<IntervalData> JustifyHours(IntervalData interval) {
  WideInterval wide(interval);
  MoveUp(wide.micros, wide.days, kMicrosPerDay);
  AlignSigns(wide.micros, wide.days, kMicrosPerDay);
  return wide.Narrow();
}

Result<IntervalData> JustifyDays(IntervalData interval) {
  WideInterval wide(interval);
  MoveUp(wide.days, wide.months, kDaysPerMonth);
  AlignSigns(wide.days, wide.months, kDaysPerMonth);
  return wide.Narrow();
}

Result<IntervalData> JustifyInterval(IntervalData interval) {
  WideInterval wide(interval);
  MoveUp(wide.micros, wide.days, kMicrosPerDay);
  MoveUp(wide.days, wide.months, kDaysPerMonth);
  bool days_behind = wide.days < 0 || (wide.days == 0 && wide.micros < 0);
  bool days_ahead = wide.days > 0 || (wide.days == 0 && wide.micros > 0);
  if (wide.months > 0 && days_behind) {
    wide.days += kDaysPerMonth;
    --wide.months;
  } else if (wide.months < 0 && days_ahead) {
    wide.days -= kDaysPerMonth;
    ++wide.months;
  }
  AlignSigns(wide.micros, wide.days, kMicrosPerDay);
  return wide.Narrow();
}

Result<IntervalData> SubtractTimestamps(int64_t a, int64_t b) {
  if (IsInfinite(a) || IsInfinite(b)) {
    return Status(sqlstate::kDatetimeOverflow, "cannot subtract infinite timestamps");
  }
  int64_t micros;
  if (__builtin_sub_overflow(a, b, &micros)) return IntervalOutOfRange();
  return JustifyHours({micros, 0, 0});
}

IntervalData Age(int64_t a, int64_t b) {
  // Counted from the earlier to the later, so that every borrow is from above.
  bool negative = a < b;
  CivilTime later = CivilFromTimestamp(negative ? b : a);
  CivilTime earlier = CivilFromTimestamp(negative ? a : b);
  auto clock = [](const CivilTime& t) {
    return (t.hour * int64_t{3600} + t.minute * 60 + t.second) * kMicrosPerSecond + t.micros;
  };
  int64_t micros = clock(later) - clock(earlier);
  int days = later.date.day - earlier.date.day;
  int64_t months =
      (later.date.year - earlier.date.year) * 12 + later.date.month - earlier.date.month;
  if (micros < 0) {
    micros += kMicrosPerDay;
    --days;
  }
  // A borrowed month is as long as the earlier date's.
  while (days < 0) {
    days += DaysInMonth(earlier.date.year, earlier.date.month);
    --months;
  }
  IntervalData age{micros, days, static_cast<int32_t>(months)};
  if (negative) age = {-age.micros, -age.days, -age.months};
  return age;
}

__int128 IntervalSpan(const IntervalData& interval) {
  int64_t days = interval.months * int64_t{kDaysPerMonth} + interval.days;
  return static_cast<__int128>(days) * kMicrosPerDay + interval.micros;
}

int CompareIntervals(const IntervalData& a, const IntervalData& b) {
  __int128 x = IntervalSpan(a);
  __int128 y = IntervalSpan(b);
  return x < y ? -1 : x > y;
}

}  // namespace omen
