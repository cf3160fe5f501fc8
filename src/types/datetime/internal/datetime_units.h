// The words for units of time, shared by interval text and truncation.
#pragma once

#include <cstdint>
#include <string_view>

namespace omen::types_internal {

/// From small to large; what is after kMillennium is known but cannot be truncated to.
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
  kAgo,
  kIgnored,
  kUnknown,
};

/// Tokens are told apart by their first ten characters, as in PostgreSQL.
inline constexpr size_t kTokenLength = 10;

/// `word` in lower case.
DateUnit FindDateUnit(std::string_view word);
/// For units up to a day.
int64_t MicrosPerUnit(DateUnit unit);

}  // namespace omen::types_internal
