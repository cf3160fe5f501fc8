// extract(), which answers numeric, and date_part(), which answers double precision.
// Both come from one exact decimal: an integer and its scale.
#include <cmath>
#include <limits>
#include <optional>

#include "functions/datetime/datetime_arithmetic.h"
#include "functions/datetime/datetime_part.h"
#include "functions/kernel/kernel.h"
#include "functions/kernel/rows.h"
#include "functions/kernel/utf8.h"
#include "types/number/numeric.h"

namespace omen::functions {

namespace {

using enum DatetimePart;

/// unscaled / 10^scale. Infinite parts have a sign only.
struct PartValue {
  __int128 unscaled = 0;
  int scale = 0;
  int infinite = 0;
  bool null = false;
};

PartValue Integer(int64_t value) { return {value}; }

Status NoSuchPart(std::string_view word, DatetimePart part, Oid type) {
  bool unknown = part == kUnknown;
  return Status(unknown ? sqlstate::kInvalidParameter : sqlstate::kFeatureNotSupported,
                "unit \"" + LowerAscii(word) + "\" not " + (unknown ? "recognized" : "supported") +
                    " for type " + FormatType({type, -1}));
}

/// Seconds, and the units that divide them, from a time of day or a duration.
std::optional<PartValue> TimePart(DatetimePart part, int64_t micros) {
  int64_t minute_micros = micros % (60 * kMicrosPerSecond);
  int64_t minutes = micros / (60 * kMicrosPerSecond);
  switch (part) {
    case kMicroseconds:
      return Integer(minute_micros);
    case kMilliseconds:
      return PartValue{minute_micros, 3};
    case kSecond:
      return PartValue{minute_micros, 6};
    case kMinute:
      return Integer(minutes % 60);
    case kHour:
      return Integer(minutes / 60);
    default:
      return std::nullopt;
  }
}

/// Years before 1 AD are counted back from 1 BC, which is -1.
int64_t SignedPeriod(int64_t year, int64_t length) {
  return year > 0 ? (year + length - 1) / length : -((length - 1 - (year - 1)) / length);
}

std::optional<PartValue> DatePartOf(DatetimePart part, int64_t days) {
  CivilDate date = CivilFromDays(days);
  int64_t iso_year;
  int week;
  switch (part) {
    case kDay:
      return Integer(date.day);
    case kMonth:
      return Integer(date.month);
    case kQuarter:
      return Integer((date.month - 1) / 3 + 1);
    case kYear:
      return Integer(date.year > 0 ? date.year : date.year - 1);
    case kDecade:
      return Integer(date.year >= 0 ? date.year / 10 : -((8 - (date.year - 1)) / 10));
    case kCentury:
      return Integer(SignedPeriod(date.year, 100));
    case kMillennium:
      return Integer(SignedPeriod(date.year, 1000));
    case kDayOfWeek:
      return Integer(IsoDayOfWeek(days) % 7);
    case kIsoDayOfWeek:
      return Integer(IsoDayOfWeek(days));
    case kDayOfYear:
      return Integer(days - DaysFromCivil({date.year, 1, 1}) + 1);
    case kWeek:
      IsoWeek(days, &iso_year, &week);
      return Integer(week);
    case kIsoYear:
      IsoWeek(days, &iso_year, &week);
      return Integer(iso_year > 0 ? iso_year : iso_year - 1);
    default:
      return std::nullopt;
  }
}

/// Of infinity: parts that grow without bound are infinite, the others have no value.
PartValue InfinitePart(DatetimePart part, bool positive) {
  bool grows = part == kYear || part == kDecade || part == kCentury || part == kMillennium ||
               part == kJulian || part == kIsoYear || part == kEpoch;
  PartValue value;
  value.null = !grows;
  value.infinite = positive ? 1 : -1;
  return value;
}

constexpr int64_t kJulianOfEpoch = 2'451'545;  // 2000-01-01

Result<PartValue> FromDate(std::string_view word, int64_t days) {
  DatetimePart part = FindDatetimePart(word);
  bool known = part == kEpoch || part == kJulian || DatePartOf(part, 0).has_value();
  if (!known) return NoSuchPart(word, part, oid::kDate);
  if (!IsFiniteDate(days)) return InfinitePart(part, days > 0);
  if (part == kEpoch) return Integer(days * 86400 + kUnixToPgSeconds);
  if (part == kJulian) return Integer(days + kJulianOfEpoch);
  return *DatePartOf(part, days);
}

/// `offset` is the zone's, absent for timestamps without one; `utc` is `local` then.
Result<PartValue> FromTimestamp(std::string_view word, int64_t local, int64_t utc,
                                std::optional<int> offset, Oid type) {
  DatetimePart part = FindDatetimePart(word);
  bool zone_part = part == kTimezone || part == kTimezoneHour || part == kTimezoneMinute;
  if (part == kUnknown) return NoSuchPart(word, part, type);
  if (!IsFiniteTimestamp(utc)) return InfinitePart(part, utc > 0);
  if (zone_part && type != oid::kTimestamptz) return NoSuchPart(word, part, type);
  switch (part) {
    case kTimezone:
      return Integer(*offset);
    case kTimezoneHour:
      return Integer(*offset / 3600);
    case kTimezoneMinute:
      return Integer(*offset / 60 % 60);
    case kEpoch:
      return PartValue{static_cast<__int128>(utc) + kUnixToPgSeconds * kMicrosPerSecond, 6};
    default:
      break;
  }
  int64_t days = FloorDays(local);
  if (std::optional<PartValue> value = TimePart(part, local - days * kMicrosPerDay)) return *value;
  return *DatePartOf(part, days);
}

Result<PartValue> FromTime(std::string_view word, int64_t micros) {
  DatetimePart part = FindDatetimePart(word);
  if (part == kEpoch) return PartValue{micros, 6};
  std::optional<PartValue> value = TimePart(part, micros);
  if (!value) return NoSuchPart(word, part, oid::kTime);
  return *value;
}

Result<PartValue> FromInterval(std::string_view word, const IntervalData& interval) {
  DatetimePart part = FindDatetimePart(word);
  int64_t years = interval.months / 12, months = interval.months % 12;
  if (std::optional<PartValue> value = TimePart(part, interval.micros)) return *value;
  switch (part) {
    case kDay:
      return Integer(interval.days);
    case kMonth:
      return Integer(months);
    case kQuarter:
      return Integer(months / 3 + 1);
    case kYear:
      return Integer(years);
    case kDecade:
      return Integer(years / 10);
    case kCentury:
      return Integer(years / 100);
    case kMillennium:
      return Integer(years / 1000);
    case kEpoch: {
      // A year is 365.25 days here, a month 30; counted in quarters of a day.
      __int128 quarter_days = __int128{1461} * years + 120 * months + 4 * __int128{interval.days};
      return PartValue{quarter_days * (kMicrosPerDay / 4) + interval.micros, 6};
    }
    default:
      return NoSuchPart(word, part, oid::kInterval);
  }
}

Result<PartValue> PartOf(CallContext& context, const CallArgs& args) {
  std::string_view word = BytesArg(args, 0);
  Oid type = args.types[1].oid;
  if (type == oid::kInterval) return FromInterval(word, args.values[1].AsInterval());
  int64_t value = IntArg(args, 1);
  if (type == oid::kDate) return FromDate(word, value);
  if (type == oid::kTime) return FromTime(word, value);
  if (type == oid::kTimestamp) return FromTimestamp(word, value, value, std::nullopt, type);
  if (!IsFiniteTimestamp(value)) return FromTimestamp(word, value, value, 0, type);
  OMEN_ASSIGN_OR_RETURN(int offset, ZoneOffsetAtUtc(context.style.time_zone, value));
  return FromTimestamp(word, value + offset * kMicrosPerSecond, value, offset, type);
}

/// Days since the Julian epoch with the time as a fraction of numeric division's scale.
Result<Numeric> JulianOf(CallContext& context, const CallArgs& args) {
  int64_t local = IntArg(args, 1);
  if (args.types[1].oid == oid::kTimestamptz) {
    OMEN_ASSIGN_OR_RETURN(local, LocalOf(context, local));
  }
  int64_t days = FloorDays(local);
  OMEN_ASSIGN_OR_RETURN(Numeric fraction,
                        Numeric::Divide(Numeric::FromInt(local - days * kMicrosPerDay),
                                        Numeric::FromInt(kMicrosPerDay)));
  return Numeric::Add(Numeric::FromInt(days + kJulianOfEpoch), fraction);
}

bool IsJulianOfTimestamp(const CallArgs& args) {
  Oid type = args.types[1].oid;
  return (type == oid::kTimestamp || type == oid::kTimestamptz) &&
         IsFiniteTimestamp(IntArg(args, 1)) && FindDatetimePart(BytesArg(args, 0)) == kJulian;
}

Status Extract(CallContext& context, const CallArgs& args, Value* out) {
  if (IsJulianOfTimestamp(args)) {
    OMEN_ASSIGN_OR_RETURN(Numeric julian, JulianOf(context, args));
    return Return(out, julian.ToValue());
  }
  OMEN_ASSIGN_OR_RETURN(PartValue part, PartOf(context, args));
  if (part.null) return Return(out, Value());
  if (part.infinite != 0) {
    OMEN_ASSIGN_OR_RETURN(Numeric infinity,
                          Numeric::Parse(part.infinite > 0 ? "Infinity" : "-Infinity"));
    return Return(out, infinity.ToValue());
  }
  return Return(out, Numeric::FromInt128(part.unscaled, part.scale).ToValue());
}

Status DatePart(CallContext& context, const CallArgs& args, Value* out) {
  if (args.types[1].oid == oid::kDate) {
    // As of the timestamp at midnight: hours of a date are zero here, an error for extract().
    OMEN_ASSIGN_OR_RETURN(int64_t midnight, MidnightOf(IntArg(args, 1)));
    Value values[] = {args.values[0], Value::Int(midnight)};
    Type types[] = {args.types[0], {oid::kTimestamp, -1}};
    return DatePart(context, {values, types, args.result}, out);
  }
  if (IsJulianOfTimestamp(args)) {
    int64_t local = IntArg(args, 1);
    if (args.types[1].oid == oid::kTimestamptz) {
      OMEN_ASSIGN_OR_RETURN(local, LocalOf(context, local));
    }
    int64_t days = FloorDays(local);
    double micros = static_cast<double>(local - days * kMicrosPerDay);
    return ReturnDouble(out, static_cast<double>(days + kJulianOfEpoch) + micros / kMicrosPerDay);
  }
  OMEN_ASSIGN_OR_RETURN(PartValue part, PartOf(context, args));
  if (part.null) return Return(out, Value());
  if (part.infinite != 0) {
    return ReturnDouble(out, part.infinite * std::numeric_limits<double>::infinity());
  }
  double unscaled = static_cast<double>(part.unscaled);
  return ReturnDouble(out, part.scale == 0 ? unscaled : unscaled / std::pow(10.0, part.scale));
}

using namespace oid;  // NOLINT: the rows below are lists of types

constexpr FunctionRow kDatetimeExtractRows[] = {
    {6199, "extract", {kText, kDate}, kNumeric, kPure, Extract, {}, Meaning::kExtract},
    {1384, "date_part", {kText, kDate}, kFloat8, kPure, DatePart, {}, Meaning::kExtract},
    {6200, "extract", {kText, kTime}, kNumeric, kPure, Extract, {}, Meaning::kExtract},
    {1385, "date_part", {kText, kTime}, kFloat8, kPure, DatePart, {}, Meaning::kExtract},
    {6202, "extract", {kText, kTimestamp}, kNumeric, kPure, Extract, {}, Meaning::kExtract},
    {2021, "date_part", {kText, kTimestamp}, kFloat8, kPure, DatePart, {}, Meaning::kExtract},
    {6203,
     "extract",
     {kText, kTimestamptz},
     kNumeric,
     kStable | kReadsZone,
     Extract,
     {},
     Meaning::kExtract},
    {1171,
     "date_part",
     {kText, kTimestamptz},
     kFloat8,
     kStable | kReadsZone,
     DatePart,
     {},
     Meaning::kExtract},
    {6204, "extract", {kText, kInterval}, kNumeric, kPure, Extract, {}, Meaning::kExtract},
    {1172, "date_part", {kText, kInterval}, kFloat8, kPure, DatePart, {}, Meaning::kExtract},
};

}  // namespace

std::span<const FunctionRow> ExtractRows() { return kDatetimeExtractRows; }

}  // namespace omen::functions
