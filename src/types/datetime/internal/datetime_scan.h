// Date and time text as fields, before it is known what they mean, and the words in them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace omen::types_internal {

/// Why text could not be read; MakeDateTimeError turns it into PostgreSQL's error.
enum class DateTimeError : uint8_t {
  kNone,
  kBadFormat,
  kFieldOverflow,
  kMonthDayOverflow,
  kIntervalOverflow,
  kOutOfRange,
  kZoneOverflow,
};
Status MakeDateTimeError(DateTimeError error, std::string_view text, std::string_view type);

enum class FieldKind : uint8_t {
  kNumber,   // 12, 12.5, .5
  kWord,     // jan, utc
  kDate,     // 2020-01-02, 1/2/2020, 5-jan-20, europe/berlin
  kTime,     // 12:30:00.5
  kZone,     // +02, -03:30, in intervals any signed number
  kSpecial,  // -infinity
};

struct DateTimeField {
  FieldKind kind;
  std::string text;  // in lower case
};

/// Splits text into at most 25 fields.
DateTimeError ScanDateTime(std::string_view text, std::vector<DateTimeField>* fields);

/// What a word in a date means.
enum class WordKind : uint8_t {
  kUnknown,
  kIgnored,
  kMonth,
  kWeekday,
  kMeridian,
  kEra,
  kDaylight,
  kLabel,
  kIsoTime,
  kNow,
  kToday,
  kTomorrow,
  kYesterday,
  kMidnight,
  kEpoch,
  kInfinity,
  kMinusInfinity,
};
/// What the number after a label is.
enum class Label : uint8_t {
  kNone,
  kYear,
  kMonth,
  kDay,
  kHour,
  kMinute,
  kSecond,
  kJulian,
  kTime,
  kOther
};
struct DateWord {
  std::string_view word;
  WordKind kind;
  int value;
};
/// `word` in lower case; kUnknown if there is no such word.
DateWord FindDateWord(std::string_view word);

/// Digits at the start of `*rest`, taken; 0 if there are none, nullopt if beyond int32.
std::optional<int> TakeInt(std::string_view* rest);
/// Fraction that starts with '.', to the end of the text, in microseconds; nullopt if malformed.
std::optional<int> FractionMicros(std::string_view text);

}  // namespace omen::types_internal
