// to_date() and to_timestamp(): what the fields of a picture said, put together.
#include <optional>
#include <string>

#include "functions/datetime/datetime_arithmetic.h"
#include "functions/datetime/time_picture_reader.h"
#include "functions/kernel/kernel.h"
#include "functions/kernel/rows.h"
#include "types/io.h"

namespace omen::functions {

namespace {

struct LocalMoment {
  int64_t days = 0, micros = 0;
  std::optional<int> offset;
  int precision = 0;
};

/// By PostgreSQL's order of who overrides whom (do_to_timestamp). A day is checked against its
/// month only where all of the date was said.
class FieldsToTime {
 public:
  FieldsToTime(const PictureFields& fields, std::string_view text) : f_(fields), text_(text) {}

  Result<LocalMoment> Run() {
    LocalMoment time;
    OMEN_ASSIGN_OR_RETURN(const int64_t seconds, SecondsOfDay());
    SetYear();
    SetDay();
    OMEN_RETURN_IF_ERROR(SetDayOfYear());
    OMEN_RETURN_IF_ERROR(CheckDate());
    const int64_t fraction = int64_t{f_.millisecond} * 1000 + f_.microsecond;
    if (seconds < 0 || fraction < 0 || fraction >= kMicrosPerSecond) return OutOfRangeField();
    time.micros = seconds * kMicrosPerSecond + fraction;
    time.days = DaysFromCivil({year_, static_cast<int>(month_), 1}) + day_ - 1;
    time.precision = f_.precision;
    if (f_.zone_sign) {
      OMEN_ASSIGN_OR_RETURN(time.offset, Offset());
    }
    return time;
  }

 private:
  Status OutOfRangeField() const {
    return Status(sqlstate::kDatetimeOverflow,
                  "date/time field value out of range: \"" + std::string(text_) + "\"");
  }

  Result<int> Offset() const {
    constexpr int kMaxHours = 15;
    if (f_.zone_hours < 0 || f_.zone_hours > kMaxHours || f_.zone_minutes < 0 ||
        f_.zone_minutes > 59) {
      return Status(SqlState{"22009"},
                    "time zone displacement out of range: \"" + std::string(text_) + "\"");
    }
    return *f_.zone_sign * (f_.zone_hours * 3600 + f_.zone_minutes * 60);
  }

  /// Negative where a field is out of range.
  Result<int64_t> SecondsOfDay() const {
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
      hour = hour % 12 + (f_.afternoon != 0 ? 12 : 0);
    }
    const bool valid =
        hour >= 0 && hour < 24 && minute >= 0 && minute < 60 && second >= 0 && second < 60;
    return valid ? (hour * 60 + minute) * 60 + second : int64_t{-1};
  }

  bool IsBeforeChrist() const { return f_.before_christ != 0; }

  void SetYear() {
    const int64_t century = IsBeforeChrist() ? -int64_t{f_.century} : f_.century;
    year_said_ = f_.year != 0 || f_.century != 0;
    if (f_.year != 0 && f_.century != 0 && f_.year_digits <= 2) {
      // Two digits of the year are those within the century, which runs from 01 to 00.
      const int tens = f_.year % 100;
      if (tens != 0) {
        year_ = century >= 0 ? tens + (century - 1) * 100 : (century + 1) * 100 - tens + 1;
      } else {
        year_ = century * 100 + (century >= 0 ? 0 : 1);
      }
    } else if (f_.year != 0) {
      year_ = IsBeforeChrist() ? -int64_t{f_.year} : f_.year;
      if (year_ < 0) ++year_;
    } else if (f_.century != 0) {
      year_ = century >= 0 ? (century - 1) * 100 + 1 : century * 100 + 1;
    }
  }

  void SetDate(int64_t days) {
    const CivilDate date = CivilFromDays(days);
    year_ = date.year;
    month_ = date.month;
    day_ = date.day;
    year_said_ = month_said_ = day_said_ = true;
  }

  static int64_t FirstMonday(int64_t iso_year) {
    int64_t fourth = DaysFromCivil({iso_year, 1, 4});
    return fourth - (IsoDayOfWeek(fourth) - 1);
  }

