// to_char() of timestamps and intervals.
#include <cstdio>
#include <cstdlib>
#include <optional>

#include "base/work.h"
#include "functions/datetime/datetime_arithmetic.h"
#include "functions/datetime/datetime_picture.h"
#include "functions/kernel/kernel.h"
#include "functions/kernel/rows.h"
#include "functions/kernel/utf8.h"

namespace omen::functions {

namespace {

/// What the fields print: a point in time, or an interval taken apart.
struct Moment {
  int64_t year = 0, month = 0, day = 0;
  int64_t hour = 0, minute = 0, second = 0, micros = 0;
  int64_t weekday = 0;  // Sunday is 0
  int64_t day_of_year = 0;
  int64_t days = 0;  // since 2000-01-01
  int64_t offset = 0;
  bool is_interval = false;
  std::optional<std::string> zone;
};

Moment OfTimestamp(int64_t local) {
  Moment m;
  CivilTime civil = CivilFromTimestamp(local);
  m.year = civil.date.year;
  m.month = civil.date.month;
  m.day = civil.date.day;
  m.hour = civil.hour;
  m.minute = civil.minute;
  m.second = civil.second;
  m.micros = civil.micros;
  m.days = FloorDays(local);
  m.weekday = IsoDayOfWeek(m.days) % 7;
  m.day_of_year = m.days - DaysFromCivil({m.year, 1, 1}) + 1;
  return m;
}

Moment OfInterval(const IntervalData& interval) {
  Moment m;
  m.is_interval = true;
  m.year = interval.months / 12;
  m.month = interval.months % 12;
  m.day = interval.days;
  int64_t seconds = interval.micros / kMicrosPerSecond;
  m.micros = interval.micros % kMicrosPerSecond;
  m.hour = seconds / 3600;
  m.minute = seconds / 60 % 60;
  m.second = seconds % 60;
  m.day_of_year = (m.year * 12 + m.month) * 30 + m.day;
  m.days = DaysFromCivil({m.year, m.month == 0 ? 1 : static_cast<int>(m.month), 1}) + m.day - 1;
  return m;
}

Status NotForIntervals() {
  return Status(sqlstate::kDatetimeFormat, "invalid format specification for an interval value")
      .Hint("Intervals are not tied to specific calendar dates.");
}

bool NamesCalendar(PictureField field) {
  switch (field) {
    case PictureField::kZone:
    case PictureField::kZoneHours:
    case PictureField::kZoneMinutes:
    case PictureField::kOffset:
    case PictureField::kEra:
    case PictureField::kEraDots:
    case PictureField::kMonthName:
    case PictureField::kMonthShort:
    case PictureField::kDayName:
    case PictureField::kDayShort:
    case PictureField::kWeekday:
    case PictureField::kIsoWeekday:
      return true;
    default:
      return false;
  }
}

std::string InCase(std::string_view text, LetterCase letter_case) {
  if (letter_case == LetterCase::kUpper) return UpperAscii(text);
  return letter_case == LetterCase::kLower ? LowerAscii(text) : std::string(text);
}

/// Prints one moment by a picture.
class MomentPrinter {
 public:
  explicit MomentPrinter(const Moment& moment) : m_(moment) {}

  Status Print(const std::vector<PictureNode>& nodes, std::string* out) {
    for (const PictureNode& node : nodes) {
      Work::Poll();
      if (!node.is_field()) {
        *out += node.text;
        continue;
      }
      if (m_.is_interval && NamesCalendar(node.field)) return NotForIntervals();
      std::string text;
      OMEN_RETURN_IF_ERROR(Field(node, &text));
      if (node.ordinal != 0 && node.is_digits && !text.empty()) {
        text += OrdinalSuffix(text, node.ordinal == 'T');
      }
      *out += text;
    }
    return Status::Ok();
  }

 private:
  /// Zero-padded to `width` unless FM says otherwise; a sign takes a place of its own.
  static std::string Number(const PictureNode& node, int64_t value, int width) {
    char text[32];
    if (node.fill_mode) width = 0;
    if (width > 0 && value < 0) ++width;
    std::snprintf(text, sizeof text, "%0*lld", width, static_cast<long long>(value));
    return text;
  }

  /// Days of a negative interval have no extra place for their sign.
  static int SignedWidth(int64_t value, int width) { return value < 0 ? width - 1 : width; }

  static std::string Name(const PictureNode& node, std::string_view name, size_t width) {
    std::string text = InCase(name, node.letter_case);
    if (!node.fill_mode && !node.translated && text.size() < width) text.resize(width, ' ');
    return text;
  }

  int64_t ShownYear() const { return m_.is_interval || m_.year > 0 ? m_.year : 1 - m_.year; }

