// The words for units of time: of intervals, of date_trunc() and of what extract() gives.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace omen {

/// From small to large; what is after kMillennium cannot be truncated to.
enum class DateUnit : uint8_t {
  kMicrosecond,
  kMillisecond,
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
  kTimezone,
  kTimezoneHour,
  kTimezoneMinute,
  // Of a moment alone.
  kJulian,
  kIsoYear,
  kDayOfWeek,
  kIsoDayOfWeek,
  kDayOfYear,
  kEpoch,
  // In the text of intervals alone.
  kAgo,
  kIgnored,
  kUnknown,
};

/// Words are told apart by their first ten characters, as in PostgreSQL.
inline constexpr size_t kDateWordLength = 10;

/// Of intervals and truncation, by a word in lower case with PostgreSQL's abbreviations.
DateUnit FindDateUnit(std::string_view word);
/// The same of extract() and date_part().
DateUnit FindDatePart(std::string_view word);

/// For units up to a day.
int64_t MicrosPerUnit(DateUnit unit);

}  // namespace omen
