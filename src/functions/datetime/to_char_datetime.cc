// to_char() of timestamps and intervals.
#include <cstdio>
#include <cstdlib>

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
  std::string_view zone;  // empty: none
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

void InCase(std::string_view text, LetterCase letter_case, std::string* out) {
  if (letter_case == LetterCase::kTitle) {
    *out += text;
  } else {
    *out += letter_case == LetterCase::kUpper ? UpperAscii(text) : LowerAscii(text);
  }
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
      const size_t start = out->size();
      OMEN_RETURN_IF_ERROR(Field(node, out));
      if (node.ordinal != 0 && node.is_digits && out->size() != start) {
        *out += OrdinalSuffix(std::string_view(*out).substr(start), node.ordinal == 'T');
      }
    }
    return Status::Ok();
  }

 private:
  /// Zero-padded to `width` unless FM says otherwise; a sign takes a place of its own.
  static void Number(const PictureNode& node, int64_t value, int width, std::string* out) {
    if (node.fill_mode) width = 0;
    if (value < 0) *out += '-';
    Padded(value < 0 ? -static_cast<uint64_t>(value) : static_cast<uint64_t>(value), width, out);
  }
  static void Padded(uint64_t value, int width, std::string* out) {
    char text[20];
    char* const end = text + sizeof text;
    char* at = end;
    do {
      *--at = static_cast<char>('0' + value % 10);
      value /= 10;
    } while (value != 0);
    while (end - at < width) *--at = '0';
    out->append(at, static_cast<size_t>(end - at));
  }

  /// Days of a negative interval have no extra place for their sign.
  static int SignedWidth(int64_t value, int width) { return value < 0 ? width - 1 : width; }

  static void Name(const PictureNode& node, std::string_view name, size_t width, std::string* out) {
    const size_t start = out->size();
    InCase(name, node.letter_case, out);
    if (!node.fill_mode && !node.translated && name.size() < width) {
      out->resize(start + width, ' ');
    }
  }
  static void Short(const PictureNode& node, std::string_view name, std::string* out) {
    InCase(name.substr(0, 3), node.letter_case, out);
  }

  int64_t ShownYear() const { return m_.is_interval || m_.year > 0 ? m_.year : 1 - m_.year; }

  Status Field(const PictureNode& node, std::string* out) {
    switch (node.field) {
      case PictureField::kMeridiem:
      case PictureField::kMeridiemDots:
      case PictureField::kEra:
      case PictureField::kEraDots:
        Letters(node, out);
        return Status::Ok();
      case PictureField::kZone:
      case PictureField::kZoneHours:
      case PictureField::kZoneMinutes:
      case PictureField::kOffset:
        return Zone(node, out);
      default:
        break;
    }
    if (!TimeField(node, out) && !DateField(node, out)) YearField(node, out);
    return Status::Ok();
  }

  void Letters(const PictureNode& node, std::string* out) const {
    bool dots = node.field == PictureField::kMeridiemDots || node.field == PictureField::kEraDots;
    bool era = node.field == PictureField::kEra || node.field == PictureField::kEraDots;
    int64_t hour = m_.hour % 24;
    char first = era ? (m_.year <= 0 ? 'B' : 'A') : (hour >= 12 ? 'P' : 'A');
    char second = era ? (m_.year <= 0 ? 'C' : 'D') : 'M';
    std::string text = {first};
    if (dots) text += '.';
    text += second;
    if (dots) text += '.';
    InCase(text, node.letter_case, out);
  }

  /// False where the field is no time's.
  bool TimeField(const PictureNode& node, std::string* out) const {
    switch (node.field) {
      case PictureField::kHour12:
        Number(node, m_.hour % 12 == 0 ? 12 : m_.hour % 12, 2, out);
        return true;
      case PictureField::kHour24:
        Number(node, m_.hour, 2, out);
        return true;
      case PictureField::kMinute:
        Number(node, m_.minute, 2, out);
        return true;
      case PictureField::kSecond:
        Number(node, m_.second, 2, out);
        return true;
      case PictureField::kMillisecond:
        Fraction(3, out);
        return true;
      case PictureField::kMicrosecond:
        Fraction(6, out);
        return true;
      case PictureField::kFraction:
        Fraction(node.text[2] - '0', out);
        return true;
      case PictureField::kSecondOfDay:
        *out += std::to_string(m_.hour * 3600 + m_.minute * 60 + m_.second);
        return true;
      default:
        return false;
    }
  }

  void Fraction(int digits, std::string* out) const {
    int64_t divisor = 1;
    for (int i = digits; i < 6; ++i) divisor *= 10;
    const int64_t shown = m_.micros / divisor;
    // A sign takes one of the digits' places.
    if (shown < 0) *out += '-';
    Padded(static_cast<uint64_t>(std::abs(shown)), shown < 0 ? digits - 1 : digits, out);
  }

  /// False where the field is no date's, or has nothing to show.
  bool DateField(const PictureNode& node, std::string* out) const {
    switch (node.field) {
      case PictureField::kMonthName:
        Name(node, kMonthNames[m_.month - 1], 9, out);
        return true;
      case PictureField::kMonthShort:
        Short(node, kMonthNames[m_.month - 1], out);
        return true;
      case PictureField::kMonth:
        Number(node, m_.month, 2, out);
        return true;
      case PictureField::kDayName:
        Name(node, kDayNames[m_.weekday], 9, out);
        return true;
      case PictureField::kDayShort:
        Short(node, kDayNames[m_.weekday], out);
        return true;
      case PictureField::kDay:
        Number(node, m_.day, SignedWidth(m_.day, 2), out);
        return true;
      case PictureField::kRoman:
        *out += Roman(node);
        return true;
      default:
        return CountedField(node, out);
    }
  }

  /// Days, weeks and quarters by their numbers; false where it is none of them.
  bool CountedField(const PictureNode& node, std::string* out) const {
    switch (node.field) {
      case PictureField::kDayOfYear:
        Number(node, m_.day_of_year, SignedWidth(m_.day_of_year, 3), out);
        return true;
      case PictureField::kIsoDayOfYear:
        Number(node, IsoDayOfYear(), 3, out);
        return true;
      case PictureField::kWeekday:
        *out += std::to_string(m_.weekday + 1);
        return true;
      case PictureField::kIsoWeekday:
        *out += std::to_string(m_.weekday == 0 ? 7 : m_.weekday);
        return true;
      case PictureField::kWeek:
        Number(node, (m_.day_of_year - 1) / 7 + 1, 2, out);
        return true;
      case PictureField::kIsoWeek:
        Number(node, Iso().week, 2, out);
        return true;
      case PictureField::kWeekOfMonth:
        *out += std::to_string((m_.day - 1) / 7 + 1);
        return true;
      case PictureField::kQuarter:
        if (m_.month != 0) *out += std::to_string((m_.month - 1) / 3 + 1);
        return true;
      case PictureField::kJulian:
        *out += std::to_string(m_.days + 2'451'545);
        return true;
      default:
        return false;
    }
  }

  std::string Roman(const PictureNode& node) const {
    if (m_.month == 0 && (m_.year == 0 || !m_.is_interval)) return {};
    int64_t index = ((m_.month - 1) % 12 + 12) % 12;
    // Months of a negative interval count back from the year's end; whole years end there.
    if (m_.month < 0) index = 12 + m_.month;
    if (m_.month == 0 && m_.year < 0) index = 0;
    std::string text;
    InCase(kRomanMonths[index % 12], node.letter_case, &text);
    if (!node.fill_mode && text.size() < 4) text.resize(4, ' ');
    return text;
  }

  void YearField(const PictureNode& node, std::string* out) const {
    bool iso = node.field == PictureField::kIsoYear;
    if (node.field == PictureField::kCentury) return Century(node, out);
    int64_t year = iso ? IsoShownYear() : ShownYear();
    if (node.field == PictureField::kYearComma) {
      char text[40];
      std::snprintf(text, sizeof text, "%lld,%03lld", static_cast<long long>(year / 1000),
                    static_cast<long long>(year % 1000));
      *out += text;
      return;
    }
    if (!iso && node.field != PictureField::kYear) return;
    auto width = static_cast<int>(node.text.size());
    static constexpr int64_t kModuli[] = {0, 10, 100, 1000};
    if (width < 4) year %= kModuli[width];
    Number(node, year, width, out);
  }

  void Century(const PictureNode& node, std::string* out) const {
    int64_t century = m_.year / 100;
    if (!m_.is_interval) {
      century = m_.year > 0 ? (m_.year - 1) / 100 + 1 : m_.year / 100 - 1;
    }
    if (century > 99 || century < -99) {
      *out += std::to_string(century);
    } else {
      Number(node, century, 2, out);
    }
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
        if (m_.zone.empty()) return Status::Ok();
        if (m_.zone != "UTC") return NotSupported("TZ in to_char() outside UTC");
        InCase(m_.zone, node.letter_case, out);
        return Status::Ok();
    }
    *out += text;
    return Status::Ok();
  }

  const Moment& m_;
};

