// The second half of DateTimeDecoder: numbers, clocks, offsets, and what is checked at the end.
#include <cmath>

#include "types/datetime/internal/datetime_decoder.h"
#include "types/text/scalar_text.h"

namespace omen::types_internal {
namespace {

using enum DateTimeError;

constexpr int kMaxOffsetHours = 15;

int TwoDigits(std::string_view text, size_t at) {
  return (text[at] - '0') * 10 + text[at + 1] - '0';
}

}  // namespace

/// A date in one field: parts split by whatever is not alphanumeric. A month's name goes first,
/// since it leaves no doubt.
DateTimeError DateTimeDecoder::DecodeDateParts(std::string_view text) {
  std::vector<std::string_view> parts;
  size_t at = 0;
  while (at < text.size()) {
    while (at < text.size() && !IsDigit(text[at]) && !IsAlpha(text[at])) ++at;
    if (at == text.size()) return kBadFormat;
    size_t begin = at;
    bool digits = IsDigit(text[at]);
    while (at < text.size() && (digits ? IsDigit(text[at]) : IsAlpha(text[at]))) ++at;
    parts.push_back(text.substr(begin, at - begin));
    if (at < text.size()) ++at;
  }
  bool named_month = false;
  uint32_t known = known_;
  for (std::string_view& part : parts) {
    if (!IsAlpha(part[0])) continue;
    DateWord word = FindDateWord(part);
    part = {};
    if (word.kind == WordKind::kIgnored) continue;
    if (word.kind != WordKind::kMonth || (known & part::kMonth)) return kBadFormat;
    time_.date.month = word.value;
    named_month = true;
    known |= part::kMonth;
    found_ |= part::kMonth;
  }
  bool text_month = std::exchange(text_month_, named_month);
  for (std::string_view part : parts) {
    if (part.empty()) continue;
    uint32_t found = 0;
    DateTimeError error = DecodeNumber(part, known, &found);
    if (error != kNone) return error;
    if (known & found) return kBadFormat;
    known |= found;
    found_ |= found;
  }
  text_month_ = text_month;
  return (known & ~(part::kDayOfYear | part::kZone)) == part::kDate ? kNone : kBadFormat;
}

/// One number of a date; its place decides which.
DateTimeError DateTimeDecoder::DecodeNumber(std::string_view text, uint32_t known,
                                            uint32_t* found) {
  std::string_view rest = text;
  std::optional<int> value = TakeInt(&rest);
  if (!value) return kFieldOverflow;
  if (rest.size() == text.size()) return kBadFormat;
  if (rest.starts_with('.')) {
    if (text.size() - rest.size() > 2) return DecodeRunTogether(text, known | part::kDate, found);
    std::optional<int> micros = FractionMicros(rest);
    if (!micros) return kBadFormat;
    time_.micros = *micros;
  } else if (!rest.empty()) {
    return kBadFormat;
  }
  bool day_of_year =
      text.size() == 3 && (known & part::kDate) == part::kYear && *value >= 1 && *value <= 366;
  if (day_of_year) {
    *found = part::kDayOfYear | part::kMonth | part::kDay;
    day_of_year_ = *value;
    return kNone;
  }
  if ((known & part::kDate) == part::kDate) return DecodeRunTogether(text, known, found);
  return PlaceNumber(*value, text.size(), known, found);
}

DateTimeError DateTimeDecoder::PlaceNumber(int value, size_t length, uint32_t known,
                                           uint32_t* found) {
  auto set = [&](uint32_t what) {
    *found = what;
    if (what == part::kDay) {
      time_.date.day = value;
    } else if (what == part::kMonth) {
      time_.date.month = value;
    } else {
      time_.date.year = value;
      two_digit_year_ = length <= 2;
    }
    return kNone;
  };
  switch (known & part::kDate) {
    case 0:
      return set(length >= 3 ? part::kYear : part::kMonth);
    case part::kYear:
    case part::kDay:
      return set(part::kMonth);
    case part::kMonth:
      return set(text_month_ && length >= 3 ? part::kYear : part::kDay);
    case part::kYear | part::kMonth:
      if (text_month_ && length >= 3 && two_digit_year_) {
        // DD-MON-YYYY: what was taken for the year is the day.
        time_.date.day = static_cast<int>(time_.date.year);
        time_.date.year = value;
        two_digit_year_ = false;
        *found = part::kDay;
        return kNone;
      }
      return set(part::kDay);
    case part::kMonth | part::kDay:
      return set(part::kYear);
    default:
      return kBadFormat;
  }
}

/// yyyymmdd, yymmdd, hhmmss, hhmm, with a fraction hhmmss.ffffff.
DateTimeError DateTimeDecoder::DecodeRunTogether(std::string_view text, uint32_t known,
                                                 uint32_t* found) {
  size_t point = text.find('.');
  if (point != std::string_view::npos) {
    std::optional<int> micros = FractionMicros(text.substr(point));
    time_.micros = micros.value_or(0);
    text = text.substr(0, point);
  } else if ((known & part::kDate) != part::kDate && text.size() >= 6) {
    *found = part::kDate;
    size_t size = text.size();
    time_.date.day = TwoDigits(text, size - 2);
    time_.date.month = TwoDigits(text, size - 4);
    std::string_view year = text.substr(0, size - 4);
    if (year.size() == 2) two_digit_year_ = true;
    time_.date.year = TakeInt(&year).value_or(INT32_MAX);
    return kNone;
  }
  if ((known & part::kTime) == part::kTime) return kBadFormat;
  if (text.size() != 6 && text.size() != 4) return kBadFormat;
  *found = part::kTime;
  time_.hour = TwoDigits(text, 0);
  time_.minute = TwoDigits(text, 2);
  time_.second = text.size() == 6 ? TwoDigits(text, 4) : 0;
  return kNone;
}

/// hh:mm[:ss[.f]], or mm:ss.f.
DateTimeError DateTimeDecoder::DecodeClock(std::string_view text) {
  found_ = part::kTime;
  std::string_view rest = text;
  std::optional<int> hour = TakeInt(&rest);
  if (!hour) return kFieldOverflow;
  if (!rest.starts_with(':')) return kBadFormat;
  rest.remove_prefix(1);
  std::optional<int> minute = TakeInt(&rest);
  if (!minute) return kFieldOverflow;
  std::optional<int> second = 0;
  std::optional<int> micros = 0;
  if (rest.starts_with('.')) {
    micros = FractionMicros(rest);
    second = minute;
    minute = hour;
    hour = 0;
  } else if (rest.starts_with(':')) {
    rest.remove_prefix(1);
    second = TakeInt(&rest);
    if (!second) return kFieldOverflow;
    if (!rest.empty() && rest[0] != '.') return kBadFormat;
    if (!rest.empty()) micros = FractionMicros(rest);
  } else if (!rest.empty()) {
    return kBadFormat;
  }
  if (!micros) return kBadFormat;
  if (*minute > 59 || *second > 60 || *micros > kMicrosPerSecond) return kFieldOverflow;
  time_.hour = *hour;
  time_.minute = *minute;
  time_.second = *second;
  time_.micros = *micros;
  return kNone;
}

/// +hh, +hhmm, +hh:mm[:ss].
DateTimeError DateTimeDecoder::DecodeOffset(std::string_view text) {
  if (text.empty() || (text[0] != '+' && text[0] != '-')) return kBadFormat;
  std::string_view rest = text.substr(1);
  std::optional<int> hour = TakeInt(&rest);
  std::optional<int> minute = 0;
  std::optional<int> second = 0;
  if (!hour) return kZoneOverflow;
  if (rest.starts_with(':')) {
    rest.remove_prefix(1);
    minute = TakeInt(&rest);
    if (rest.starts_with(':')) {
      rest.remove_prefix(1);
      second = TakeInt(&rest);
    }
  } else if (rest.empty() && text.size() > 3) {
    minute = *hour % 100;
    hour = *hour / 100;
  }
  if (!minute || !second || *hour > kMaxOffsetHours || *minute >= 60 || *second >= 60) {
    return kZoneOverflow;
  }
  offset_ = *hour * 3600 + *minute * 60 + *second;
  if (text[0] == '-') offset_ = -offset_;
  return rest.empty() ? kNone : kBadFormat;
}

bool DateTimeDecoder::TimeOverflows() const {
  if (time_.hour > 24 || time_.minute > 59 || time_.second > 60) return true;
  int64_t seconds = time_.hour * int64_t{3600} + time_.minute * 60 + time_.second;
  return seconds * kMicrosPerSecond + time_.micros > kMicrosPerDay;
}

DateTimeError DateTimeDecoder::ApplyMeridian() {
  if (meridian_ < 0) return kNone;
  if (time_.hour > 12) return kFieldOverflow;
  if (meridian_ == 0 && time_.hour == 12) time_.hour = 0;
  if (meridian_ == 1 && time_.hour != 12) time_.hour += 12;
  return kNone;
}

DateTimeError DateTimeDecoder::ValidateDate() {
  CivilDate& date = time_.date;
  if ((known_ & part::kYear) && !julian_) {
    if (two_digit_year_ && !bc_) {
      date.year += date.year < 70 ? 2000 : date.year < 100 ? 1900 : 0;
    } else if (date.year <= 0) {
      return kFieldOverflow;
    }
    if (bc_) date.year = 1 - date.year;
  }
  if (known_ & part::kDayOfYear) {
    date = CivilFromDays(DaysFromCivil({date.year, 1, 1}) + day_of_year_ - 1);
  }
  if ((known_ & part::kMonth) && (date.month < 1 || date.month > 12)) return kMonthDayOverflow;
  if ((known_ & part::kDay) && (date.day < 1 || date.day > 31)) return kMonthDayOverflow;
  bool whole = (known_ & part::kDate) == part::kDate;
  if (whole && date.day > DaysInMonth(date.year, date.month)) return kFieldOverflow;
  return kNone;
}

}  // namespace omen::types_internal
