#include "types/datetime/internal/iso_interval.h"

#include <charconv>
#include <cmath>

#include "types/datetime/datetime.h"
#include "types/text/scalar_text.h"

namespace omen::types_internal {
namespace {

using enum DateTimeError;

constexpr int64_t kMicrosPerHour = 3600 * kMicrosPerSecond;
constexpr int64_t kMicrosPerMinute = 60 * kMicrosPerSecond;

class IsoReader {
 public:
  explicit IsoReader(std::string_view text) : rest_(text) {}

  DateTimeError Read(IntervalData* out) {
    bool date = true;
    while (!rest_.empty() && !done_) {
      if (rest_[0] == 'T') {
        StartTime(&date);
        continue;
      }
      if (DateTimeError error = TakeNumber(); error != kNone) return error;
      char unit = TakeUnit();
      DateTimeError error = date ? DatePart(unit, &date) : TimePart(unit);
      if (error != kNone) return error;
    }
    return sum_.Finish(false, out);
  }

 private:
  static DateTimeError Check(bool fits) { return fits ? kNone : kFieldOverflow; }

  void StartTime(bool* date) {
    rest_.remove_prefix(1);
    *date = false;
    have_field_ = false;
  }

  char TakeUnit() {
    if (rest_.empty()) return '\0';
    char unit = rest_[0];
    rest_.remove_prefix(1);
    return unit;
  }

  DateTimeError TakeNumber() {
    if (rest_.empty() || !(IsDigit(rest_[0]) || rest_[0] == '-' || rest_[0] == '.')) {
      return kBadFormat;
    }
    width_ = 0;
    size_t sign = rest_[0] == '-';
    while (sign + width_ < rest_.size() && IsDigit(rest_[sign + width_])) ++width_;
    double number = 0;
    auto [end, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), number);
    if (error == std::errc::invalid_argument) return kBadFormat;
    if (error != std::errc() || !(std::fabs(number) <= 1.0e15)) return kFieldOverflow;
    rest_.remove_prefix(end - rest_.data());
    whole_ = static_cast<int64_t>(number);
    fraction_ = number - static_cast<double>(whole_);
    return kNone;
  }

  DateTimeError DatePart(char unit, bool* date) {
    switch (unit) {
      case 'Y':
        have_field_ = true;
        return Check(sum_.AddYears(whole_, fraction_, 1));
      case 'M':
        have_field_ = true;
        return Check(sum_.AddMonths(whole_, fraction_));
      case 'W':
        have_field_ = true;
        return Check(sum_.AddDays(whole_, fraction_, 7));
      case 'D':
        have_field_ = true;
        return Check(sum_.AddDays(whole_, fraction_, 1));
      case 'T':
      case '\0':
        if (width_ == 8 && !have_field_) return BasicDate(unit, date);
        return ExtendedDate(unit, date);
      case '-':
        return ExtendedDate(unit, date);
      default:
        return kBadFormat;
    }
  }

  /// yyyymmdd.
  DateTimeError BasicDate(char unit, bool* date) {
    bool fits = sum_.AddYears(whole_ / 10000, 0, 1) && sum_.AddMonths(whole_ / 100 % 100, 0) &&
                sum_.AddDays(whole_ % 100, fraction_, 1);
    if (unit == 'T') *date = false;
    done_ = unit == '\0';
    return Check(fits);
  }

  /// Goes on to the next part of an extended form; true at its end.
  bool EndsHere(char separator, DateTimeError* error, bool* date) {
    if (rest_.empty()) {
      done_ = true;
    } else if (date != nullptr && rest_[0] == 'T') {
      StartTime(date);
      return true;
    } else if (rest_[0] != separator) {
      *error = kBadFormat;
    } else {
      rest_.remove_prefix(1);
      *error = TakeNumber();
    }
    return done_ || *error != kNone;
  }

  /// yyyy-mm-dd, or less of it.
  DateTimeError ExtendedDate(char unit, bool* date) {
    if (have_field_) return kBadFormat;
    if (!sum_.AddYears(whole_, fraction_, 1)) return kFieldOverflow;
    if (unit == '\0') {
      done_ = true;
      return kNone;
    }
    if (unit == 'T') {
      *date = false;
      return kNone;
    }
    DateTimeError error = TakeNumber();
    if (error != kNone) return error;
    if (!sum_.AddMonths(whole_, fraction_)) return kFieldOverflow;
    if (EndsHere('-', &error, date)) return error;
    if (!sum_.AddDays(whole_, fraction_, 1)) return kFieldOverflow;
    EndsHere('\0', &error, date);
    return error;
  }

  DateTimeError TimePart(char unit) {
    switch (unit) {
      case 'H':
        have_field_ = true;
        return Check(sum_.AddMicros(whole_, fraction_, kMicrosPerHour));
      case 'M':
        have_field_ = true;
        return Check(sum_.AddMicros(whole_, fraction_, kMicrosPerMinute));
      case 'S':
        have_field_ = true;
        return Check(sum_.AddMicros(whole_, fraction_, kMicrosPerSecond));
      case '\0':
        if (width_ == 6 && !have_field_) return BasicTime();
        return ExtendedTime(unit);
      case ':':
        return ExtendedTime(unit);
      default:
        return kBadFormat;
    }
  }

  /// hhmmss.
  DateTimeError BasicTime() {
    done_ = true;
    return Check(sum_.AddMicros(whole_ / 10000, 0, kMicrosPerHour) &&
                 sum_.AddMicros(whole_ / 100 % 100, 0, kMicrosPerMinute) &&
                 sum_.AddMicros(whole_ % 100, fraction_, kMicrosPerSecond));
  }

  /// hh:mm:ss, or less of it.
  DateTimeError ExtendedTime(char unit) {
    if (have_field_) return kBadFormat;
    if (!sum_.AddMicros(whole_, fraction_, kMicrosPerHour)) return kFieldOverflow;
    if (unit == '\0') {
      done_ = true;
      return kNone;
    }
    DateTimeError error = TakeNumber();
    if (error != kNone) return error;
    if (!sum_.AddMicros(whole_, fraction_, kMicrosPerMinute)) return kFieldOverflow;
    if (EndsHere(':', &error, nullptr)) return error;
    if (!sum_.AddMicros(whole_, fraction_, kMicrosPerSecond)) return kFieldOverflow;
    EndsHere('\0', &error, nullptr);
    return error;
  }

  std::string_view rest_;
  IntervalSum sum_;
  int64_t whole_ = 0;
  double fraction_ = 0;
  size_t width_ = 0;  // digits of the last number's whole part
  bool have_field_ = false;
  bool done_ = false;
};

}  // namespace

DateTimeError DecodeIsoInterval(std::string_view text, IntervalData* out) {
  if (text.size() < 2 || text[0] != 'P') return kBadFormat;
  return IsoReader(text.substr(1)).Read(out);
}

}  // namespace omen::types_internal
