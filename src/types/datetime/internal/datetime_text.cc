#include "types/datetime/internal/datetime_text.h"

#include <fmt/format.h>

#include "types/datetime/datetime.h"
#include "types/datetime/internal/datetime_decoder.h"

namespace omen::types_internal {
namespace {

using Outcome = DateTimeDecoder::Outcome;

Status DatetimeOutOfRange(const char* what, std::string_view text) {
  return Status(sqlstate::kDatetimeOverflow, fmt::format("{} out of range: \"{}\"", what, text));
}

Status DecodeFailure(const DateTimeDecoder& decoder, DateTimeError error, std::string_view text,
                     const char* type) {
  if (!decoder.unknown_zone().empty()) {
    return Status(sqlstate::kInvalidParameter,
                  fmt::format("time zone \"{}\" not recognized", decoder.unknown_zone()));
  }
  return MakeDateTimeError(error, text, type);
}

bool TakeDigits(std::string_view text, size_t at, size_t count, int* value) {
  *value = 0;
  for (size_t i = at; i < at + count; ++i) {
    unsigned digit = static_cast<unsigned char>(text[i]) - '0';
    if (digit > 9) return false;
    *value = *value * 10 + static_cast<int>(digit);
  }
  return true;
}

/// yyyy-mm-dd at the front, valid: what nearly all dates are, without taking the text apart.
bool TakeIsoDate(std::string_view text, CivilDate* date) {
  int year;
  if (text.size() < 10 || text[4] != '-' || text[7] != '-' || !TakeDigits(text, 0, 4, &year) ||
      !TakeDigits(text, 5, 2, &date->month) || !TakeDigits(text, 8, 2, &date->day)) {
    return false;
  }
  date->year = year;
  return year >= 1 && date->month >= 1 && date->month <= 12 && date->day >= 1 &&
         date->day <= DaysInMonth(year, date->month);
}

/// yyyy-mm-dd hh:mm:ss[.f], up to six digits of f, and nothing after.
bool TakeIsoTimestamp(std::string_view text, int64_t* micros) {
  CivilTime time{};
  if (text.size() < 19 || text.size() > 26 || text[10] != ' ' || text[13] != ':' ||
      text[16] != ':' || !TakeIsoDate(text, &time.date) || !TakeDigits(text, 11, 2, &time.hour) ||
      !TakeDigits(text, 14, 2, &time.minute) || !TakeDigits(text, 17, 2, &time.second)) {
    return false;
  }
  if (time.hour > 23 || time.minute > 59 || time.second > 59) return false;
  if (text.size() > 19) {
    size_t digits = text.size() - 20;
    if (text[19] != '.' || digits == 0 || !TakeDigits(text, 20, digits, &time.micros)) return false;
    for (; digits < 6; ++digits) time.micros *= 10;
  }
  *micros = TimestampFromCivil(time);
  return true;
}

}  // namespace

Result<int64_t> ParseDate(std::string_view text, const DateTimeContext& context) {
  if (CivilDate date; text.size() == 10 && TakeIsoDate(text, &date)) return DaysFromCivil(date);
  DateTimeDecoder decoder(context);
  DateTimeError error = decoder.DecodeDateTime(text);
  if (error != DateTimeError::kNone) return DecodeFailure(decoder, error, text, "date");
  switch (decoder.outcome()) {
    case Outcome::kEpoch:
      return -kUnixToPgSeconds / 86400;
    case Outcome::kInfinity:
      return kDateInfinity;
    case Outcome::kMinusInfinity:
      return kDateMinusInfinity;
    case Outcome::kFields:
      break;
  }
  int64_t days = DaysFromCivil(decoder.time().date);
  if (days < kDateLeast || days >= kDateEnd) return DatetimeOutOfRange("date", text);
  return days;
}

Result<int64_t> ParseTime(std::string_view text, const DateTimeContext& context) {
  DateTimeDecoder decoder(context);
  DateTimeError error = decoder.DecodeTimeOnly(text);
  if (error != DateTimeError::kNone) return DecodeFailure(decoder, error, text, "time");
  CivilTime clock = decoder.time();
  clock.date = {2000, 1, 1};
  return TimestampFromCivil(clock);
}

Result<int64_t> ParseTimestamp(std::string_view text, bool with_zone,
                               const DateTimeContext& context) {
  int64_t iso;
  if (TakeIsoTimestamp(text, &iso)) return with_zone ? LocalToUtc(context.time_zone, iso) : iso;
  DateTimeDecoder decoder(context);
  DateTimeError error = decoder.DecodeDateTime(text);
  if (error != DateTimeError::kNone) {
    return DecodeFailure(decoder, error, text,
                         with_zone ? "timestamp with time zone" : "timestamp");
  }
  switch (decoder.outcome()) {
    case Outcome::kEpoch:
      return -kUnixToPgSeconds * kMicrosPerSecond;
    case Outcome::kInfinity:
      return kTimestampInfinity;
    case Outcome::kMinusInfinity:
      return kTimestampMinusInfinity;
    case Outcome::kFields:
      break;
  }
  int64_t micros = 0;
  bool in_range;
  if (with_zone) {
    OMEN_ASSIGN_OR_RETURN(in_range, decoder.UtcMicros(&micros));
  } else {
    in_range = decoder.LocalMicros(&micros);
  }
  if (!in_range) return DatetimeOutOfRange("timestamp", text);
  return micros;
}

namespace {

char* PutTwoDigits(char* out, int value) {
  out[0] = static_cast<char>('0' + value / 10);
  out[1] = static_cast<char>('0' + value % 10);
  return out + 2;
}

/// yyyy-mm-dd, with at least four digits of year; BC years are counted from 1.
void AppendCivilDate(const CivilDate& date, std::string& out) {
  int64_t year = date.year > 0 ? date.year : 1 - date.year;
  char buffer[6] = {'-', 0, 0, '-', 0, 0};
  if (year < 10000) {
    char digits[4];
    PutTwoDigits(PutTwoDigits(digits, static_cast<int>(year / 100)), static_cast<int>(year % 100));
    out.append(digits, 4);
  } else {
    out += std::to_string(year);
  }
  PutTwoDigits(buffer + 1, date.month);
  PutTwoDigits(buffer + 4, date.day);
  out.append(buffer, 6);
}

/// .ffffff without trailing zeros; nothing for 0.
void AppendFraction(int micros, std::string& out) {
  if (micros == 0) return;
  char buffer[7] = {'.'};
  for (int i = 6; i >= 1; --i, micros /= 10) buffer[i] = static_cast<char>('0' + micros % 10);
  size_t size = 7;
  while (buffer[size - 1] == '0') --size;
  out.append(buffer, size);
}

void AppendClock(int hour, int minute, int second, int micros, std::string& out) {
  char buffer[8];
  PutTwoDigits(buffer, hour);
  buffer[2] = ':';
  PutTwoDigits(buffer + 3, minute);
  buffer[5] = ':';
  PutTwoDigits(buffer + 6, second);
  out.append(buffer, 8);
  AppendFraction(micros, out);
}

void AppendCivilTime(const CivilTime& time, std::string& out) {
  AppendCivilDate(time.date, out);
  out.push_back(' ');
  AppendClock(time.hour, time.minute, time.second, time.micros, out);
}

/// +hh[:mm[:ss]].
void AppendOffset(int offset, std::string& out) {
  out.push_back(offset < 0 ? '-' : '+');
  int size = std::abs(offset);
  fmt::format_to(std::back_inserter(out), "{:02}", size / 3600);
  if (size % 3600 == 0) return;
  fmt::format_to(std::back_inserter(out), ":{:02}", size / 60 % 60);
  if (size % 60 != 0) fmt::format_to(std::back_inserter(out), ":{:02}", size % 60);
}

bool AppendInfinity(bool minus, bool plus, std::string& out) {
  if (minus) out += "-infinity";
  if (plus) out += "infinity";
  return minus || plus;
}

}  // namespace

void AppendDate(int64_t days, std::string& out) {
  if (AppendInfinity(days == kDateMinusInfinity, days == kDateInfinity, out)) return;
  CivilDate date = CivilFromDays(days);
  AppendCivilDate(date, out);
  if (date.year <= 0) out += " BC";
}

void AppendTime(int64_t micros, std::string& out) {
  int64_t seconds = micros / kMicrosPerSecond;
  AppendClock(static_cast<int>(seconds / 3600), static_cast<int>(seconds / 60 % 60),
              static_cast<int>(seconds % 60), static_cast<int>(micros % kMicrosPerSecond), out);
}

void AppendTimestamp(int64_t micros, std::string& out) {
  bool minus = micros == kTimestampMinusInfinity;
  if (AppendInfinity(minus, micros == kTimestampInfinity, out)) return;
  CivilTime time = CivilFromTimestamp(micros);
  AppendCivilTime(time, out);
  if (time.date.year <= 0) out += " BC";
}

void AppendTimestamptz(int64_t micros, std::string_view zone, std::string& out) {
  bool minus = micros == kTimestampMinusInfinity;
  if (AppendInfinity(minus, micros == kTimestampInfinity, out)) return;
  Result<int> found = ZoneOffsetAtUtc(zone, micros);
  int offset = found.ok() ? *found : 0;
  CivilTime time = CivilFromTimestamp(micros + offset * kMicrosPerSecond);
  AppendCivilTime(time, out);
  AppendOffset(offset, out);
  if (time.date.year <= 0) out += " BC";
}

}  // namespace omen::types_internal