  Status Field(const PictureNode& node, std::string* out) {
    switch (node.field) {
      case PictureField::kMeridiem:
      case PictureField::kMeridiemDots:
      case PictureField::kEra:
      case PictureField::kEraDots:
        *out = Letters(node);
        return Status::Ok();
      case PictureField::kZone:
      case PictureField::kZoneHours:
      case PictureField::kZoneMinutes:
      case PictureField::kOffset:
        return Zone(node, out);
      default:
        break;
    }
    *out = TimeField(node);
    if (out->empty()) *out = DateField(node);
    if (out->empty()) *out = YearField(node);
    return Status::Ok();
  }

  std::string Letters(const PictureNode& node) const {
    bool dots = node.field == PictureField::kMeridiemDots || node.field == PictureField::kEraDots;
    bool era = node.field == PictureField::kEra || node.field == PictureField::kEraDots;
    int64_t hour = m_.hour % 24;
    char first = era ? (m_.year <= 0 ? 'B' : 'A') : (hour >= 12 ? 'P' : 'A');
    char second = era ? (m_.year <= 0 ? 'C' : 'D') : 'M';
    std::string text = {first};
    if (dots) text += '.';
    text += second;
    if (dots) text += '.';
    return InCase(text, node.letter_case);
  }

  std::string TimeField(const PictureNode& node) const {
    switch (node.field) {
      case PictureField::kHour12: {
        int64_t hour = m_.hour % 12 == 0 ? 12 : m_.hour % 12;
        return Number(node, hour, 2);
      }
      case PictureField::kHour24:
        return Number(node, m_.hour, 2);
      case PictureField::kMinute:
        return Number(node, m_.minute, 2);
      case PictureField::kSecond:
        return Number(node, m_.second, 2);
      case PictureField::kMillisecond:
        return Fraction(3);
      case PictureField::kMicrosecond:
        return Fraction(6);
      case PictureField::kFraction:
        return Fraction(node.text[2] - '0');
      case PictureField::kSecondOfDay:
        return std::to_string(m_.hour * 3600 + m_.minute * 60 + m_.second);
      default:
        return {};
    }
  }

  std::string Fraction(int digits) const {
    int64_t divisor = 1;
    for (int i = digits; i < 6; ++i) divisor *= 10;
    char text[32];
    std::snprintf(text, sizeof text, "%0*lld", digits, static_cast<long long>(m_.micros / divisor));
    return text;
  }

  std::string DateField(const PictureNode& node) const {
    switch (node.field) {
      case PictureField::kMonthName:
        return Name(node, kMonthNames[m_.month - 1], 9);
      case PictureField::kMonthShort:
        return InCase(std::string_view(kMonthNames[m_.month - 1]).substr(0, 3), node.letter_case);
      case PictureField::kMonth:
        return Number(node, m_.month, 2);
      case PictureField::kDayName:
        return Name(node, kDayNames[m_.weekday], 9);
      case PictureField::kDayShort:
        return InCase(std::string_view(kDayNames[m_.weekday]).substr(0, 3), node.letter_case);
      case PictureField::kDayOfYear:
        return Number(node, m_.day_of_year, SignedWidth(m_.day_of_year, 3));
      case PictureField::kIsoDayOfYear:
        return Number(node, IsoDayOfYear(), 3);
      case PictureField::kDay:
        return Number(node, m_.day, SignedWidth(m_.day, 2));
      case PictureField::kWeekday:
        return std::to_string(m_.weekday + 1);
      case PictureField::kIsoWeekday:
        return std::to_string(m_.weekday == 0 ? 7 : m_.weekday);
      case PictureField::kWeek:
        return Number(node, (m_.day_of_year - 1) / 7 + 1, 2);
      case PictureField::kIsoWeek:
        return Number(node, Iso().week, 2);
      case PictureField::kWeekOfMonth:
        return std::to_string((m_.day - 1) / 7 + 1);
      case PictureField::kQuarter:
        return m_.month == 0 ? std::string() : std::to_string((m_.month - 1) / 3 + 1);
      case PictureField::kJulian:
        return std::to_string(m_.days + 2'451'545);
      case PictureField::kRoman:
        return Roman(node);
      default:
        return {};
    }
  }

  std::string Roman(const PictureNode& node) const {
    if (m_.month == 0 && (m_.year == 0 || !m_.is_interval)) return {};
    int64_t index = ((m_.month - 1) % 12 + 12) % 12;
    // Months of a negative interval count back from the year's end; whole years end there.
    if (m_.month < 0) index = 12 + m_.month;
    if (m_.month == 0 && m_.year < 0) index = 0;
    std::string text = InCase(kRomanMonths[index % 12], node.letter_case);
    if (!node.fill_mode && text.size() < 4) text.resize(4, ' ');
    return text;
  }

