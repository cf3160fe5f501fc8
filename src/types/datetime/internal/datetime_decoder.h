// What the fields of a date or time mean, decided from left to right by what
// is known already, with PostgreSQL's rules (ISO first, else month-day-year).
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "types/datetime/datetime.h"
#include "types/datetime/internal/datetime_scan.h"
#include "types/datetime/internal/datetime_text.h"
#include "types/datetime/internal/timezone.h"

namespace omen::types_internal {

/// Which parts of a date and time are known.
namespace part {
inline constexpr uint32_t kMonth = 1 << 1, kYear = 1 << 2, kDay = 1 << 3, kZone = 1 << 5,
                          kDaylight = 1 << 6, kMeridian = 1 << 9, kHour = 1 << 10,
                          kMinute = 1 << 11, kSecond = 1 << 12, kMillisecond = 1 << 13,
                          kMicrosecond = 1 << 14, kDayOfYear = 1 << 15, kWeekday = 1 << 16,
                          kEra = 1 << 18;
inline constexpr uint32_t kDate = kMonth | kYear | kDay;
inline constexpr uint32_t kAllSeconds = kSecond | kMillisecond | kMicrosecond;
inline constexpr uint32_t kTime = kHour | kMinute | kAllSeconds;
}  // namespace part

/// Reads one text. Use once, one thread.
class DateTimeDecoder {
 public:
  enum class Outcome : uint8_t { kFields, kEpoch, kInfinity, kMinusInfinity };

  explicit DateTimeDecoder(const DateTimeContext& context) : context_(context) {}

  /// A date with or without a time.
  DateTimeError DecodeDateTime(std::string_view text);
  /// A time; a date is let pass where PostgreSQL does.
  DateTimeError DecodeTimeOnly(std::string_view text);

  Outcome outcome() const { return outcome_; }
  const CivilTime& time() const { return time_; }
  /// The zone named that does not exist; the error is then kBadFormat.
  const std::string& unknown_zone() const { return unknown_zone_; }
  /// The local time as a timestamp; false when out of range.
  bool LocalMicros(int64_t* micros) const;
  /// The same at UTC, by the zone in the text or else the session's; false when out of range.
  Result<bool> UtcMicros(int64_t* micros) const;

 private:
  DateTimeError DecodeField(size_t i);
  DateTimeError DecodeTimeField(size_t i);
  DateTimeError DateField(std::string_view text);
  DateTimeError ZoneNameOrTimeWithZone(std::string_view text);
  DateTimeError TimeOnlyDateField(size_t i);
  DateTimeError ClockField(std::string_view text);
  DateTimeError NumberField(std::string_view text);
  DateTimeError TimeOnlyNumberField(size_t i);
  DateTimeError LabelledNumber(std::string_view text);
  DateTimeError JulianDay(int day, std::string_view fraction);
  DateTimeError WordField(size_t i);
  DateTimeError DateWordField(const DateWord& word, size_t i);
  DateTimeError MonthName(int month);
  DateTimeError IsoTimeMark(size_t i);
  DateTimeError RelativeDay(int shift);
  void CurrentTime();
  DateTimeError NamedZone(std::string_view name);

  DateTimeError DecodeDateParts(std::string_view text);
  DateTimeError DecodeNumber(std::string_view text, uint32_t known, uint32_t* found);
  DateTimeError PlaceNumber(int value, size_t length, uint32_t known, uint32_t* found);
  DateTimeError DecodeRunTogether(std::string_view text, uint32_t known, uint32_t* found);
  DateTimeError DecodeClock(std::string_view text);
  DateTimeError DecodeOffset(std::string_view text);
  DateTimeError Accept(DateTimeError error);
  DateTimeError ApplyMeridian();
  DateTimeError ValidateDate();
  bool TimeOverflows() const;

  const DateTimeContext& context_;
  std::vector<DateTimeField> fields_;
  CivilTime time_{};
  int day_of_year_ = 0;
  uint32_t known_ = 0;  // parts of all fields so far
  uint32_t found_ = 0;  // parts of the current field
  Label label_ = Label::kNone;
  bool time_only_ = false;
  bool text_month_ = false;
  bool two_digit_year_ = false;
  bool bc_ = false;
  bool julian_ = false;
  int meridian_ = -1;  // 0 AM, 1 PM
  Outcome outcome_ = Outcome::kFields;
  int offset_ = 0;  // seconds east
  std::shared_ptr<const TimeZone> zone_;
  const ZoneAbbreviation* abbreviation_ = nullptr;
  std::string unknown_zone_;
};

}  // namespace omen::types_internal
