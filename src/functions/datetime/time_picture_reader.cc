#include "functions/datetime/time_picture_reader.h"

#include <algorithm>
#include <string>
#include <vector>

#include "functions/datetime/datetime_picture.h"
#include "functions/kernel/utf8.h"

namespace omen::functions {

namespace {

bool IsBlankCharacter(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
bool IsDecimalDigit(char c) { return c >= '0' && c <= '9'; }
bool IsAsciiLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool IsSeparatorCharacter(char c) {
  return c > 0x20 && c < 0x7F && !IsAsciiLetter(c) && !IsDecimalDigit(c);
}

Status BadFieldValue(std::string_view value, std::string_view field, std::string detail) {
  return Status(sqlstate::kDatetimeFormat,
                "invalid value \"" + std::string(value) + "\" for \"" + std::string(field) + "\"")
      .Detail(std::move(detail));
}

Status ValueOutOfRange(const PictureNode& node) {
  return Status(sqlstate::kDatetimeOverflow,
                "value for \"" + node.text + "\" in source string is out of range")
      .Detail("Value must be in the range -2147483648 to 2147483647.");
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

  Result<PictureFields> Run() {
    for (index_ = 0; index_ < nodes_.size() && !rest_.empty(); ++index_) {
      const PictureNode& node = nodes_[index_];
      const bool begins = node.is_field() ? node.field != PictureField::kFixed : index_ == 0;
      if (!fixed_ && begins) SkipBlanks();
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
    while (!rest_.empty() && IsBlankCharacter(rest_.front())) {
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
    if (!rest_.empty() && (IsBlankCharacter(rest_[0]) || IsSeparatorCharacter(rest_[0]))) {
      rest_.remove_prefix(1);
      ++skipped_;
    }
  }

  bool NextIsNoDigit() const {
    if (nodes_[index_].ordinal != 0) return true;
    if (index_ + 1 == nodes_.size()) return true;
    const PictureNode& next = nodes_[index_ + 1];
    if (next.is_field()) return !next.is_digits;
    return !(next.text.size() == 1 && IsDecimalDigit(next.text[0]));
  }

  // Exactly `width` characters, or as many digits as there are where nothing else could follow.
  // `length` counts what was read, blanks before it as well.
  Result<int> Integer(const PictureNode& node, size_t width, size_t* length) {
    std::string_view before = rest_;
    while (!rest_.empty() && IsBlankCharacter(rest_.front())) rest_.remove_prefix(1);
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
    for (; used < source.size() && IsDecimalDigit(source[used]); ++used) {
      value = std::min<int64_t>(value * 10 + (source[used] - '0'), INT64_C(1) << 40);
    }
    if (used == sign) {
      return BadFieldValue(source.substr(0, width), node.text, "Value must be an integer.");
    }
    if (!free && used < width) {
      return std::move(BadFieldValue(source, node.text,
                                     "Field requires " + std::to_string(width) +
                                         " characters, but only " + std::to_string(used) +
                                         " could be parsed."))
          .Hint(kFillModeHint);
    }
    if (negative) value = -value;
    if (value > INT32_MAX || value < INT32_MIN) {
      return ValueOutOfRange(node);
    }
    rest_.remove_prefix(used);
    *length = before.size() - rest_.size();
    return static_cast<int>(value);
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

  // As many digits as there are make a fraction: 25 and 250 are a quarter, 025 is not. What an
  // earlier field left is compared before that.
  Status Fraction(const PictureNode& node, size_t width, size_t places, int* field) {
    size_t length;
    OMEN_ASSIGN_OR_RETURN(int value, Integer(node, width, &length));
    OMEN_RETURN_IF_ERROR(Set(node, field, value));
    for (size_t i = length; i < places; ++i) {
      if (__builtin_mul_overflow(*field, 10, field)) return ValueOutOfRange(node);
    }
    return Status::Ok();
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
    while (end < rest_.size() && !IsBlankCharacter(rest_[end])) ++end;
    return BadFieldValue(rest_.substr(0, end), node.text,
                         "The given value did not match any of the allowed values for this field.");
  }

  Status Letters(const PictureNode& node, const char* const (&names)[2], int* field) {
    int index = 0;
    OMEN_RETURN_IF_ERROR(Name(node, names, std::string_view::npos, &index));
    return Set(node, field, index);
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
      case PictureField::kWeekday:
      case PictureField::kWeek:
      case PictureField::kWeekOfMonth:
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
        return Status(sqlstate::kFeatureNotSupported,
                      "formatting field \"" + node.text + "\" is only supported in to_char");
      case PictureField::kZoneHours:
        return ZoneHours(node);
      case PictureField::kZoneMinutes:
        if (!fields_.zone_sign) fields_.zone_sign = 1;
        return Store(node, 2, &fields_.zone_minutes);
      default:
        if (node.field < PictureField::kCentury) return Status::Ok();
        OMEN_RETURN_IF_ERROR(DateOrTime(node));
        if (node.is_digits && node.ordinal != 0) SkipOrdinal();
        return Status::Ok();
    }
  }

  // Whatever the two characters are.
  void SkipOrdinal() {
    SkipCharacter();
    SkipCharacter();
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
        return Fraction(node, 3, 3, &fields_.millisecond);
      case PictureField::kMicrosecond:
        return Fraction(node, 6, 6, &fields_.microsecond);
      case PictureField::kFraction:
        fields_.precision = node.text[2] - '0';
        return Fraction(node, static_cast<size_t>(fields_.precision), 6, &fields_.microsecond);
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
        return DayName(node, std::string_view::npos);
      case PictureField::kDayShort:
        return DayName(node, 3);
      case PictureField::kDay:
        return Store(node, 2, &fields_.day);
      case PictureField::kDayOfYear:
        return Store(node, 3, &fields_.day_of_year);
      case PictureField::kIsoDayOfYear:
        return Store(node, 3, &fields_.day_of_year);
      case PictureField::kWeekday:
        return Store(node, 1, &fields_.weekday);
      case PictureField::kIsoWeekday:
        OMEN_RETURN_IF_ERROR(Store(node, 1, &fields_.weekday));
        // From Monday on to from Sunday on.
        fields_.weekday = fields_.weekday >= 7 ? 1 : fields_.weekday + 1;
        return Status::Ok();
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

  Status DayName(const PictureNode& node, size_t clip) {
    int index = 0;
    OMEN_RETURN_IF_ERROR(Name(node, kDayNames, clip, &index));
    OMEN_RETURN_IF_ERROR(Set(node, &fields_.weekday, index));
    ++fields_.weekday;
    return Status::Ok();
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

  // A sign and digits after blanks, as scanf reads them.
  bool ScanInteger(size_t width, int64_t* value) {
    while (!rest_.empty() && IsBlankCharacter(rest_.front())) rest_.remove_prefix(1);
    const bool negative = rest_.starts_with('-');
    size_t used = negative || rest_.starts_with('+') ? 1 : 0;
    const size_t sign = used;
    for (*value = 0; used < std::min(width, rest_.size()) && IsDecimalDigit(rest_[used]); ++used) {
      *value = std::min<int64_t>(*value * 10 + (rest_[used] - '0'), INT32_MAX);
    }
    rest_.remove_prefix(used);
    if (negative) *value = -*value;
    return used > sign;
  }

  Status ThousandsYear(const PictureNode& node) {
    int64_t millennia, years;
    bool good = ScanInteger(std::string_view::npos, &millennia) && rest_.starts_with(',');
    if (good) {
      rest_.remove_prefix(1);
      good = ScanInteger(3, &years);
    }
    if (!good) return Status(sqlstate::kDatetimeFormat, "invalid input string for \"Y,YYY\"");
    years += millennia * 1000;
    if (years > INT32_MAX || years < INT32_MIN) return ValueOutOfRange(node);
    fields_.year_digits = 4;
    return Set(node, &fields_.year, static_cast<int>(years));
  }

  const std::vector<PictureNode>& nodes_;
  const char* begin_;
  std::string_view rest_;
  size_t index_ = 0;
  int skipped_ = 0;
  bool fixed_ = false;
  PictureFields fields_;
};

}  // namespace

Result<PictureFields> ReadByPicture(std::string_view picture, std::string_view text) {
  const std::vector<PictureNode> nodes = ParsePicture(picture);
  return PictureReader(nodes, text).Run();
}

}  // namespace omen::functions
