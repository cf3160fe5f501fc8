// The parts of a date or time that extract() and date_part() name.
#pragma once

#include <cstdint>
#include <string_view>

namespace omen::functions {

enum class DatetimePart : uint8_t {
  kMicroseconds,
  kMilliseconds,
  kSecond,
  kMinute,
  kHour,
  kDay,
  kWeek,
  kMonth,
  kQuarter,
  kYear,
  kDecade,
  kCentury,
  kMillennium,
  kJulian,
  kIsoYear,
  kDayOfWeek,
  kIsoDayOfWeek,
  kDayOfYear,
  kEpoch,
  kTimezone,
  kTimezoneHour,
  kTimezoneMinute,
  kUnknown,
};

/// `word` in any case; PostgreSQL's spellings and abbreviations.
DatetimePart FindDatetimePart(std::string_view word);

}  // namespace omen::functions
