// make_date and its like, and to_timestamp of a number.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <optional>

#include "functions/datetime/datetime_arithmetic.h"
#include "functions/kernel/kernel.h"
#include "functions/kernel/rows.h"

namespace omen::functions {

namespace {

template <typename... Args>
Status FieldOutOfRange(const char* format, Args... args) {
  char text[120];
  std::snprintf(text, sizeof text, format, args...);
  return Status(sqlstate::kDatetimeOverflow, text);
}

// Negative years are BC.
Result<int64_t> DayNumber(const CallArgs& args) {
  int64_t year = IntArg(args, 0), month = IntArg(args, 1), day = IntArg(args, 2);
  int64_t astronomical = year < 0 ? year + 1 : year;
  bool bad = year == 0 || month < 1 || month > 12 || day < 1 ||
             day > DaysInMonth(astronomical, static_cast<int>(month));
  if (bad) {
    return FieldOutOfRange("date field value out of range: %d-%02d-%02d", static_cast<int>(year),
                           static_cast<int>(month), static_cast<int>(day));
  }
  int64_t days = DaysFromCivil({astronomical, static_cast<int>(month), static_cast<int>(day)});
  if (!IsDateInRange(days)) {
    return FieldOutOfRange("date out of range: %d-%02d-%02d", static_cast<int>(year),
                           static_cast<int>(month), static_cast<int>(day));
  }
  return days;
}

// Exactly 24:00:00 is allowed, and a second of 60.
Result<int64_t> TimeMicros(const CallArgs& args, size_t first) {
  int64_t hour = IntArg(args, first), minute = IntArg(args, first + 1);
  double second = DoubleArg(args, first + 2);
  bool bad = hour < 0 || minute < 0 || minute > 59 || hour > 24 || !(second >= 0 && second <= 60);
  int64_t micros = 0;
  if (!bad) {
    micros = (hour * 60 + minute) * 60 * kMicrosPerSecond +
             static_cast<int64_t>(std::rint(second * kMicrosPerSecond));
    bad = micros > kMicrosPerDay;
  }
  if (bad) {
    return FieldOutOfRange("time field value out of range: %d:%02d:%02g", static_cast<int>(hour),
                           static_cast<int>(minute), second);
  }
  return micros;
}

Result<int64_t> MadeTimestamp(const CallArgs& args) {
  OMEN_ASSIGN_OR_RETURN(int64_t days, DayNumber(args));
  OMEN_ASSIGN_OR_RETURN(int64_t time, TimeMicros(args, 3));
  Result<int64_t> midnight = MidnightOf(days);
  if (!midnight.ok()) {
    return FieldOutOfRange("timestamp out of range: %d-%02d-%02d %d:%02d:%02g",
                           static_cast<int>(IntArg(args, 0)), static_cast<int>(IntArg(args, 1)),
                           static_cast<int>(IntArg(args, 2)), static_cast<int>(IntArg(args, 3)),
                           static_cast<int>(IntArg(args, 4)), DoubleArg(args, 5));
  }
  return *midnight + time;
}

Status MakeDate(CallContext&, const CallArgs& args, Value* out) {
  OMEN_ASSIGN_OR_RETURN(int64_t days, DayNumber(args));
  return ReturnInt(out, days);
}

Status MakeTime(CallContext&, const CallArgs& args, Value* out) {
  OMEN_ASSIGN_OR_RETURN(int64_t micros, TimeMicros(args, 0));
  return ReturnInt(out, micros);
}

Status MakeTimestamp(CallContext&, const CallArgs& args, Value* out) {
  OMEN_ASSIGN_OR_RETURN(int64_t local, MadeTimestamp(args));
  return ReturnInt(out, local);
}

int64_t ReadNumber(std::string_view* text) {
  int64_t number = 0;
  while (!text->empty() && text->front() >= '0' && text->front() <= '9') {
    number = std::min<int64_t>(number * 10 + (text->front() - '0'), 1 << 30);
    text->remove_prefix(1);
  }
  return number;
}

/// Seconds east of a numeric zone as ISO writes it: +hh, +hhmm, +hh:mm, +hh:mm:ss. Nothing where
/// it is none, which leaves it to be a name.
Result<std::optional<int>> NumericZone(std::string_view zone) {
  if (!zone.empty() && zone[0] >= '0' && zone[0] <= '9') {
    return Status(sqlstate::kInvalidParameter,
                  fmt::format("invalid input syntax for type numeric time zone: \"{}\"", zone))
        .Hint("Numeric time zones must have \"-\" or \"+\" as first character.");
  }
  if (zone.empty() || (zone[0] != '+' && zone[0] != '-')) return std::optional<int>();
  std::string_view rest = zone.substr(1);
  const size_t digits = rest.size();
  int64_t hours = ReadNumber(&rest), minutes = 0, seconds = 0;
  if (rest.starts_with(':')) {
    rest.remove_prefix(1);
    minutes = ReadNumber(&rest);
    if (rest.starts_with(':')) {
      rest.remove_prefix(1);
      seconds = ReadNumber(&rest);
    }
  } else if (rest.empty() && digits > 2) {
    minutes = hours % 100;
    hours /= 100;
  }
  if (hours > 15 || minutes > 59 || seconds > 59) {
    return Status(sqlstate::kInvalidParameter,
                  fmt::format("numeric time zone \"{}\" out of range", zone));
  }
  if (!rest.empty()) return std::optional<int>();
  const auto east = static_cast<int>((hours * 60 + minutes) * 60 + seconds);
  return std::optional<int>(zone[0] == '-' ? -east : east);
}

Status MakeTimestamptz(CallContext& context, const CallArgs& args, Value* out) {
  OMEN_ASSIGN_OR_RETURN(int64_t local, MadeTimestamp(args));
  std::string_view zone =
      args.values.size() == 7 ? BytesArg(args, 6) : std::string_view(context.style.time_zone);
  std::optional<int> east;
  if (args.values.size() == 7) {
    OMEN_ASSIGN_OR_RETURN(east, NumericZone(zone));
  }
  if (east) {
    const int64_t utc = local - *east * kMicrosPerSecond;
    return TimestampInRange(utc) ? ReturnInt(out, utc) : DatetimeOutOfRange("timestamp");
  }
  OMEN_ASSIGN_OR_RETURN(int64_t utc, LocalToUtc(zone, local));
  return ReturnInt(out, utc);
}

// (years, months, weeks, days, hours, mins, secs), each 0 when not given.
Status MakeInterval(CallContext&, const CallArgs& args, Value* out) {
  auto field = [&](size_t i) { return i < args.values.size() ? IntArg(args, i) : 0; };
  double seconds = args.values.size() == 7 ? DoubleArg(args, 6) : 0;
  if (!std::isfinite(seconds)) return DatetimeOutOfRange("interval");
  int64_t months = field(0) * 12 + field(1), days = field(2) * 7 + field(3);
  double second_micros = std::rint(seconds * kMicrosPerSecond);
  bool fits = months >= INT32_MIN && months <= INT32_MAX && days >= INT32_MIN &&
              days <= INT32_MAX && std::fabs(second_micros) < 9.2e18;
  if (!fits) return DatetimeOutOfRange("interval");
  int64_t micros = (field(4) * 60 + field(5)) * 60 * kMicrosPerSecond;
  if (__builtin_add_overflow(micros, static_cast<int64_t>(second_micros), &micros)) {
    return DatetimeOutOfRange("interval");
  }
  return Return(out, Value::Interval({.micros = micros,
                                      .days = static_cast<int32_t>(days),
                                      .months = static_cast<int32_t>(months)}));
}

Status FromUnixSeconds(CallContext&, const CallArgs& args, Value* out) {
  double seconds = DoubleArg(args, 0);
  if (std::isnan(seconds)) return Status(sqlstate::kDatetimeOverflow, "timestamp cannot be NaN");
  if (std::isinf(seconds)) {
    return ReturnInt(out, seconds > 0 ? kTimestampInfinity : kTimestampMinusInfinity);
  }
  constexpr double kFirst = -210866803200.0, kEnd = 9224318016000.0;  // 4714 BC, 294277 AD
  if (seconds < kFirst || seconds >= kEnd) {
    return FieldOutOfRange("timestamp out of range: \"%g\"", seconds);
  }
  double micros = std::rint((seconds - static_cast<double>(kUnixToPgSeconds)) * kMicrosPerSecond);
  return ReturnInt(out, static_cast<int64_t>(micros));
}

using namespace oid;  // NOLINT: the rows below are lists of types

constexpr FunctionRow kDatetimeMakeRows[] = {
    {3846, "make_date", {kInt4, kInt4, kInt4}, kDate, kPure, MakeDate},
    {3847, "make_time", {kInt4, kInt4, kFloat8}, kTime, kPure, MakeTime},
    {3461,
     "make_timestamp",
     {kInt4, kInt4, kInt4, kInt4, kInt4, kFloat8},
     kTimestamp,
     kPure,
     MakeTimestamp},
    {3462,
     "make_timestamptz",
     {kInt4, kInt4, kInt4, kInt4, kInt4, kFloat8},
     kTimestamptz,
     kStable | kReadsZone,
     MakeTimestamptz},
    {3463,
     "make_timestamptz",
     {kInt4, kInt4, kInt4, kInt4, kInt4, kFloat8, kText},
     kTimestamptz,
     kStable | kReadsZone,
     MakeTimestamptz},
    {3464,
     "make_interval",
     {kInt4, kInt4, kInt4, kInt4, kInt4, kInt4, kFloat8},
     kInterval,
     kPure,
     MakeInterval},
    {1158, "to_timestamp", {kFloat8}, kTimestamptz, kPure, FromUnixSeconds},
    {90020, "make_interval", {}, kInterval, kPure, MakeInterval},
    {90021, "make_interval", {kInt4}, kInterval, kPure, MakeInterval},
    {90022, "make_interval", {kInt4, kInt4}, kInterval, kPure, MakeInterval},
    {90023, "make_interval", {kInt4, kInt4, kInt4}, kInterval, kPure, MakeInterval},
    {90024, "make_interval", {kInt4, kInt4, kInt4, kInt4}, kInterval, kPure, MakeInterval},
    {90025, "make_interval", {kInt4, kInt4, kInt4, kInt4, kInt4}, kInterval, kPure, MakeInterval},
    {90026,
     "make_interval",
     {kInt4, kInt4, kInt4, kInt4, kInt4, kInt4},
     kInterval,
     kPure,
     MakeInterval},
};

}  // namespace

std::span<const FunctionRow> DatetimeMakeRows() { return kDatetimeMakeRows; }

}  // namespace omen::functions
