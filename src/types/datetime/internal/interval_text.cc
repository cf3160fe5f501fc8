// Intervals as text: PostgreSQL's own form, SQL's and ISO 8601's in, the first one out.
#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <cstdlib>

#include "types/datetime/date_unit.h"
#include "types/datetime/internal/datetime_scan.h"
#include "types/datetime/internal/datetime_text.h"
#include "types/datetime/internal/iso_interval.h"
#include "types/datetime/internal/timestamps.h"
#include "types/text/scalar_text.h"

namespace omen::types_internal {
namespace {

using enum DateTimeError;

}  // namespace

bool IntervalSum::AddFractionOfMicros(double fraction, int64_t scale) {
  if (fraction == 0) return true;
  fraction *= static_cast<double>(scale);
  auto whole = static_cast<int64_t>(fraction);
  fraction -= static_cast<double>(whole);
  whole += fraction > 0.5 ? 1 : fraction < -0.5 ? -1 : 0;
  return !__builtin_add_overflow(micros, whole, &micros);
}

bool IntervalSum::AddMicros(int64_t value, double fraction, int64_t scale) {
  int64_t product;
  return !__builtin_mul_overflow(value, scale, &product) &&
         !__builtin_add_overflow(micros, product, &micros) && AddFractionOfMicros(fraction, scale);
}

bool IntervalSum::AddDays(int64_t value, double fraction, int scale) {
  int64_t product;
  if (value != static_cast<int32_t>(value) ||
      __builtin_mul_overflow(value, int64_t{scale}, &product) ||
      __builtin_add_overflow(days, product, &days)) {
    return false;
  }
  return scale == 1 ? AddFractionOfMicros(fraction, kMicrosPerDay)
                    : AddFractionOfDays(fraction, scale);
}

bool IntervalSum::AddFractionOfDays(double fraction, int scale) {
  if (fraction == 0) return true;
  fraction *= scale;
  auto whole = static_cast<int64_t>(fraction);
  fraction -= static_cast<double>(whole);
  return !__builtin_add_overflow(days, whole, &days) &&
         AddFractionOfMicros(fraction, kMicrosPerDay);
}

bool IntervalSum::AddMonths(int64_t value, double fraction) {
  return value == static_cast<int32_t>(value) && !__builtin_add_overflow(months, value, &months) &&
         AddFractionOfDays(fraction, kDaysPerMonth);
}

bool IntervalSum::AddYears(int64_t value, double fraction, int scale) {
  if (value != static_cast<int32_t>(value)) return false;
  double part = std::rint(fraction * scale * 12);
  return !__builtin_add_overflow(years, value * scale, &years) &&
         !__builtin_add_overflow(months, static_cast<int64_t>(part), &months);
}

DateTimeError IntervalSum::Finish(bool negate, IntervalData* out) const {
  if (negate &&
      (years == INT32_MIN || months == INT32_MIN || days == INT32_MIN || micros == INT64_MIN)) {
    return kFieldOverflow;
  }
  int sign = negate ? -1 : 1;
  int64_t total = (years * int64_t{12} + months) * sign;
  if (total != static_cast<int32_t>(total)) return kOutOfRange;
  *out = {micros * sign, days * sign, static_cast<int32_t>(total)};
  return kNone;
}

namespace {

/// What a bare number at the end counts, by the fields that the type allows.
DateUnit UnitOfLastNumber(int fields) {
  using namespace interval_field;  // NOLINT: the masks of this type
  switch (fields) {
    case kYear:
      return DateUnit::kYear;
    case kMonth:
    case kYear | kMonth:
      return DateUnit::kMonth;
    case kDay:
      return DateUnit::kDay;
    case kHour:
    case kDay | kHour:
      return DateUnit::kHour;
    case kMinute:
    case kHour | kMinute:
    case kDay | kHour | kMinute:
      return DateUnit::kMinute;
    default:
      return DateUnit::kSecond;
  }
}

constexpr uint32_t Bit(DateUnit unit) { return 1u << static_cast<int>(unit); }
constexpr uint32_t kSubseconds =
    Bit(DateUnit::kSecond) | Bit(DateUnit::kMillisecond) | Bit(DateUnit::kMicrosecond);
constexpr uint32_t kClock = Bit(DateUnit::kHour) | Bit(DateUnit::kMinute) | kSubseconds;

/// Reads fields from the last to the first, so that a unit is known before its number.
class IntervalDecoder {
 public:
  explicit IntervalDecoder(int fields) : fields_(fields) {}