/// Prints by one picture what a value says; false for an infinity, which has no text.
struct TimestampPrinting {
  explicit TimestampPrinting(const CallContext&) {}
  Result<bool> operator()(const std::vector<PictureNode>& picture, const Value& value,
                          std::string* out) const {
    const int64_t local = value.AsInt();
    if (!IsFiniteTimestamp(local)) return false;
    OMEN_RETURN_IF_ERROR(MomentPrinter(OfTimestamp(local)).Print(picture, out));
    return true;
  }
};

class InstantPrinting {
 public:
  explicit InstantPrinting(const CallContext& context)
      : zone_(context.style.time_zone), shown_(UpperAscii(zone_)) {
    if (shown_ == "ETC/UTC") shown_ = "UTC";
  }
  Result<bool> operator()(const std::vector<PictureNode>& picture, const Value& value,
                          std::string* out) const {
    const int64_t utc = value.AsInt();
    if (!IsFiniteTimestamp(utc)) return false;
    OMEN_ASSIGN_OR_RETURN(const int offset, ZoneOffsetAtUtc(zone_, utc));
    Moment moment = OfTimestamp(utc + offset * kMicrosPerSecond);
    moment.offset = offset;
    moment.zone = shown_;
    OMEN_RETURN_IF_ERROR(MomentPrinter(moment).Print(picture, out));
    return true;
  }

