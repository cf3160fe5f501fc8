// Truncation, age, the clock, zones and overlaps.
#include <ctime>

#include "functions/datetime/datetime_arithmetic.h"
#include "functions/kernel/kernel.h"
#include "functions/kernel/rows.h"
#include "functions/kernel/utf8.h"

namespace omen::functions {

namespace {

/// Of date_trunc over moments.
Result<DateUnit> UnitArg(const CallArgs& args) {
  const bool zoned = args.types[1].oid == oid::kTimestamptz;
  return TruncationUnit(LowerAscii(BytesArg(args, 0)),
                        zoned ? "timestamp with time zone" : "timestamp without time zone");
}

Status Truncate(CallContext&, const CallArgs& args, Value* out) {
  if (!IsFiniteTimestamp(IntArg(args, 1))) return Return(out, args.values[1]);
  OMEN_ASSIGN_OR_RETURN(const DateUnit unit, UnitArg(args));
  OMEN_ASSIGN_OR_RETURN(const int64_t truncated, TruncateTimestamp(unit, IntArg(args, 1)));
  return ReturnInt(out, truncated);
}

Result<ValueForm> TruncateForm(CallContext&, const CallArgs& args) {
  OMEN_ASSIGN_OR_RETURN(const DateUnit unit, UnitArg(args));
  ValueForm form;
  form.change = [unit](const Value& value, Value* out) -> Status {
    OMEN_ASSIGN_OR_RETURN(const int64_t truncated, TruncateTimestamp(unit, value.AsInt()));
    return ReturnInt(out, truncated);
  };
  return form;
}

std::string_view ZoneArg(const CallContext& context, const CallArgs& args) {
  return args.values.size() == 3 ? BytesArg(args, 2) : std::string_view(context.style.time_zone);
}

Status TruncateInZone(CallContext& context, const CallArgs& args, Value* out) {
  if (!IsFiniteTimestamp(IntArg(args, 1))) return Return(out, args.values[1]);
  OMEN_ASSIGN_OR_RETURN(const DateUnit unit, UnitArg(args));
  OMEN_ASSIGN_OR_RETURN(const int64_t truncated,
                        TruncateTimestamptz(ZoneArg(context, args), unit, IntArg(args, 1)));
  return ReturnInt(out, truncated);
}

Result<ValueForm> TruncateInZoneForm(CallContext& context, const CallArgs& args) {
  OMEN_ASSIGN_OR_RETURN(const DateUnit unit, UnitArg(args));
  ValueForm form;
  form.change = [unit, zone = std::string(ZoneArg(context, args))](const Value& value,
                                                                   Value* out) -> Status {
    OMEN_ASSIGN_OR_RETURN(const int64_t truncated, TruncateTimestamptz(zone, unit, value.AsInt()));
    return ReturnInt(out, truncated);
  };
  return form;
}

Status TruncateSpan(CallContext&, const CallArgs& args, Value* out) {
  OMEN_ASSIGN_OR_RETURN(IntervalData truncated, TruncateInterval(LowerAscii(BytesArg(args, 0)),
                                                                 args.values[1].AsInterval()));
  return Return(out, Value::Interval(truncated));
}

Status Bin(CallContext&, const CallArgs& args, Value* out) {
  const IntervalData& stride = args.values[0].AsInterval();
  int64_t source = IntArg(args, 1), origin = IntArg(args, 2);
  if (!IsFiniteTimestamp(source)) return ReturnInt(out, source);
  if (!IsFiniteTimestamp(origin)) return DatetimeOutOfRange("origin");
  if (stride.months != 0) {
    return Status(sqlstate::kFeatureNotSupported,
                  "timestamps cannot be binned into intervals containing months or years");
  }
  int64_t step, difference;
  if (__builtin_mul_overflow(int64_t{stride.days}, kMicrosPerDay, &step) ||
      __builtin_add_overflow(step, stride.micros, &step)) {
    return DatetimeOutOfRange("interval");
  }
  if (step <= 0) return Status(sqlstate::kDatetimeOverflow, "stride must be greater than zero");
  if (__builtin_sub_overflow(source, origin, &difference)) return DatetimeOutOfRange("interval");
  const int64_t remainder = difference % step;
  int64_t start = source - remainder;
  if (remainder < 0 && (__builtin_sub_overflow(start, step, &start) || !TimestampInRange(start))) {
    return DatetimeOutOfRange("timestamp");
  }
  return ReturnInt(out, start);
}

int64_t TodayMidnight(int64_t local_now) { return FloorDays(local_now) * kMicrosPerDay; }

Status ReturnAge(int64_t a, int64_t b, Value* out) {
  if (!IsFiniteTimestamp(a) || !IsFiniteTimestamp(b)) return DatetimeOutOfRange("timestamp");
  return Return(out, Value::Interval(Age(a, b)));
}

Status AgeOf(CallContext&, const CallArgs& args, Value* out) {
  return ReturnAge(IntArg(args, 0), IntArg(args, 1), out);
}

Status AgeInZone(CallContext& context, const CallArgs& args, Value* out) {
  OMEN_ASSIGN_OR_RETURN(int64_t a, LocalOf(context, IntArg(args, 0)));
  OMEN_ASSIGN_OR_RETURN(int64_t b, LocalOf(context, IntArg(args, 1)));
  return ReturnAge(a, b, out);
}

Status AgeToday(CallContext& context, const CallArgs& args, Value* out) {
  OMEN_ASSIGN_OR_RETURN(int64_t now, LocalOf(context, context.transaction_micros));
  return ReturnAge(TodayMidnight(now), IntArg(args, 0), out);
}

Status AgeTodayInZone(CallContext& context, const CallArgs& args, Value* out) {
  OMEN_ASSIGN_OR_RETURN(int64_t now, LocalOf(context, context.transaction_micros));
  OMEN_ASSIGN_OR_RETURN(int64_t then, LocalOf(context, IntArg(args, 0)));
  return ReturnAge(TodayMidnight(now), then, out);
}

Status TransactionTime(CallContext& context, const CallArgs&, Value* out) {
  return ReturnInt(out, context.transaction_micros);
}

Status StatementTime(CallContext& context, const CallArgs&, Value* out) {
  return ReturnInt(out, context.statement_micros);
}

int64_t WallMicros() {
  timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  return (now.tv_sec - kUnixToPgSeconds) * kMicrosPerSecond + now.tv_nsec / 1000;
}

Status ClockTime(CallContext&, const CallArgs&, Value* out) { return ReturnInt(out, WallMicros()); }

Status TimeOfDayText(CallContext& context, const CallArgs&, Value* out) {
  return NotSupported("timeofday()");
}

Status CurrentDate(CallContext& context, const CallArgs&, Value* out) {
  OMEN_ASSIGN_OR_RETURN(int64_t now, LocalOf(context, context.transaction_micros));
  return ReturnInt(out, FloorDays(now));
}

Status LocalTimestamp(CallContext& context, const CallArgs&, Value* out) {
  OMEN_ASSIGN_OR_RETURN(int64_t now, LocalOf(context, context.transaction_micros));
  return ReturnInt(out, now);
}

Status LocalTime(CallContext& context, const CallArgs&, Value* out) {
  OMEN_ASSIGN_OR_RETURN(int64_t now, LocalOf(context, context.transaction_micros));
  return ReturnInt(out, now - TodayMidnight(now));
}

template <Result<IntervalData> (*kFunction)(IntervalData)>
Status Justify(CallContext&, const CallArgs& args, Value* out) {
  OMEN_ASSIGN_OR_RETURN(IntervalData justified, kFunction(args.values[0].AsInterval()));
  return Return(out, Value::Interval(justified));
}

Status IsFinite(CallContext&, const CallArgs& args, Value* out) {
  int64_t value = IntArg(args, 0);
  return ReturnBool(
      out, args.types[0].oid == oid::kDate ? IsFiniteDate(value) : IsFiniteTimestamp(value));
}

Status AlwaysFinite(CallContext&, const CallArgs&, Value* out) { return ReturnBool(out, true); }

// AT TIME ZONE of an instant: the local time there.
Status ToZone(CallContext&, const CallArgs& args, Value* out) {
  int64_t utc = IntArg(args, 1);
  if (!IsFiniteTimestamp(utc)) return ReturnInt(out, utc);
  OMEN_ASSIGN_OR_RETURN(int64_t local, UtcToLocal(BytesArg(args, 0), utc));
  return ReturnInt(out, local);
}

// AT TIME ZONE of a local time: the instant it names there.
Status FromZone(CallContext&, const CallArgs& args, Value* out) {
  int64_t local = IntArg(args, 1);
  if (!IsFiniteTimestamp(local)) return ReturnInt(out, local);
  OMEN_ASSIGN_OR_RETURN(int64_t utc, LocalToUtc(BytesArg(args, 0), local));
  return ReturnInt(out, utc);
}

Status ShiftByOffset(const CallContext& context, const CallArgs& args, int sign, Value* out) {
  const IntervalData& zone = args.values[0].AsInterval();
  int64_t value = IntArg(args, 1);
  if (!IsFiniteTimestamp(value)) return ReturnInt(out, value);
  if (zone.months != 0 || zone.days != 0) {
    return Status(sqlstate::kInvalidParameter,
                  "interval time zone \"" +
                      ToText({oid::kInterval, -1}, args.values[0], context.style) +
                      "\" must not include months or days");
  }
  int64_t seconds = zone.micros / kMicrosPerSecond;
  return ReturnInt(out, value + sign * seconds * kMicrosPerSecond);
}

Status ToOffset(CallContext& context, const CallArgs& args, Value* out) {
  return ShiftByOffset(context, args, 1, out);
}

Status FromOffset(CallContext& context, const CallArgs& args, Value* out) {
  return ShiftByOffset(context, args, -1, out);
}

// The end of a period given as a start and a length.
Result<Value> PeriodEnd(CallContext& context, const CallArgs& args, size_t start) {
  const Value& from = args.values[start];
  const Value& to = args.values[start + 1];
  if (args.types[start + 1].oid != oid::kInterval || from.is_null() || to.is_null()) {
    bool no_end = args.types[start + 1].oid == oid::kInterval;
    return no_end ? Value() : to;
  }
  const IntervalData& length = to.AsInterval();
  if (args.types[start].oid == oid::kTime) {
    int64_t end = (from.AsInt() + length.micros % kMicrosPerDay) % kMicrosPerDay;
    return Value::Int(end < 0 ? end + kMicrosPerDay : end);
  }
  if (!IsFiniteTimestamp(from.AsInt())) return from;
  Result<int64_t> end = args.types[start].oid == oid::kTimestamptz
                            ? AddIntervalInZone(context.style.time_zone, from.AsInt(), length)
                            : AddInterval(from.AsInt(), length);
  if (!end.ok()) return std::move(end).status();
  return Value::Int(*end);
}

struct Period {
  Value start, end;
};

// A period may be written backwards; one missing end leaves an instant that may still decide.
bool Normalize(Period& period) {
  if (period.start.is_null()) {
    if (period.end.is_null()) return false;
    std::swap(period.start, period.end);
  } else if (!period.end.is_null() && period.start.AsInt() > period.end.AsInt()) {
    std::swap(period.start, period.end);
  }
  return true;
}

Value OverlapOf(Period a, Period b) {
  if (!Normalize(a) || !Normalize(b)) return Value();
  if (a.start.AsInt() < b.start.AsInt()) std::swap(a, b);
  if (a.start.AsInt() == b.start.AsInt()) {
    if (a.end.is_null() || b.end.is_null()) return Value();
    return Value::Bool(true);
  }
  // a starts later: they overlap when b has not ended by then.
  if (b.end.is_null()) return Value();
  if (a.start.AsInt() < b.end.AsInt()) return Value::Bool(true);
  return a.end.is_null() ? Value() : Value::Bool(false);
}

Status Overlaps(CallContext& context, const CallArgs& args, Value* out) {
  OMEN_ASSIGN_OR_RETURN(Value first_end, PeriodEnd(context, args, 0));
  OMEN_ASSIGN_OR_RETURN(Value second_end, PeriodEnd(context, args, 2));
  return Return(out, OverlapOf({args.values[0], first_end}, {args.values[2], second_end}));
}

using namespace oid;  // NOLINT: the rows below are lists of types

constexpr FunctionRow kDatetimeRows[] = {
    {2020, "date_trunc", {kText, kTimestamp}, kTimestamp, kPure, Truncate, {}, Meaning::kDateTrunc},
    {1217,
     "date_trunc",
     {kText, kTimestamptz},
     kTimestamptz,
     kStable | kReadsZone,
     TruncateInZone,
     {},
     Meaning::kDateTrunc},
    {1284,
     "date_trunc",
     {kText, kTimestamptz, kText},
     kTimestamptz,
     kStable | kReadsZone,
     TruncateInZone,
     {},
     Meaning::kDateTrunc},
    {1218,
     "date_trunc",
     {kText, kInterval},
     kInterval,
     kPure,
     TruncateSpan,
     {},
     Meaning::kDateTrunc},
    {6177, "date_bin", {kInterval, kTimestamp, kTimestamp}, kTimestamp, kPure, Bin},
    {6178, "date_bin", {kInterval, kTimestamptz, kTimestamptz}, kTimestamptz, kPure, Bin},
    {2058, "age", {kTimestamp, kTimestamp}, kInterval, kPure, AgeOf},
    {1199, "age", {kTimestamptz, kTimestamptz}, kInterval, kPure, AgeInZone},
    {2059, "age", {kTimestamp}, kInterval, kStable | kReadsClock | kReadsZone, AgeToday},
    {1386, "age", {kTimestamptz}, kInterval, kStable | kReadsClock | kReadsZone, AgeTodayInZone},
    {1299, "now", {}, kTimestamptz, kStable | kReadsClock, TransactionTime},
    {2647, "transaction_timestamp", {}, kTimestamptz, kStable | kReadsClock, TransactionTime},
    {2648, "statement_timestamp", {}, kTimestamptz, kStable | kReadsClock, StatementTime},
    {2649, "clock_timestamp", {}, kTimestamptz, kVolatile | kReadsClock, ClockTime},
    {274, "timeofday", {}, kText, kVolatile | kReadsClock | kReadsZone, TimeOfDayText},
    {1175, "justify_hours", {kInterval}, kInterval, kPure, Justify<JustifyHours>},
    {1295, "justify_days", {kInterval}, kInterval, kPure, Justify<JustifyDays>},
    {2711, "justify_interval", {kInterval}, kInterval, kPure, Justify<JustifyInterval>},
    {1373, "isfinite", {kDate}, kBool, kPure, IsFinite, "isfinite($1)"},
    {2048, "isfinite", {kTimestamp}, kBool, kPure, IsFinite, "isfinite($1)"},
    {1389, "isfinite", {kTimestamptz}, kBool, kPure, IsFinite, "isfinite($1)"},
    {1390, "isfinite", {kInterval}, kBool, kPure, AlwaysFinite},
    {1159, "timezone", {kText, kTimestamptz}, kTimestamp, kPure, ToZone},
    {2069, "timezone", {kText, kTimestamp}, kTimestamptz, kPure, FromZone},
    {1026, "timezone", {kInterval, kTimestamptz}, kTimestamp, kPure, ToOffset},
    {2070, "timezone", {kInterval, kTimestamp}, kTimestamptz, kPure, FromOffset},
    {2041,
     "overlaps",
     {kTimestamp, kTimestamp, kTimestamp, kTimestamp},
     kBool,
     kNotStrict,
     Overlaps},
    {2042, "overlaps", {kTimestamp, kInterval, kTimestamp, kInterval}, kBool, kNotStrict, Overlaps},
    {2043,
     "overlaps",
     {kTimestamp, kTimestamp, kTimestamp, kInterval},
     kBool,
     kNotStrict,
     Overlaps},
    {2044,
     "overlaps",
     {kTimestamp, kInterval, kTimestamp, kTimestamp},
     kBool,
     kNotStrict,
     Overlaps},
    {1304,
     "overlaps",
     {kTimestamptz, kTimestamptz, kTimestamptz, kTimestamptz},
     kBool,
     kNotStrict,
     Overlaps},
    {1305,
     "overlaps",
     {kTimestamptz, kInterval, kTimestamptz, kInterval},
     kBool,
     kNotStrict | kStable | kReadsZone,
     Overlaps},
    {1306,
     "overlaps",
     {kTimestamptz, kTimestamptz, kTimestamptz, kInterval},
     kBool,
     kNotStrict | kStable | kReadsZone,
     Overlaps},
    {1307,
     "overlaps",
     {kTimestamptz, kInterval, kTimestamptz, kTimestamptz},
     kBool,
     kNotStrict | kStable | kReadsZone,
     Overlaps},
    {1308, "overlaps", {kTime, kTime, kTime, kTime}, kBool, kNotStrict, Overlaps},
    {1309, "overlaps", {kTime, kInterval, kTime, kInterval}, kBool, kNotStrict, Overlaps},
    {1310, "overlaps", {kTime, kTime, kTime, kInterval}, kBool, kNotStrict, Overlaps},
    {1311, "overlaps", {kTime, kInterval, kTime, kTime}, kBool, kNotStrict, Overlaps},
    {90010, "current_date", {}, kDate, kStable | kReadsClock | kReadsZone, CurrentDate},
    {90011, "current_timestamp", {}, kTimestamptz, kStable | kReadsClock, TransactionTime},
    {90012, "localtimestamp", {}, kTimestamp, kStable | kReadsClock | kReadsZone, LocalTimestamp},
    {90013, "localtime", {}, kTime, kStable | kReadsClock | kReadsZone, LocalTime},
};

constexpr ValueFormRow kDatetimeForms[] = {
    {2020, 1, TruncateForm}, {1217, 1, TruncateInZoneForm}, {1284, 1, TruncateInZoneForm}};

}  // namespace

std::span<const ValueFormRow> DatetimeForms() { return kDatetimeForms; }

std::span<const FunctionRow> DatetimeRows() { return kDatetimeRows; }

}  // namespace omen::functions
