// to_date() and to_timestamp(): reading a text by a format picture.
#include <optional>
#include <string>

#include "functions/datetime_arithmetic.h"
#include "functions/datetime_picture.h"
#include "functions/kernel.h"
#include "functions/rows.h"
#include "functions/utf8.h"

namespace omen::functions {

namespace {

bool IsBlank(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool IsSeparatorCharacter(char c) { return c > 0x20 && c < 0x7F && !IsLetter(c) && !IsDigit(c); }

/// What the fields said. Zero means unsaid, as in PostgreSQL.
struct Fields {
  int hour = 0, minute = 0, second = 0, second_of_day = 0, millisecond = 0, microsecond = 0;
  int year = 0, year_digits = 4, century = 0, month = 0, day = 0, day_of_year = 0;
  int weekday = 0, week = 0, week_of_month = 0, julian = 0;
  bool twelve_hours = false, afternoon = false, before_christ = false;
  bool iso = false, gregorian = false;
  std::optional<int> zone_sign;
  int zone_hours = 0, zone_minutes = 0;
};

Status BadValue(std::string_view value, std::string_view field, std::string detail) {
  return Status(sqlstate::kDatetimeFormat,
                "invalid value \"" + std::string(value) + "\" for \"" + std::string(field) + "\"")
      .Detail(std::move(detail));
}

constexpr const char* kFillModeHint =
    "If your source string is not fixed-width, try using the \"FM\" modifier.";

int FullYear(int year) {
  if (year < 70) return year + 2000;
  if (year < 100) return year + 1900;
  if (year < 520) return year + 2000;
  return year < 1000 ? year + 1000 : year;
}

/// Walks the picture and the text together.
class PictureReader {
 public:
  PictureReader(const std::vector<PictureNode>& nodes, std::string_view text)
      : nodes_(nodes), begin_(text.data()), rest_(text) {}

  Result<Fields> Run() {
    for (index_ = 0; index_ < nodes_.size() && !rest_.empty(); ++index_) {
      const PictureNode& node = nodes_[index_];
      if (!fixed_ && (node.is_field() || index_ == 0)) SkipBlanks();
      if (!node.is_field()) {
        SkipPlain(node);
        continue;
      }
      OMEN_RETURN_IF_ERROR(Field(node));
      if (!fixed_) {
        skipped_ = 0;
        SkipBlanks();
      }
    }
    return fields_;
  }

 private:
  void SkipBlanks() {
    while (!rest_.empty() && IsBlank(rest_.front())) {
      rest_.remove_prefix(1);
      ++skipped_;
    }
  }

  void SkipCharacter() {
    if (!rest_.empty()) rest_.remove_prefix(std::min(CharacterLength(rest_[0]), rest_.size()));
  }

  // A separator of the picture stands for one of the text, or for none; other text for any
  // character, unless blanks skipped before already stand for it.
  void SkipPlain(const PictureNode& node) {
    if (fixed_) return SkipCharacter();
    if (node.field == PictureField::kText) {
      if (skipped_ > 0) {
        --skipped_;
      } else {
        SkipCharacter();
      }
      return;
    }
    --skipped_;
    if (!rest_.empty() && (IsBlank(rest_[0]) || IsSeparatorCharacter(rest_[0]))) {
      rest_.remove_prefix(1);
      ++skipped_;
    }
  }

  bool NextIsNoDigit() const {
    if (nodes_[index_].ordinal != 0) return true;
    if (index_ + 1 == nodes_.size()) return true;
    const PictureNode& next = nodes_[index_ + 1];
    if (next.is_field()) return !next.is_digits;
    return !(next.text.size() == 1 && IsDigit(next.text[0]));
  }

  // Exactly `width` characters, or as many digits as there are where nothing else could follow.
  Result<int> Integer(const PictureNode& node, size_t width, size_t* length) {
    std::string_view before = rest_;
    while (!rest_.empty() && IsBlank(rest_.front())) rest_.remove_prefix(1);
    std::string_view source = rest_;
    bool free = node.fill_mode || NextIsNoDigit();
    if (!free) {
      if (source.size() < width) {
        return Status(sqlstate::kDatetimeFormat,
                      "source string too short for \"" + node.text + "\" formatting field")
            .Detail("Field requires " + std::to_string(width) + " characters, but only " +
                    std::to_string(source.size()) + " remain.")
            .Hint(kFillModeHint);
      }
      source = source.substr(0, width);
    }
    size_t used = 0;
    int64_t value = 0;
    bool negative = source.starts_with('-');
    if (negative || source.starts_with('+')) used = 1;
    size_t sign = used;
    for (; used < source.size() && IsDigit(source[used]); ++used) {
      value = std::min<int64_t>(value * 10 + (source[used] - '0'), INT64_C(1) << 40);
    }
    if (used == sign) {
      return BadValue(before.substr(0, free ? before.size() : width), node.text,
                      "Value must be an integer.");
    }
    if (!free && used < width) {
      return std::move(BadValue(source, node.text,
                                "Field requires " + std::to_string(width) +
                                    " characters, but only " + std::to_string(used) +
                                    " could be parsed."))
          .Hint(kFillModeHint);
    }
    if (value > INT32_MAX) {
      return Status(sqlstate::kDatetimeOverflow,
                    "value for \"" + node.text + "\" in source string is out of range")
          .Detail("Value must be in the range -2147483648 to 2147483647.");
    }
    rest_.remove_prefix(used);
    *length = used;
    return static_cast<int>(negative ? -value : value);
  }

  Status Store(const PictureNode& node, size_t width, int* field) {
    size_t length;
    OMEN_ASSIGN_OR_RETURN(int value, Integer(node, width, &length));
    return Set(node, field, value);
  }

  static Status Set(const PictureNode& node, int* field, int value) {
    if (*field != 0 && *field != value) {
      return Status(sqlstate::kDatetimeFormat,
                    "conflicting values for \"" + node.text + "\" field in formatting string")
          .Detail("This value contradicts a previous setting for the same field type.");
    }
    *field = value;
    return Status::Ok();
  }

  Status Fraction(const PictureNode& node, int digits, int* field) {
    size_t length;
    OMEN_ASSIGN_OR_RETURN(int value, Integer(node, static_cast<size_t>(digits), &length));
    for (size_t i = length; i < static_cast<size_t>(digits); ++i) value *= 10;
    return Set(node, field, value);
  }

  // The index of the name the text starts with, in any case.
  template <size_t kCount>
  Status Name(const PictureNode& node, const char* const (&names)[kCount], size_t clip,
              int* index) {
    for (size_t i = 0; i < kCount; ++i) {
      std::string_view name = std::string_view(names[i]).substr(0, clip);
      if (LowerAscii(rest_.substr(0, name.size())) != LowerAscii(name)) continue;
      rest_.remove_prefix(name.size());
      *index = static_cast<int>(i);
      return Status::Ok();
    }
    size_t end = 0;
    while (end < rest_.size() && !IsBlank(rest_[end])) ++end;
    return BadValue(rest_.substr(0, end), node.text,
                    "The given value did not match any of the allowed values for this field.");
  }

  Status Letters(const PictureNode& node, const char* const (&names)[2], bool* field) {
    int index = 0;
    OMEN_RETURN_IF_ERROR(Name(node, names, std::string_view::npos, &index));
    *field = index == 1;
    return Status::Ok();
  }

  Status Mode(PictureField field) {
    switch (field) {
      case PictureField::kIsoYear:
      case PictureField::kIsoWeek:
      case PictureField::kIsoWeekday:
      case PictureField::kIsoDayOfYear:
        fields_.iso = true;
        break;
      case PictureField::kYear:
      case PictureField::kYearComma:
      case PictureField::kMonth:
      case PictureField::kMonthName:
      case PictureField::kMonthShort:
      case PictureField::kDay:
      case PictureField::kDayOfYear:
      case PictureField::kDayName:
      case PictureField::kDayShort:
      case PictureField::kWeekday:
      case PictureField::kWeek:
      case PictureField::kWeekOfMonth:
      case PictureField::kQuarter:
      case PictureField::kRoman:
        fields_.gregorian = true;
        break;
      default:
        break;
    }
    if (!fields_.iso || !fields_.gregorian) return Status::Ok();
    return Status(sqlstate::kDatetimeFormat, "invalid combination of date conventions")
        .Hint("Do not mix Gregorian and ISO week date conventions in a formatting template.");
  }

  Status Field(const PictureNode& node) {
    OMEN_RETURN_IF_ERROR(Mode(node.field));
    static constexpr const char* kMeridiems[] = {"am", "pm"};
    static constexpr const char* kDottedMeridiems[] = {"a.m.", "p.m."};
    static constexpr const char* kEras[] = {"ad", "bc"};
    static constexpr const char* kDottedEras[] = {"a.d.", "b.c."};
    switch (node.field) {
      case PictureField::kFixed:
        fixed_ = true;
        return Status::Ok();
      case PictureField::kMeridiem:
        fields_.twelve_hours = true;
        return Letters(node, kMeridiems, &fields_.afternoon);
      case PictureField::kMeridiemDots:
        fields_.twelve_hours = true;
        return Letters(node, kDottedMeridiems, &fields_.afternoon);
      case PictureField::kEra:
        return Letters(node, kEras, &fields_.before_christ);
      case PictureField::kEraDots:
        return Letters(node, kDottedEras, &fields_.before_christ);
      case PictureField::kZone:
      case PictureField::kOffset:
        return NotSupported("formatting field \"" + node.text + "\" in to_timestamp()");
      case PictureField::kZoneHours:
        return ZoneHours(node);
      case PictureField::kZoneMinutes:
        if (!fields_.zone_sign) fields_.zone_sign = 1;
        return Store(node, 2, &fields_.zone_minutes);
      default:
        return node.field >= PictureField::kCentury ? DateOrTime(node) : Status::Ok();
    }
  }

  Status ZoneHours(const PictureNode& node) {
    if (rest_.starts_with('-') || rest_.starts_with('+') || rest_.starts_with(' ')) {
      fields_.zone_sign = rest_[0] == '-' ? -1 : 1;
      rest_.remove_prefix(1);
    } else {
      // The sign may have been taken for the separator that the picture has before this field.
      const bool dash = rest_.data() > begin_ && rest_.data()[-1] == '-';
      fields_.zone_sign = skipped_ > 0 && dash ? -1 : 1;
    }
    return Store(node, 2, &fields_.zone_hours);
  }

  Status DateOrTime(const PictureNode& node) {
    int index = 0;
    switch (node.field) {
      case PictureField::kHour12:
        fields_.twelve_hours = true;
        [[fallthrough]];
      case PictureField::kHour24:
        return Store(node, 2, &fields_.hour);
      case PictureField::kMinute:
        return Store(node, 2, &fields_.minute);
      case PictureField::kSecond:
        return Store(node, 2, &fields_.second);
      case PictureField::kMillisecond:
        return Fraction(node, 3, &fields_.millisecond);
      case PictureField::kMicrosecond:
        return Fraction(node, 6, &fields_.microsecond);
      case PictureField::kFraction:
        return FractionOf(node);
      case PictureField::kSecondOfDay:
        return Store(node, node.text.size(), &fields_.second_of_day);
      case PictureField::kMonthName:
        OMEN_RETURN_IF_ERROR(Name(node, kMonthNames, std::string_view::npos, &index));
        return Set(node, &fields_.month, index + 1);
      case PictureField::kMonthShort:
        OMEN_RETURN_IF_ERROR(Name(node, kMonthNames, 3, &index));
        return Set(node, &fields_.month, index + 1);
      case PictureField::kRoman:
        return RomanMonth(node);
      case PictureField::kMonth:
        return Store(node, 2, &fields_.month);
      case PictureField::kDayName:
        OMEN_RETURN_IF_ERROR(Name(node, kDayNames, std::string_view::npos, &index));
        return Set(node, &fields_.weekday, index + 1);
      case PictureField::kDayShort:
        OMEN_RETURN_IF_ERROR(Name(node, kDayNames, 3, &index));
        return Set(node, &fields_.weekday, index + 1);
      case PictureField::kDay:
        return Store(node, 2, &fields_.day);
      case PictureField::kDayOfYear:
        return Store(node, 3, &fields_.day_of_year);
      case PictureField::kIsoDayOfYear:
        return Store(node, 4, &fields_.day_of_year);
      case PictureField::kWeekday:
        return Store(node, 1, &fields_.weekday);
      case PictureField::kIsoWeekday:
        return Store(node, 1, &fields_.weekday);
      case PictureField::kWeek:
      case PictureField::kIsoWeek:
        return Store(node, 2, &fields_.week);
      case PictureField::kWeekOfMonth:
        return Store(node, 1, &fields_.week_of_month);
      case PictureField::kJulian:
        return Store(node, 1, &fields_.julian);
      case PictureField::kCentury:
        return Store(node, 2, &fields_.century);
      case PictureField::kQuarter:
        return Store(node, 1, &index);  // says nothing that counts
      default:
        return Year(node);
    }
  }

  Status FractionOf(const PictureNode& node) {
    int digits = node.text[2] - '0';
    int value = 0;
    OMEN_RETURN_IF_ERROR(Fraction(node, digits, &value));
    for (int i = digits; i < 6; ++i) value *= 10;
    return Set(node, &fields_.microsecond, value);
  }

  Status RomanMonth(const PictureNode& node) {
    // Longer numerals first: VIII before VII before VI before V.
    static constexpr const char* kNumerals[] = {"XII", "XI", "X",  "IX",  "VIII", "VII",
                                                "VI",  "V",  "IV", "III", "II",   "I"};
    int index = 0;
    OMEN_RETURN_IF_ERROR(Name(node, kNumerals, std::string_view::npos, &index));
    return Set(node, &fields_.month, 12 - index);
  }

  Status Year(const PictureNode& node) {
    size_t width = node.text.size(), length = 0;
    if (node.field == PictureField::kYearComma) return ThousandsYear(node);
    OMEN_ASSIGN_OR_RETURN(int year, Integer(node, width, &length));
    if (width < 4 && length < 4) year = FullYear(year);
    fields_.year_digits = static_cast<int>(width);
    return Set(node, &fields_.year, year);
  }

  Status ThousandsYear(const PictureNode& node) {
    size_t comma = rest_.find(',');
    bool good =
        comma != std::string_view::npos && comma > 0 && comma <= 6 && rest_.size() >= comma + 4;
    int year = 0;
    for (size_t i = 0; good && i < comma + 4; ++i) {
      if (i == comma) continue;
      good = IsDigit(rest_[i]);
      year = year * 10 + (rest_[i] - '0');
    }
    if (!good) {
      return Status(sqlstate::kDatetimeFormat, "invalid input string for \"Y,YYY\"");
    }
    rest_.remove_prefix(comma + 4);
    return Set(node, &fields_.year, year);
  }

  const std::vector<PictureNode>& nodes_;
  const char* begin_;
  std::string_view rest_;
  size_t index_ = 0;
  int skipped_ = 0;
  bool fixed_ = false;
  Fields fields_;
};

struct LocalMoment {
  int64_t days = 0, micros = 0;
  std::optional<int> offset;
};

/// Puts what was said together.
class FieldsToTime {
 public:
  FieldsToTime(const Fields& fields, std::string_view text) : f_(fields), text_(text) {}

  Result<LocalMoment> Run() {
    LocalMoment time;
    OMEN_ASSIGN_OR_RETURN(time.micros, TimeOfDay());
    OMEN_RETURN_IF_ERROR(YearAndWeek());
    OMEN_RETURN_IF_ERROR(DayOfYear());
    bool said = f_.year != 0 || f_.century != 0;
    if (month_ < 1 || month_ > 12 || day_ < 1 || (said && year_ == 0 && !f_.before_christ)) {
      return OutOfRangeField();
    }
    if (day_ > DaysInMonth(year_, month_)) return OutOfRangeField();
    time.days = DaysFromCivil({year_, month_, day_});
    if (f_.zone_sign) {
      if (f_.zone_hours > 15 || f_.zone_minutes > 59) return OutOfRangeField();
      time.offset = *f_.zone_sign * (f_.zone_hours * 3600 + f_.zone_minutes * 60);
    }
    return time;
  }

 private:
  Status OutOfRangeField() const {
    return Status(sqlstate::kDatetimeOverflow,
                  "date/time field value out of range: \"" + std::string(text_) + "\"");
  }

  Result<int64_t> TimeOfDay() {
    int64_t hour = f_.second_of_day / 3600, minute = f_.second_of_day / 60 % 60;
    int64_t second = f_.second_of_day % 60;
    if (f_.hour != 0) hour = f_.hour;
    if (f_.minute != 0) minute = f_.minute;
    if (f_.second != 0) second = f_.second;
    if (f_.twelve_hours) {
      if (hour < 1 || hour > 12) {
        return Status(sqlstate::kDatetimeFormat,
                      "hour \"" + std::to_string(hour) + "\" is invalid for the 12-hour clock")
            .Hint("Use the 24-hour clock, or give an hour between 1 and 12.");
      }
      hour = hour % 12 + (f_.afternoon ? 12 : 0);
    }
    int64_t fraction = int64_t{f_.millisecond} * 1000 + f_.microsecond;
    if (hour < 0 || hour >= 24 || minute < 0 || minute >= 60 || second < 0 || second >= 60 ||
        fraction < 0 || fraction >= kMicrosPerSecond) {
      return OutOfRangeField();
    }
    return ((hour * 60 + minute) * 60 + second) * kMicrosPerSecond + fraction;
  }

  void SetYear() {
    int century = f_.before_christ ? -f_.century : f_.century;
    if (f_.year != 0 && f_.century != 0 && f_.year_digits <= 2) {
      // Two digits of the year are those within the century, which runs from 01 to 00.
      int tens = f_.year % 100;
      if (tens != 0) {
        year_ = century >= 0 ? tens + (century - 1) * 100 : (century + 1) * 100 - tens + 1;
      } else {
        year_ = century * 100 + (century >= 0 ? 0 : 1);
      }
    } else if (f_.year != 0) {
      year_ = f_.before_christ ? -f_.year : f_.year;
      if (year_ < 0) ++year_;
    } else if (f_.century != 0) {
      year_ = century >= 0 ? (century - 1) * 100 + 1 : century * 100 + 1;
    }
  }

  void SetDate(int64_t days) {
    CivilDate date = CivilFromDays(days);
    year_ = date.year;
    month_ = date.month;
    day_ = date.day;
  }

  static int64_t FirstMonday(int64_t iso_year) {
    int64_t fourth = DaysFromCivil({iso_year, 1, 4});
    return fourth - (IsoDayOfWeek(fourth) - 1);
  }

  Status YearAndWeek() {
    SetYear();
    day_of_year_ = f_.day_of_year;
    if (f_.julian != 0) SetDate(f_.julian - 2'451'545);
    if (f_.week != 0 && f_.iso) {
      int64_t monday = FirstMonday(year_) + int64_t{f_.week - 1} * 7;
      SetDate(monday + (f_.weekday != 0 ? f_.weekday - 1 : 0));
    } else if (f_.week != 0) {
      day_of_year_ = (f_.week - 1) * 7 + 1;
    }
    if (f_.week_of_month != 0) day_ = (f_.week_of_month - 1) * 7 + 1;
    if (f_.day != 0) day_ = f_.day;
    if (f_.month != 0) month_ = f_.month;
    return Status::Ok();
  }

  Status DayOfYear() {
    if (day_of_year_ == 0 || (month_ > 1 && day_ > 1)) return Status::Ok();
    if (year_ == 0 && !f_.before_christ) {
      return Status(sqlstate::kDatetimeFormat,
                    "cannot calculate day of year without year information");
    }
    int64_t first = f_.iso ? FirstMonday(year_) : DaysFromCivil({year_, 1, 1});
    int64_t length = f_.iso ? 371 : DaysFromCivil({year_ + 1, 1, 1}) - first;
    if (day_of_year_ < 1 || day_of_year_ > length) return OutOfRangeField();
    SetDate(first + day_of_year_ - 1);
    return Status::Ok();
  }

  const Fields& f_;
  std::string_view text_;
  int64_t year_ = 0;
  int month_ = 1, day_ = 1;
  int64_t day_of_year_ = 0;
};

Result<LocalMoment> Read(const CallArgs& args) {
  std::vector<PictureNode> nodes = ParsePicture(BytesArg(args, 1));
  OMEN_ASSIGN_OR_RETURN(Fields fields, PictureReader(nodes, BytesArg(args, 0)).Run());
  return FieldsToTime(fields, BytesArg(args, 0)).Run();
}

Status ToDate(CallContext&, const CallArgs& args, Value* out) {
  OMEN_ASSIGN_OR_RETURN(LocalMoment time, Read(args));
  if (!IsDateInRange(time.days)) {
    return Status(sqlstate::kDatetimeOverflow,
                  "date out of range: \"" + std::string(BytesArg(args, 0)) + "\"");
  }
  return ReturnInt(out, time.days);
}

Status ToTimestamp(CallContext& context, const CallArgs& args, Value* out) {
  OMEN_ASSIGN_OR_RETURN(LocalMoment time, Read(args));
  Result<int64_t> midnight = MidnightOf(time.days);
  if (!midnight.ok()) return DatetimeOutOfRange("timestamp");
  int64_t local = *midnight + time.micros;
  if (time.offset) return ReturnInt(out, local - *time.offset * kMicrosPerSecond);
  OMEN_ASSIGN_OR_RETURN(int64_t utc, InstantOf(context, local));
  return ReturnInt(out, utc);
}

using namespace oid;  // NOLINT: the rows below are lists of types

constexpr FunctionRow kToTimestampRows[] = {
    {1780, "to_date", {kText, kText}, kDate, kStable, ToDate},
    {1778, "to_timestamp", {kText, kText}, kTimestamptz, kStable, ToTimestamp},
};

}  // namespace

std::span<const FunctionRow> ToTimestampRows() { return kToTimestampRows; }

}  // namespace omen::functions