  void SetDay() {
    day_of_year_ = f_.day_of_year;
    if (f_.julian != 0) SetDate(f_.julian + kDateLeast);
    if (f_.week != 0 && f_.iso) {
      const int64_t monday = FirstMonday(year_) + (int64_t{f_.week} - 1) * 7;
      SetDate(monday + (f_.weekday == 0 ? 0 : f_.weekday > 1 ? f_.weekday - 2 : 6));
    } else if (f_.week != 0) {
      day_of_year_ = (int64_t{f_.week} - 1) * 7 + 1;
    }
    int64_t day = f_.day;
    if (f_.week_of_month != 0) day = (int64_t{f_.week_of_month} - 1) * 7 + 1;
    if (day != 0) {
      day_ = day;
      day_said_ = true;
    }
    if (f_.month != 0) {
      month_ = f_.month;
      month_said_ = true;
    }
  }

  // Of month and day, sets those that were left at their first.
  Status SetDayOfYear() {
    if (day_of_year_ == 0 || (month_ > 1 && day_ > 1)) return Status::Ok();
    if (year_ == 0 && !IsBeforeChrist()) {
      return Status(sqlstate::kDatetimeFormat,
                    "cannot calculate day of year without year information");
    }
    if (f_.iso) {
      SetDate(FirstMonday(year_) + day_of_year_ - 1);
      return Status::Ok();
    }
    int month = 1;
    int64_t before = 0;
    for (; month <= 12 && day_of_year_ > before + DaysInMonth(year_, month); ++month) {
      before += DaysInMonth(year_, month);
    }
    if (month_ <= 1) month_ = month;
    if (day_ <= 1) day_ = day_of_year_ - before;
    month_said_ = day_said_ = true;
    return Status::Ok();
  }

  Status CheckDate() const {
    bool valid = !month_said_ || (month_ >= 1 && month_ <= 12);
    valid = valid && (!day_said_ || (day_ >= 1 && day_ <= 31));
    if (valid && year_said_ && month_said_ && day_said_) {
      valid = day_ <= DaysInMonth(year_, static_cast<int>(month_));
    }
    return valid ? Status::Ok() : OutOfRangeField();
  }

  const PictureFields& f_;
  std::string_view text_;
  int64_t year_ = 0, month_ = 1, day_ = 1, day_of_year_ = 0;
  bool year_said_ = false, month_said_ = false, day_said_ = false;
};

Result<LocalMoment> Read(const CallArgs& args) {
  OMEN_ASSIGN_OR_RETURN(PictureFields fields, ReadByPicture(BytesArg(args, 1), BytesArg(args, 0)));
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
  // The local time may lie a day beyond what UTC must keep.
  const int64_t least = kTimestampLeast / kMicrosPerDay - 1, end = kTimestampEnd / kMicrosPerDay;
  if (time.days < least || time.days > end) return DatetimeOutOfRange("timestamp");
  int64_t utc = time.days * kMicrosPerDay + time.micros;
  if (time.offset) {
    utc -= *time.offset * kMicrosPerSecond;
    if (!TimestampInRange(utc)) return DatetimeOutOfRange("timestamp");
  } else {
    OMEN_ASSIGN_OR_RETURN(utc, InstantOf(context, utc));
  }
  if (time.precision == 0) return ReturnInt(out, utc);
  const Type rounded{oid::kTimestamptz, time.precision};
  OMEN_ASSIGN_OR_RETURN(*out, ApplyTypmod(rounded, Value::Int(utc), true));
  return Status::Ok();
}

using namespace oid;  // NOLINT: the rows below are lists of types

constexpr FunctionRow kToTimestampRows[] = {
    {1780, "to_date", {kText, kText}, kDate, kStable | kReadsLocale, ToDate},
    {1778, "to_timestamp", {kText, kText}, kTimestamptz, kStable | kReadsZone, ToTimestamp},
};

}  // namespace

std::span<const FunctionRow> ToTimestampRows() { return kToTimestampRows; }

}  // namespace omen::functions
