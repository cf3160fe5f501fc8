// extract(), which answers numeric, and date_part(), which answers double precision.
// Both come from one exact decimal: an integer and its scale.
#include <cmath>
#include <limits>
#include <memory>
#include <optional>
#include <string>

#include "functions/datetime/datetime_arithmetic.h"
#include "functions/kernel/kernel.h"
#include "functions/kernel/rows.h"
#include "functions/kernel/utf8.h"
#include "types/datetime/date_unit.h"
#include "types/number/numeric.h"

namespace omen::functions {

namespace {

using enum DateUnit;

/// unscaled / 10^scale. Infinite parts have a sign only.
struct PartValue {
  __int128 unscaled = 0;
  int scale = 0;
  int infinite = 0;
  bool null = false;
};

PartValue Integer(int64_t value) { return {value}; }

/// A part as it was asked for.
struct PartWanted {
  explicit PartWanted(std::string_view asked)
      : word(asked), part(FindDatePart(LowerAscii(asked.substr(0, kDateWordLength)))) {}
  std::string_view word;
  DateUnit part;
};

Status NoSuchPart(std::string_view word, DateUnit part, Oid type) {
  bool unknown = part == kUnknown;
  return Status(unknown ? sqlstate::kInvalidParameter : sqlstate::kFeatureNotSupported,
                "unit \"" + LowerAscii(word) + "\" not " + (unknown ? "recognized" : "supported") +
                    " for type " + FormatType({type, -1}));
}

/// Seconds, and the units that divide them, from a time of day or a duration.
std::optional<PartValue> TimePart(DateUnit part, int64_t micros) {
  int64_t minute_micros = micros % (60 * kMicrosPerSecond);
  int64_t minutes = micros / (60 * kMicrosPerSecond);
  switch (part) {
    case kMicrosecond:
      return Integer(minute_micros);
    case kMillisecond:
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

std::optional<PartValue> DatePartOf(DateUnit part, int64_t days) {
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
PartValue InfinitePart(DateUnit part, bool positive) {
  bool grows = part == kYear || part == kDecade || part == kCentury || part == kMillennium ||
               part == kJulian || part == kIsoYear || part == kEpoch;
  PartValue value;
  value.null = !grows;
  value.infinite = positive ? 1 : -1;
  return value;
}

constexpr int64_t kJulianOfEpoch = 2'451'545;  // 2000-01-01

Result<PartValue> FromDate(const PartWanted& wanted, int64_t days) {
  const auto [word, part] = wanted;
  bool known = part == kEpoch || part == kJulian || DatePartOf(part, 0).has_value();
  if (!known) return NoSuchPart(word, part, oid::kDate);
  if (!IsFiniteDate(days)) return InfinitePart(part, days > 0);
  if (part == kEpoch) return Integer(days * 86400 + kUnixToPgSeconds);
  if (part == kJulian) return Integer(days + kJulianOfEpoch);
  return *DatePartOf(part, days);
}

/// `offset` is the zone's, absent for timestamps without one; `utc` is `local` then.
Result<PartValue> FromTimestamp(const PartWanted& wanted, int64_t local, int64_t utc,
                                std::optional<int> offset, Oid type) {
  const auto [word, part] = wanted;
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

Result<PartValue> FromTime(const PartWanted& wanted, int64_t micros) {
  const auto [word, part] = wanted;
  if (part == kEpoch) return PartValue{micros, 6};
  std::optional<PartValue> value = TimePart(part, micros);
  if (!value) return NoSuchPart(word, part, oid::kTime);
  return *value;
}

Result<PartValue> FromInterval(const PartWanted& wanted, const IntervalData& interval) {
  const auto [word, part] = wanted;
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

Result<PartValue> PartOf(const CallContext& context, const PartWanted& wanted, Oid type,
                         const Value& of) {
  if (type == oid::kInterval) return FromInterval(wanted, of.AsInterval());
  int64_t value = of.AsInt();
  if (type == oid::kDate) return FromDate(wanted, value);
  if (type == oid::kTime) return FromTime(wanted, value);
  if (type == oid::kTimestamp) return FromTimestamp(wanted, value, value, std::nullopt, type);
  if (!IsFiniteTimestamp(value)) return FromTimestamp(wanted, value, value, 0, type);
  OMEN_ASSIGN_OR_RETURN(int offset, ZoneOffsetAtUtc(context.style.time_zone, value));
  return FromTimestamp(wanted, value + offset * kMicrosPerSecond, value, offset, type);
}

/// Of a timestamp's Julian day, which has a fraction: the days and the microseconds of the last.
struct JulianDay {
  int64_t days, micros;
};

Result<JulianDay> JulianOf(const CallContext& context, Oid type, int64_t local) {
  if (type == oid::kTimestamptz) {
    OMEN_ASSIGN_OR_RETURN(local, LocalOf(context, local));
  }
  const int64_t days = FloorDays(local);
  return JulianDay{days + kJulianOfEpoch, local - days * kMicrosPerDay};
}

bool IsJulianOfTimestamp(DateUnit part, Oid type, const Value& value) {
  return part == kJulian && (type == oid::kTimestamp || type == oid::kTimestamptz) &&
         IsFiniteTimestamp(value.AsInt());
}

Status ExtractPart(const CallContext& context, const PartWanted& wanted, Oid type,
                   const Value& value, Value* out) {
  if (IsJulianOfTimestamp(wanted.part, type, value)) {
    OMEN_ASSIGN_OR_RETURN(const JulianDay julian, JulianOf(context, type, value.AsInt()));
    // The time is a fraction of numeric division's scale.
    OMEN_ASSIGN_OR_RETURN(const Numeric fraction, Numeric::Divide(Numeric::FromInt(julian.micros),
                                                                  Numeric::FromInt(kMicrosPerDay)));
    OMEN_ASSIGN_OR_RETURN(const Numeric sum, Numeric::Add(Numeric::FromInt(julian.days), fraction));
    return Return(out, sum.ToValue());
  }
  OMEN_ASSIGN_OR_RETURN(const PartValue part, PartOf(context, wanted, type, value));
  if (part.null) return Return(out, Value());
  if (part.infinite != 0) {
    return Return(out, Numeric::Special(part.infinite > 0 ? Numeric::Kind::kInfinity
                                                          : Numeric::Kind::kNegativeInfinity)
                           .ToValue());
  }
  return Return(out, Numeric::FromInt128(part.unscaled, part.scale).ToValue());
}

/// The part in the steps that PostgreSQL takes, which shows in the last digit.
double InDouble(DateUnit part, Oid type, const Value& value, const PartValue& exact) {
  const auto unscaled = static_cast<double>(exact.unscaled);
  const auto whole_seconds = static_cast<int64_t>(exact.unscaled / kMicrosPerSecond);
  const auto seconds = static_cast<double>(whole_seconds);
  const auto micros = static_cast<double>(exact.unscaled % kMicrosPerSecond);
  if (part == kSecond) return seconds + micros / 1e6;
  if (part == kMillisecond) return seconds * 1e3 + micros / 1e3;
  if (part != kEpoch || type != oid::kInterval) {
    return exact.scale == 0 ? unscaled : unscaled / std::pow(10.0, exact.scale);
  }
  constexpr double kDaySeconds = 86400;
  const IntervalData& interval = value.AsInterval();
  const int years = interval.months / 12, months = interval.months % 12;
  return static_cast<double>(interval.micros) / 1e6 + 365.25 * kDaySeconds * years +
         30 * kDaySeconds * months + kDaySeconds * interval.days;
}

Status DatePartAsDouble(const CallContext& context, const PartWanted& wanted, Oid type,
                        const Value& value, Value* out) {
  if (type == oid::kDate) {
    // As of the timestamp at midnight: hours of a date are zero here, an error for extract().
    OMEN_ASSIGN_OR_RETURN(const int64_t midnight, MidnightOf(value.AsInt()));
    return DatePartAsDouble(context, wanted, oid::kTimestamp, Value::Int(midnight), out);
  }
  if (IsJulianOfTimestamp(wanted.part, type, value)) {
    OMEN_ASSIGN_OR_RETURN(const JulianDay julian, JulianOf(context, type, value.AsInt()));
    return ReturnDouble(
        out, static_cast<double>(julian.days) + static_cast<double>(julian.micros) / kMicrosPerDay);
  }
  OMEN_ASSIGN_OR_RETURN(const PartValue part, PartOf(context, wanted, type, value));
  if (part.null) return Return(out, Value());
  if (part.infinite != 0) {
    return ReturnDouble(out, part.infinite * std::numeric_limits<double>::infinity());
  }
  return ReturnDouble(out, InDouble(wanted.part, type, value, part));
}

using PartGiver = Status (*)(const CallContext& context, const PartWanted& wanted, Oid type,
                             const Value& value, Value* out);

template <PartGiver kGive>
Status GivePart(CallContext& context, const CallArgs& args, Value* out) {
  return kGive(context, PartWanted(BytesArg(args, 0)), args.types[1].oid, args.values[1], out);
}

template <PartGiver kGive>
Result<ValueForm> PartForm(CallContext& context, const CallArgs& args) {
  ValueForm form;
  const auto word = std::make_shared<std::string>(BytesArg(args, 0));
  form.change = [&context, word, wanted = PartWanted(*word), type = args.types[1].oid](
                    const Value& value, Value* out) {
    return kGive(context, wanted, type, value, out);
  };
  return form;
}

constexpr Kernel Extract = GivePart<ExtractPart>, DatePart = GivePart<DatePartAsDouble>;

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

constexpr ValueFormRow kExtractForms[] = {
    {6199, 1, PartForm<ExtractPart>}, {1384, 1, PartForm<DatePartAsDouble>},
    {6200, 1, PartForm<ExtractPart>}, {1385, 1, PartForm<DatePartAsDouble>},
    {6202, 1, PartForm<ExtractPart>}, {2021, 1, PartForm<DatePartAsDouble>},
    {6203, 1, PartForm<ExtractPart>}, {1171, 1, PartForm<DatePartAsDouble>},
    {6204, 1, PartForm<ExtractPart>}, {1172, 1, PartForm<DatePartAsDouble>},
};

}  // namespace

std::span<const ValueFormRow> ExtractForms() { return kExtractForms; }

std::span<const FunctionRow> ExtractRows() { return kDatetimeExtractRows; }

}  // namespace omen::functions
