// The format pictures of to_char() and to_timestamp(): a list of fields and plain text.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace omen::functions {

enum class PictureField : uint8_t {
  kText,
  kSeparator,
  kBlank,  // no field: `text` is one character
  kEraDots,
  kEra,
  kMeridiemDots,
  kMeridiem,
  kCentury,
  kDayName,
  kDayShort,
  kDayOfYear,
  kDay,
  kWeekday,
  kFixed,
  kHour24,
  kHour12,
  kIsoDayOfYear,
  kIsoWeekday,
  kIsoWeek,
  kIsoYear,
  kJulian,
  kMinute,
  kMonth,
  kMonthName,
  kMonthShort,
  kMillisecond,
  kOffset,
  kQuarter,
  kRoman,
  kSecondOfDay,
  kSecond,
  kZoneHours,
  kZoneMinutes,
  kZone,
  kMicrosecond,
  kWeek,
  kWeekOfMonth,
  kYearComma,
  kYear,
  kFraction,
};

enum class LetterCase : uint8_t { kUpper, kTitle, kLower };

struct PictureNode {
  PictureField field = PictureField::kText;
  LetterCase letter_case = LetterCase::kUpper;
  bool is_digits = false;
  bool fill_mode = false;   // FM
  bool translated = false;  // TM
  char ordinal = 0;         // 'T' for TH, 't' for th
  std::string text;         // the field as written, or the character

  bool is_field() const { return field > PictureField::kBlank; }
};

std::vector<PictureNode> ParsePicture(std::string_view picture);

inline constexpr const char* kMonthNames[] = {"January",   "February", "March",    "April",
                                              "May",       "June",     "July",     "August",
                                              "September", "October",  "November", "December"};
inline constexpr const char* kDayNames[] = {"Sunday",   "Monday", "Tuesday", "Wednesday",
                                            "Thursday", "Friday", "Saturday"};
inline constexpr const char* kRomanMonths[] = {"I",   "II",   "III", "IV", "V",  "VI",
                                               "VII", "VIII", "IX",  "X",  "XI", "XII"};

/// "st", "nd", "rd" or "th" for a number's text.
std::string OrdinalSuffix(std::string_view number, bool upper);

}  // namespace omen::functions