 private:
  std::string zone_, shown_;
};

struct IntervalPrinting {
  explicit IntervalPrinting(const CallContext&) {}
  Result<bool> operator()(const std::vector<PictureNode>& picture, const Value& value,
                          std::string* out) const {
    OMEN_RETURN_IF_ERROR(MomentPrinter(OfInterval(value.AsInterval())).Print(picture, out));
    return true;
  }
};

template <typename Printing>
Status MomentToChar(CallContext& context, const CallArgs& args, Value* out) {
  if (BytesArg(args, 1).empty()) return Return(out, Value());
  std::string text;
  OMEN_ASSIGN_OR_RETURN(const bool known,
                        Printing(context)(ParsePicture(BytesArg(args, 1)), args.values[0], &text));
  return known ? ReturnText(out, text) : Return(out, Value());
}

template <typename Printing>
Result<ValueForm> MomentForm(CallContext& context, const CallArgs& args) {
  ValueForm form;
  if (BytesArg(args, 1).empty()) {
    form.print = [](const Value&, std::string*) -> Result<bool> { return false; };
    return form;
  }
  form.print = [printing = Printing(context), picture = ParsePicture(BytesArg(args, 1))](
                   const Value& value, std::string* out) { return printing(picture, value, out); };
  return form;
}

using namespace oid;  // NOLINT: the rows below are lists of types

constexpr FunctionRow kToCharDatetimeRows[] = {
    {2049,
     "to_char",
     {kTimestamp, kText},
     kText,
     kStable | kReadsLocale,
     MomentToChar<TimestampPrinting>},
    {1770,
     "to_char",
     {kTimestamptz, kText},
     kText,
     kStable | kReadsZone,
     MomentToChar<InstantPrinting>},
    {1768,
     "to_char",
     {kInterval, kText},
     kText,
     kStable | kReadsLocale,
     MomentToChar<IntervalPrinting>},
};

constexpr ValueFormRow kToCharDatetimeForms[] = {
    {2049, 0, MomentForm<TimestampPrinting>},
    {1770, 0, MomentForm<InstantPrinting>},
    {1768, 0, MomentForm<IntervalPrinting>},
};

}  // namespace

std::span<const ValueFormRow> ToCharDatetimeForms() { return kToCharDatetimeForms; }

std::span<const FunctionRow> ToCharDatetimeRows() { return kToCharDatetimeRows; }

}  // namespace omen::functions