  std::string YearField(const PictureNode& node) const {
    bool iso = node.field == PictureField::kIsoYear;
    if (node.field == PictureField::kCentury) return Century(node);
    int64_t year = iso ? IsoShownYear() : ShownYear();
    if (node.field == PictureField::kYearComma) {
      char text[40];
      std::snprintf(text, sizeof text, "%lld,%03lld", static_cast<long long>(year / 1000),
                    static_cast<long long>(year % 1000));
      return text;
    }
    if (!iso && node.field != PictureField::kYear) return {};
    auto width = static_cast<int>(node.text.size());
    static constexpr int64_t kModuli[] = {0, 10, 100, 1000};
    if (width < 4) year %= kModuli[width];
    return Number(node, year, width);
  }

  std::string Century(const PictureNode& node) const {
    int64_t century = m_.year / 100;
    if (!m_.is_interval) {
      century = m_.year > 0 ? (m_.year - 1) / 100 + 1 : m_.year / 100 - 1;
    }
    if (century > 99 || century < -99) return std::to_string(century);
    return Number(node, century, 2);
  }

  struct IsoDate {
    int64_t year;
    int week;
  };

  IsoDate Iso() const {
    IsoDate iso;
    IsoWeek(m_.days, &iso.year, &iso.week);
    return iso;
  }

  int64_t IsoShownYear() const {
    int64_t year = Iso().year;
    return m_.is_interval || year > 0 ? year : 1 - year;
  }

  int64_t IsoDayOfYear() const {
    // Days since the Monday of the ISO year's first week, which has January 4th in it.
    int64_t fourth = DaysFromCivil({Iso().year, 1, 4});
    int64_t monday = fourth - (IsoDayOfWeek(fourth) - 1);
    return m_.days - monday + 1;
  }

  Status Zone(const PictureNode& node, std::string* out) const {
    char text[16];
    char sign = m_.offset < 0 ? '-' : '+';
    auto hours = static_cast<int>(std::abs(m_.offset) / 3600);
    auto minutes = static_cast<int>(std::abs(m_.offset) % 3600 / 60);
    switch (node.field) {
      case PictureField::kZoneHours:
        std::snprintf(text, sizeof text, "%c%02d", sign, hours);
        break;
      case PictureField::kZoneMinutes:
        std::snprintf(text, sizeof text, "%02d", minutes);
        break;
      case PictureField::kOffset:
        std::snprintf(text, sizeof text, minutes != 0 ? "%c%0*d:%02d" : "%c%0*d", sign,
                      node.fill_mode ? 0 : 2, hours, minutes);
        break;
      default:
        if (!m_.zone) return Status::Ok();
        if (*m_.zone != "UTC") return NotSupported("TZ in to_char() outside UTC");
        *out = InCase(*m_.zone, node.letter_case);
        return Status::Ok();
    }
    *out = text;
    return Status::Ok();
  }

  const Moment& m_;
};

Status PrintMoment(const Moment& moment, std::string_view picture, Value* out) {
  std::string text;
  OMEN_RETURN_IF_ERROR(MomentPrinter(moment).Print(ParsePicture(picture), &text));
  return ReturnText(out, text);
}

Status TimestampToChar(CallContext&, const CallArgs& args, Value* out) {
  int64_t local = IntArg(args, 0);
  if (!IsFiniteTimestamp(local) || BytesArg(args, 1).empty()) return Return(out, Value());
  return PrintMoment(OfTimestamp(local), BytesArg(args, 1), out);
}

Status FromInstant(CallContext& context, const CallArgs& args, Value* out) {
  int64_t utc = IntArg(args, 0);
  if (!IsFiniteTimestamp(utc) || BytesArg(args, 1).empty()) return Return(out, Value());
  OMEN_ASSIGN_OR_RETURN(int offset, ZoneOffsetAtUtc(context.style.time_zone, utc));
  Moment moment = OfTimestamp(utc + offset * kMicrosPerSecond);
  moment.offset = offset;
  std::string zone = UpperAscii(context.style.time_zone);
  moment.zone = zone == "ETC/UTC" ? "UTC" : zone;
  return PrintMoment(moment, BytesArg(args, 1), out);
}

Status IntervalToChar(CallContext&, const CallArgs& args, Value* out) {
  if (BytesArg(args, 1).empty()) return Return(out, Value());
  return PrintMoment(OfInterval(args.values[0].AsInterval()), BytesArg(args, 1), out);
}

using namespace oid;  // NOLINT: the rows below are lists of types

constexpr FunctionRow kToCharDatetimeRows[] = {
    {2049, "to_char", {kTimestamp, kText}, kText, kStable | kReadsLocale, TimestampToChar},
    {1770, "to_char", {kTimestamptz, kText}, kText, kStable | kReadsZone, FromInstant},
    {1768, "to_char", {kInterval, kText}, kText, kStable | kReadsLocale, IntervalToChar},
};

}  // namespace

std::span<const FunctionRow> ToCharDatetimeRows() { return kToCharDatetimeRows; }

}  // namespace omen::functions