  DateTimeError Decode(std::string_view text, IntervalData* out) {
    std::vector<DateTimeField> fields;
    if (DateTimeError error = ScanDateTime(text, &fields); error != kNone) return error;
    for (size_t i = fields.size(); i-- > 0;) {
      found_ = 0;
      if (DateTimeError error = DecodeField(fields[i]); error != kNone) return error;
      if (found_ & known_) return kBadFormat;
      known_ |= found_;
    }
    if (known_ == 0) return kBadFormat;
    return sum_.Finish(ago_, out);
  }

 private:
  DateTimeError DecodeField(const DateTimeField& field) {
    switch (field.kind) {
      case FieldKind::kTime:
        unit_ = DateUnit::kDay;
        return DecodeClock(field.text, false);
      case FieldKind::kZone:
        if (field.text.find(':') != std::string::npos &&
            DecodeClock(std::string_view(field.text).substr(1), field.text[0] == '-') == kNone) {
          unit_ = DateUnit::kDay;
          return kNone;
        }
        return DecodeNumber(field.text);
      case FieldKind::kDate:
      case FieldKind::kNumber:
        return DecodeNumber(field.text);
      case FieldKind::kWord:
      case FieldKind::kSpecial:
        return DecodeWord(field.text);
    }
    return kBadFormat;
  }

  DateTimeError DecodeWord(std::string_view word) {
    DateUnit unit = FindDateUnit(word);
    switch (unit) {
      case DateUnit::kIgnored:
        return kNone;
      case DateUnit::kAgo:
        ago_ = true;
        unit_ = DateUnit::kAgo;
        return kNone;
      default:
        if (unit > DateUnit::kMillennium) return kBadFormat;
        unit_ = unit;
        return kNone;
    }
  }

  /// hh:mm[:ss[.f]]; mm:ss where the type is MINUTE TO SECOND or there is a fraction.
  DateTimeError DecodeClock(std::string_view text, bool negative) {
    std::string_view rest = text;
    int64_t hour = 0;
    auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), hour);
    if (error == std::errc::result_out_of_range) return kFieldOverflow;
    rest.remove_prefix(end - text.data());
    if (!rest.starts_with(':')) return kBadFormat;
    rest.remove_prefix(1);
    std::optional<int> minute = TakeInt(&rest);
    if (!minute) return kFieldOverflow;
    std::optional<int> second = 0;
    std::optional<int> micros = 0;
    bool minutes_first =
        rest.empty() && fields_ == (interval_field::kMinute | interval_field::kSecond);
    if (minutes_first || rest.starts_with('.')) {
      if (!rest.empty()) micros = FractionMicros(rest);
      if (hour > INT32_MAX) return kFieldOverflow;
      second = minute;
      minute = static_cast<int>(hour);
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
    return SetClock(hour, *minute * int64_t{60} + *second, *micros, negative);
  }

  DateTimeError SetClock(int64_t hour, int64_t seconds, int64_t micros, bool negative) {
    IntervalSum clock;
    if (!clock.AddMicros(hour, 0, 3600 * kMicrosPerSecond) ||
        !clock.AddMicros(seconds, 0, kMicrosPerSecond) || !clock.AddMicros(micros, 0, 1)) {
      return kFieldOverflow;
    }
    // What stood to the right is replaced, not added to, as in PostgreSQL.
    sum_.micros = negative ? -clock.micros : clock.micros;
    found_ = kClock;
    return kNone;
  }

