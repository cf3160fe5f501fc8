#include "types/datetime/internal/datetime_decoder.h"

#include <cmath>

#include "types/datetime/internal/timestamps.h"
#include "types/text/scalar_text.h"

namespace omen::types_internal {
namespace {

using enum DateTimeError;

constexpr int64_t kJulianOfEpoch = 2'451'545;  // 2000-01-01

}  // namespace

/// Joins the parts of one field to what is known; a part given twice is an error.
DateTimeError DateTimeDecoder::Accept(DateTimeError error) {
  if (error != kNone) return error;
  if (found_ & known_) return kBadFormat;
  known_ |= found_;
  return kNone;
}

DateTimeError DateTimeDecoder::DecodeDateTime(std::string_view text) {
  if (DateTimeError error = ScanDateTime(text, &fields_); error != kNone) return error;
  for (size_t i = 0; i < fields_.size(); ++i) {
    found_ = 0;
    DateTimeError error = Accept(DecodeField(i));
    if (error != kNone) return error;
  }
  if (outcome_ != Outcome::kFields) return kNone;
  if (DateTimeError error = ValidateDate(); error != kNone) return error;
  if (DateTimeError error = ApplyMeridian(); error != kNone) return error;
  if ((known_ & part::kDate) != part::kDate) return kBadFormat;
  bool zone_needed = zone_ != nullptr || !(known_ & part::kZone);
  return zone_needed && (known_ & part::kDaylight) ? kBadFormat : kNone;
}

DateTimeError DateTimeDecoder::DecodeTimeOnly(std::string_view text) {
  time_only_ = true;
  if (DateTimeError error = ScanDateTime(text, &fields_); error != kNone) return error;
  for (size_t i = 0; i < fields_.size(); ++i) {
    found_ = 0;
    DateTimeError error = Accept(DecodeTimeField(i));
    if (error != kNone) return error;
  }
  if (outcome_ != Outcome::kFields) return kBadFormat;
  if (DateTimeError error = ValidateDate(); error != kNone) return error;
  if (DateTimeError error = ApplyMeridian(); error != kNone) return error;
  if (TimeOverflows()) return kFieldOverflow;
  if ((known_ & part::kTime) != part::kTime) return kBadFormat;
  // A zone with history needs the day.
  return zone_ != nullptr && (known_ & part::kDate) != part::kDate ? kBadFormat : kNone;
}

DateTimeError DateTimeDecoder::DecodeField(size_t i) {
  const DateTimeField& field = fields_[i];
  switch (field.kind) {
    case FieldKind::kDate:
      return DateField(field.text);
    case FieldKind::kTime:
      return ClockField(field.text);
    case FieldKind::kZone:
      found_ = part::kZone;
      return DecodeOffset(field.text);
    case FieldKind::kNumber:
      return label_ != Label::kNone ? LabelledNumber(field.text) : NumberField(field.text);
    case FieldKind::kWord:
    case FieldKind::kSpecial:
      return WordField(i);
  }
  return kBadFormat;
}

DateTimeError DateTimeDecoder::DecodeTimeField(size_t i) {
  const DateTimeField& field = fields_[i];
  switch (field.kind) {
    case FieldKind::kDate:
      return TimeOnlyDateField(i);
    case FieldKind::kTime:
      label_ = Label::kNone;
      return DecodeClock(field.text);
    case FieldKind::kNumber:
      return label_ != Label::kNone ? LabelledNumber(field.text) : TimeOnlyNumberField(i);
    default:
      return DecodeField(i);
  }
}

DateTimeError DateTimeDecoder::DateField(std::string_view text) {
  if (label_ == Label::kJulian) {
    label_ = Label::kNone;
    std::string_view rest = text;
    std::optional<int> day = TakeInt(&rest);
    if (!day) return kFieldOverflow;
    DateTimeError error = JulianDay(*day, {});
    found_ = part::kDate | part::kTime | part::kZone;
    return error != kNone ? error : DecodeOffset(rest);
  }
  constexpr uint32_t kMonthAndDay = part::kMonth | part::kDay;
  if (label_ != Label::kNone || (known_ & kMonthAndDay) == kMonthAndDay) {
    return ZoneNameOrTimeWithZone(text);
  }
  return DecodeDateParts(text);
}

/// With the date known: hhmmss-zz, or the name of a zone.
DateTimeError DateTimeDecoder::ZoneNameOrTimeWithZone(std::string_view text) {
  if (!IsDigit(text[0]) && label_ == Label::kNone) return NamedZone(text);
  if (label_ != Label::kNone && label_ != Label::kTime) return kBadFormat;
  label_ = Label::kNone;
  if ((known_ & part::kTime) == part::kTime) return kBadFormat;
  size_t sign = text.find('-');
  if (sign == std::string_view::npos) return kBadFormat;
  if (DateTimeError error = DecodeOffset(text.substr(sign)); error != kNone) return error;
  DateTimeError error = DecodeRunTogether(text.substr(0, sign), known_, &found_);
  found_ |= part::kZone;
  return error;
}

DateTimeError DateTimeDecoder::TimeOnlyDateField(size_t i) {
  std::string_view text = fields_[i].text;
  bool date_allowed =
      i == 0 && fields_.size() >= 2 &&
      (fields_.back().kind == FieldKind::kDate || fields_[1].kind == FieldKind::kTime);
  if (date_allowed) return DecodeDateParts(text);
  if (!IsDigit(text[0])) return NamedZone(text);
  if ((known_ & part::kTime) == part::kTime) return kBadFormat;
  size_t sign = text.find('-');
  if (sign == std::string_view::npos) return kBadFormat;
  if (DateTimeError error = DecodeOffset(text.substr(sign)); error != kNone) return error;
  DateTimeError error = DecodeRunTogether(text.substr(0, sign), known_ | part::kDate, &found_);
  found_ |= part::kZone;
  label_ = Label::kNone;
  return error;
}

DateTimeError DateTimeDecoder::ClockField(std::string_view text) {
  if (label_ != Label::kNone && label_ != Label::kTime) return kBadFormat;
  label_ = Label::kNone;
  DateTimeError error = DecodeClock(text);
  if (error != kNone) return error;
  return TimeOverflows() ? kFieldOverflow : kNone;
}

DateTimeError DateTimeDecoder::NumberField(std::string_view text) {
  size_t point = text.find('.');
  bool has_point = point != std::string_view::npos;
  if (has_point && (known_ & part::kDate) == 0) return DecodeDateParts(text);
  if (has_point && point > 2) return DecodeRunTogether(text, known_, &found_);
  // Six digits or more are a date or time in one, unless both are known; fewer are a single part.
  bool some_missing = (known_ & part::kDate) == 0 || (known_ & part::kTime) == 0;
  if (text.size() >= 6 && some_missing) return DecodeRunTogether(text, known_, &found_);
  return DecodeNumber(text, known_, &found_);
}

DateTimeError DateTimeDecoder::TimeOnlyNumberField(size_t i) {
  std::string_view text = fields_[i].text;
  size_t point = text.find('.');
  uint32_t known = known_ | part::kDate;
  if (point != std::string_view::npos) {
    bool date_allowed = i == 0 && fields_.size() >= 2 && fields_.back().kind == FieldKind::kDate;
    if (date_allowed) return DecodeDateParts(text);
    if (point > 2) return DecodeRunTogether(text, known, &found_);
    return kBadFormat;
  }
  if (text.size() > 4) return DecodeRunTogether(text, known, &found_);
  return DecodeNumber(text, known, &found_);
}

DateTimeError DateTimeDecoder::JulianDay(int day, std::string_view fraction) {
  found_ = part::kDate;
  time_.date = CivilFromDays(day - kJulianOfEpoch);
  julian_ = true;
  if (fraction.empty()) return kNone;
  double rest = std::strtod(std::string(fraction).c_str(), nullptr);
  CivilTime clock = CivilFromTimestamp(static_cast<int64_t>(rest * kMicrosPerDay));
  clock.date = time_.date;
  time_ = clock;
  found_ |= part::kTime;
  return kNone;
}

/// A number after y, m, d, h, mm, s, j or t.
DateTimeError DateTimeDecoder::LabelledNumber(std::string_view text) {
  Label label = std::exchange(label_, Label::kNone);
  std::string_view rest = text;
  std::optional<int> value = TakeInt(&rest);
  if (!value) return kFieldOverflow;
  bool fraction_allowed =
      label == Label::kJulian || label == Label::kTime || label == Label::kSecond;
  if (!rest.empty() && (rest[0] != '.' || !fraction_allowed)) return kBadFormat;
  auto set = [&](int& target, uint32_t what) {
    target = *value;
    found_ = what;
    return kNone;
  };
  switch (label) {
    case Label::kYear:
      time_.date.year = *value;
      found_ = part::kYear;
      return kNone;
    case Label::kMonth:
      if ((known_ & part::kMonth) && (known_ & part::kHour))
        return set(time_.minute, part::kMinute);
      return set(time_.date.month, part::kMonth);
    case Label::kDay:
      return set(time_.date.day, part::kDay);
    case Label::kHour:
      return set(time_.hour, part::kHour);
    case Label::kMinute:
      return set(time_.minute, part::kMinute);
    case Label::kSecond: {
      set(time_.second, part::kSecond);
      if (rest.empty()) return kNone;
      std::optional<int> micros = FractionMicros(rest);
      if (!micros) return kBadFormat;
      time_.micros = *micros;
      found_ = part::kAllSeconds;
      return kNone;
    }
    case Label::kJulian:
      return JulianDay(*value, rest);
    case Label::kTime: {
      DateTimeError error = DecodeRunTogether(text, known_ | part::kDate, &found_);
      return error == kNone && found_ != part::kTime ? kBadFormat : error;
    }
    default:
      return kBadFormat;
  }
}

DateTimeError DateTimeDecoder::WordField(size_t i) {
  const std::string& text = fields_[i].text;
  if (const ZoneAbbreviation* abbreviation = FindZoneAbbreviation(text)) {
    found_ = part::kZone;
    abbreviation_ = abbreviation;
    offset_ = abbreviation->offset;
    return kNone;
  }
  DateWord word = FindDateWord(text);
  if (word.kind == WordKind::kUnknown) {
    zone_ = TimeZone::Find(text);
    found_ = part::kZone;
    return zone_ == nullptr ? kBadFormat : kNone;
  }
  return DateWordField(word, i);
}

DateTimeError DateTimeDecoder::DateWordField(const DateWord& word, size_t i) {
  bool of_date = word.kind == WordKind::kMonth || word.kind == WordKind::kWeekday ||
                 word.kind == WordKind::kToday || word.kind == WordKind::kTomorrow ||
                 word.kind == WordKind::kYesterday;
  if (time_only_ && of_date) return kBadFormat;
  auto special = [&](Outcome outcome) {
    outcome_ = outcome;
    found_ = part::kDate | part::kTime | part::kZone;
    return kNone;
  };
  switch (word.kind) {
    case WordKind::kMonth:
      return MonthName(word.value);
    case WordKind::kWeekday:
      found_ = part::kWeekday;
      return kNone;
    case WordKind::kMeridian:
      found_ = part::kMeridian;
      meridian_ = word.value;
      return kNone;
    case WordKind::kEra:
      found_ = part::kEra;
      bc_ = word.value == 1;
      return kNone;
    case WordKind::kDaylight:
      found_ = part::kDaylight;
      offset_ += word.value;
      return kNone;
    case WordKind::kLabel:
      label_ = static_cast<Label>(word.value);
      return kNone;
    case WordKind::kIsoTime:
      return IsoTimeMark(i);
    case WordKind::kNow:
      CurrentTime();
      return kNone;
    case WordKind::kToday:
      return RelativeDay(0);
    case WordKind::kTomorrow:
      return RelativeDay(1);
    case WordKind::kYesterday:
      return RelativeDay(-1);
    case WordKind::kMidnight:
      found_ = part::kTime | part::kZone;
      return kNone;
    case WordKind::kEpoch:
      return special(Outcome::kEpoch);
    case WordKind::kInfinity:
      return special(Outcome::kInfinity);
    case WordKind::kMinusInfinity:
      return special(Outcome::kMinusInfinity);
    case WordKind::kIgnored:
    case WordKind::kUnknown:
      break;
  }
  return kNone;
}

DateTimeError DateTimeDecoder::MonthName(int month) {
  found_ = part::kMonth;
  // A number read as the month was the day, if it could be one.
  bool could_be_day = (known_ & part::kMonth) && !text_month_ && !(known_ & part::kDay) &&
                      time_.date.month >= 1 && time_.date.month <= 31;
  if (could_be_day) {
    time_.date.day = time_.date.month;
    found_ = part::kDay;
  }
  text_month_ = true;
  time_.date.month = month;
  return kNone;
}

DateTimeError DateTimeDecoder::IsoTimeMark(size_t i) {
  if (!time_only_ && (known_ & part::kDate) != part::kDate) return kBadFormat;
  if (i + 1 >= fields_.size()) return kBadFormat;
  FieldKind next = fields_[i + 1].kind;
  if (next != FieldKind::kNumber && next != FieldKind::kTime && next != FieldKind::kDate) {
    return kBadFormat;
  }
  label_ = Label::kTime;
  return kNone;
}

DateTimeError DateTimeDecoder::RelativeDay(int shift) {
  Result<int64_t> local = UtcToLocal(context_.time_zone, context_.now_micros);
  CivilTime now = CivilFromTimestamp(local.ok() ? *local : context_.now_micros);
  time_.date = CivilFromDays(DaysFromCivil(now.date) + shift);
  found_ = part::kDate;
  return kNone;
}

void DateTimeDecoder::CurrentTime() {
  Result<int> offset = ZoneOffsetAtUtc(context_.time_zone, context_.now_micros);
  offset_ = offset.ok() ? *offset : 0;
  time_ = CivilFromTimestamp(context_.now_micros + offset_ * kMicrosPerSecond);
  found_ = part::kDate | part::kTime | part::kZone;
}

DateTimeError DateTimeDecoder::NamedZone(std::string_view name) {
  zone_ = TimeZone::Find(name);
  found_ = part::kZone;
  if (zone_ != nullptr) return kNone;
  unknown_zone_ = name;
  return kBadFormat;
}

bool DateTimeDecoder::LocalMicros(int64_t* micros) const {
  if (time_.date.year < -4713 || time_.date.year > 294277) return false;
  *micros = TimestampFromCivil(time_);
  return *micros >= kTimestampLeast && *micros < kTimestampEnd;
}

Result<bool> DateTimeDecoder::UtcMicros(int64_t* micros) const {
  // Near the ends the local time may be beyond the range that holds UTC.
  if (time_.date.year < -4713 || time_.date.year > 294277) return false;
  int64_t local = TimestampFromCivil(time_);
  int64_t seconds = UnixSeconds(local);
  int offset = offset_;
  if (zone_ != nullptr) {
    offset = zone_->OffsetOfLocal(seconds);
  } else if (abbreviation_ != nullptr && !abbreviation_->zone.empty()) {
    std::optional<int> found = AbbreviationOffset(*abbreviation_, seconds);
    if (!found) return NotSupported("a time zone abbreviation without the system's zone files");
    offset = *found;
  } else if (!(known_ & part::kZone)) {
    Result<int64_t> utc = LocalToUtc(context_.time_zone, local);
    if (!utc.ok() && utc.status().Is(sqlstate::kDatetimeOverflow)) return false;
    OMEN_ASSIGN_OR_RETURN(*micros, std::move(utc));
    return true;
  }
  *micros = local - offset * kMicrosPerSecond;
  return *micros >= kTimestampLeast && *micros < kTimestampEnd;
}

}  // namespace omen::types_internal