  DateTimeError DecodeNumber(std::string_view text) {
    if (unit_ == DateUnit::kIgnored) unit_ = UnitOfLastNumber(fields_);
    bool negative = text[0] == '-';
    std::string_view digits = text[0] == '+' ? text.substr(1) : text;
    int64_t value = 0;
    auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (error == std::errc::result_out_of_range) return kFieldOverflow;
    std::string_view rest = digits.substr(end - digits.data());
    double fraction = 0;
    if (rest.starts_with('-')) {
      rest.remove_prefix(1);
      std::optional<int> months = TakeInt(&rest);
      if (!months || *months >= 12) return kFieldOverflow;
      if (!rest.empty()) return kBadFormat;
      unit_ = DateUnit::kMonth;
      if (__builtin_mul_overflow(value, int64_t{12}, &value) ||
          __builtin_add_overflow(value, int64_t{negative ? -*months : *months}, &value)) {
        return kFieldOverflow;
      }
    } else if (rest.starts_with('.')) {
      if (rest.size() > 1) {
        auto [stop, failed] = std::from_chars(rest.data(), rest.data() + rest.size(), fraction);
        if (failed == std::errc::result_out_of_range) fraction = 0;
        if (stop != rest.data() + rest.size()) return kBadFormat;
      }
      if (negative) fraction = -fraction;
    } else if (!rest.empty()) {
      return kBadFormat;
    }
    return AddUnit(value, fraction);
  }

  DateTimeError AddUnit(int64_t value, double fraction) {
    found_ = Bit(unit_);
    bool fits = true;
    switch (unit_) {
      case DateUnit::kMicrosecond:
      case DateUnit::kMillisecond:
      case DateUnit::kMinute:
      case DateUnit::kHour:
        fits = sum_.AddMicros(value, fraction, MicrosPerUnit(unit_));
        if (unit_ == DateUnit::kHour) unit_ = DateUnit::kDay;
        break;
      case DateUnit::kSecond:
        fits = sum_.AddMicros(value, fraction, kMicrosPerSecond);
        if (fraction != 0) found_ = kSubseconds;
        break;
      case DateUnit::kDay:
        fits = sum_.AddDays(value, fraction, 1);
        break;
      case DateUnit::kWeek:
        fits = sum_.AddDays(value, fraction, 7);
        break;
      case DateUnit::kMonth:
        fits = sum_.AddMonths(value, fraction);
        break;
      case DateUnit::kYear:
        fits = sum_.AddYears(value, fraction, 1);
        break;
      case DateUnit::kDecade:
        fits = sum_.AddYears(value, fraction, 10);
        break;
      case DateUnit::kCentury:
        fits = sum_.AddYears(value, fraction, 100);
        break;
      case DateUnit::kMillennium:
        fits = sum_.AddYears(value, fraction, 1000);
        break;
      default:
        return kBadFormat;
    }
    return fits ? kNone : kFieldOverflow;
  }

  int fields_;
  IntervalSum sum_;
  DateUnit unit_ = DateUnit::kIgnored;
  uint32_t known_ = 0;
  uint32_t found_ = 0;
  bool ago_ = false;
};

}  // namespace

Result<IntervalData> ParseInterval(std::string_view text, int fields) {
  IntervalData interval;
  DateTimeError error = IntervalDecoder(fields).Decode(text, &interval);
  if (error == kBadFormat) error = DecodeIsoInterval(text, &interval);
  if (error == kNone) return interval;
  if (error == kFieldOverflow) error = kIntervalOverflow;
  return MakeDateTimeError(error, text, "interval");
}

void AppendInterval(const IntervalData& interval, std::string& out) {
  bool first = true;
  bool before_negative = false;
  auto part = [&](int64_t value, const char* unit) {
    if (value == 0) return;
    fmt::format_to(std::back_inserter(out), "{}{}{} {}{}", first ? "" : " ",
                   before_negative && value > 0 ? "+" : "", value, unit, value == 1 ? "" : "s");
    before_negative = value < 0;
    first = false;
  };
  part(interval.months / 12, "year");
  part(interval.months % 12, "mon");
  part(interval.days, "day");
  if (!first && interval.micros == 0) return;
  bool negative = interval.micros < 0;
  uint64_t micros = static_cast<uint64_t>(interval.micros);
  if (negative) micros = -micros;
  uint64_t seconds = micros / kMicrosPerSecond;
  fmt::format_to(std::back_inserter(out), "{}{}{:02}:{:02}:{:02}", first ? "" : " ",
                 negative          ? "-"
                 : before_negative ? "+"
                                   : "",
                 seconds / 3600, seconds / 60 % 60, seconds % 60);
  if (uint64_t rest = micros % kMicrosPerSecond; rest != 0) {
    std::string digits = fmt::format(".{:06}", rest);
    digits.resize(digits.find_last_not_of('0') + 1);
    out += digits;
  }
}

}  // namespace omen::types_internal
