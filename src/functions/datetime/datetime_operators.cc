// Sums and differences of dates, times, timestamps and intervals.
#include <algorithm>

#include "functions/datetime/datetime_arithmetic.h"
#include "functions/kernel/kernel.h"
#include "functions/kernel/rows.h"

namespace omen::functions {

namespace {

const IntervalData& SpanArg(const CallArgs& args, size_t i) { return args.values[i].AsInterval(); }

Status ShiftDate(int64_t date, int64_t days, Value* out) {
  if (!IsFiniteDate(date)) return ReturnInt(out, date);
  if (!IsDateInRange(date + days)) return DatetimeOutOfRange("date");
  return ReturnInt(out, date + days);
}

/// kDate says which argument is the date (or time, or timestamp), here and below.
template <size_t kDate>
Status AddDays(CallContext&, const CallArgs& args, Value* out) {
  return ShiftDate(IntArg(args, kDate), IntArg(args, 1 - kDate), out);
}

Status SubtractDays(CallContext&, const CallArgs& args, Value* out) {
  return ShiftDate(IntArg(args, 0), -IntArg(args, 1), out);
}

Status SubtractDates(CallContext&, const CallArgs& args, Value* out) {
  if (!IsFiniteDate(IntArg(args, 0)) || !IsFiniteDate(IntArg(args, 1))) {
    return Status(sqlstate::kDatetimeOverflow, "cannot subtract infinite dates");
  }
  return ReturnInt(out, IntArg(args, 0) - IntArg(args, 1));
}

Status ShiftTimestamp(int64_t timestamp, const IntervalData& interval, Value* out) {
  if (!IsFiniteTimestamp(timestamp)) return ReturnInt(out, timestamp);
  OMEN_ASSIGN_OR_RETURN(int64_t shifted, AddInterval(timestamp, interval));
  return ReturnInt(out, shifted);
}

Status ShiftInstant(const CallContext& context, int64_t instant, const IntervalData& interval,
                    Value* out) {
  if (!IsFiniteTimestamp(instant)) return ReturnInt(out, instant);
  OMEN_ASSIGN_OR_RETURN(int64_t shifted,
                        AddIntervalInZone(context.style.time_zone, instant, interval));
  return ReturnInt(out, shifted);
}

template <size_t kDate>
Status AddToDate(CallContext&, const CallArgs& args, Value* out) {
  OMEN_ASSIGN_OR_RETURN(int64_t midnight, MidnightOf(IntArg(args, kDate)));
  return ShiftTimestamp(midnight, SpanArg(args, 1 - kDate), out);
}

Status SubtractFromDate(CallContext&, const CallArgs& args, Value* out) {
  OMEN_ASSIGN_OR_RETURN(int64_t midnight, MidnightOf(IntArg(args, 0)));
  OMEN_ASSIGN_OR_RETURN(IntervalData back, NegateInterval(SpanArg(args, 1)));
  return ShiftTimestamp(midnight, back, out);
}

template <size_t kTimestamp>
Status AddToTimestamp(CallContext&, const CallArgs& args, Value* out) {
  return ShiftTimestamp(IntArg(args, kTimestamp), SpanArg(args, 1 - kTimestamp), out);
}

Status SubtractFromTimestamp(CallContext&, const CallArgs& args, Value* out) {
  OMEN_ASSIGN_OR_RETURN(IntervalData back, NegateInterval(SpanArg(args, 1)));
  return ShiftTimestamp(IntArg(args, 0), back, out);
}

template <size_t kInstant>
Status AddToInstant(CallContext& context, const CallArgs& args, Value* out) {
  return ShiftInstant(context, IntArg(args, kInstant), SpanArg(args, 1 - kInstant), out);
}

Status SubtractFromInstant(CallContext& context, const CallArgs& args, Value* out) {
  OMEN_ASSIGN_OR_RETURN(IntervalData back, NegateInterval(SpanArg(args, 1)));
  return ShiftInstant(context, IntArg(args, 0), back, out);
}

Status SubtractInstants(CallContext&, const CallArgs& args, Value* out) {
  OMEN_ASSIGN_OR_RETURN(IntervalData span, SubtractTimestamps(IntArg(args, 0), IntArg(args, 1)));
  return Return(out, Value::Interval(span));
}

Result<int64_t> Combine(int64_t date, int64_t time) {
  OMEN_ASSIGN_OR_RETURN(int64_t midnight, MidnightOf(date));
  return IsFiniteTimestamp(midnight) ? midnight + time : midnight;
}

template <size_t kDate>
Status DateAndTime(CallContext&, const CallArgs& args, Value* out) {
  OMEN_ASSIGN_OR_RETURN(int64_t local, Combine(IntArg(args, kDate), IntArg(args, 1 - kDate)));
  return ReturnInt(out, local);
}

Status DateAndTimeInZone(CallContext& context, const CallArgs& args, Value* out) {
  OMEN_ASSIGN_OR_RETURN(int64_t local, Combine(IntArg(args, 0), IntArg(args, 1)));
  OMEN_ASSIGN_OR_RETURN(int64_t utc, InstantOf(context, local));
  return ReturnInt(out, utc);
}

// Times wrap around midnight; days and months of the interval do not count.
Status ShiftTime(int64_t time, int64_t micros, Value* out) {
  int64_t shifted = (time + micros % kMicrosPerDay) % kMicrosPerDay;
  return ReturnInt(out, shifted < 0 ? shifted + kMicrosPerDay : shifted);
}

template <size_t kTime>
Status AddToTime(CallContext&, const CallArgs& args, Value* out) {
  return ShiftTime(IntArg(args, kTime), SpanArg(args, 1 - kTime).micros, out);
}

Status SubtractFromTime(CallContext&, const CallArgs& args, Value* out) {
  return ShiftTime(IntArg(args, 0), -(SpanArg(args, 1).micros % kMicrosPerDay), out);
}

Status SubtractTimes(CallContext&, const CallArgs& args, Value* out) {
  return Return(out, Value::Interval({.micros = IntArg(args, 0) - IntArg(args, 1)}));
}

Status ReturnSpan(Result<IntervalData> span, Value* out) {
  if (!span.ok()) return std::move(span).status();
  return Return(out, Value::Interval(*span));
}

Status AddSpans(CallContext&, const CallArgs& args, Value* out) {
  return ReturnSpan(AddIntervals(SpanArg(args, 0), SpanArg(args, 1)), out);
}

Status SubtractSpans(CallContext&, const CallArgs& args, Value* out) {
  OMEN_ASSIGN_OR_RETURN(IntervalData back, NegateInterval(SpanArg(args, 1)));
  return ReturnSpan(AddIntervals(SpanArg(args, 0), back), out);
}

Status NegateSpan(CallContext&, const CallArgs& args, Value* out) {
  return ReturnSpan(NegateInterval(SpanArg(args, 0)), out);
}

template <size_t kSpan>
Status MultiplySpan(CallContext&, const CallArgs& args, Value* out) {
  return ReturnSpan(MultiplyInterval(SpanArg(args, kSpan), DoubleArg(args, 1 - kSpan)), out);
}

Status DivideSpan(CallContext&, const CallArgs& args, Value* out) {
  return ReturnSpan(DivideInterval(SpanArg(args, 0), DoubleArg(args, 1)), out);
}

Status LaterDatetime(CallContext&, const CallArgs& args, Value* out) {
  return ReturnInt(out, std::max(IntArg(args, 0), IntArg(args, 1)));
}

Status EarlierDatetime(CallContext&, const CallArgs& args, Value* out) {
  return ReturnInt(out, std::min(IntArg(args, 0), IntArg(args, 1)));
}

Status LargerSpan(CallContext&, const CallArgs& args, Value* out) {
  return Return(out, args.values[CompareIntervals(SpanArg(args, 0), SpanArg(args, 1)) > 0 ? 0 : 1]);
}

Status SmallerSpan(CallContext&, const CallArgs& args, Value* out) {
  return Return(out, args.values[CompareIntervals(SpanArg(args, 0), SpanArg(args, 1)) < 0 ? 0 : 1]);
}

// The engine gives a number of days between infinities.
constexpr Templates kDateDifference(
    "CAST(CASE WHEN isinf($1) OR isinf($2) THEN omen_raise('22008', 'cannot subtract infinite "
    "dates', 0::BIGINT) ELSE $1 - $2 END AS INTEGER)");

using namespace oid;  // NOLINT: the rows below are lists of types

constexpr FunctionRow kDatetimeOperatorRows[] = {
    {1141, "date_pli", {kDate, kInt4}, kDate, kPure, AddDays<0>, "($1 + $2)", Meaning::kShiftLater},
    {2550,
     "integer_pl_date",
     {kInt4, kDate},
     kDate,
     kPure,
     AddDays<1>,
     "($2 + $1)",
     Meaning::kShiftLater},
    {1142,
     "date_mii",
     {kDate, kInt4},
     kDate,
     kPure,
     SubtractDays,
     "($1 - $2)",
     Meaning::kShiftEarlier},
    {1140, "date_mi", {kDate, kDate}, kInt4, kPure, SubtractDates, kDateDifference},
    {2071,
     "date_pl_interval",
     {kDate, kInterval},
     kTimestamp,
     kPure,
     AddToDate<0>,
     "($1 + $2)",
     Meaning::kShiftLater},
    {2546,
     "interval_pl_date",
     {kInterval, kDate},
     kTimestamp,
     kPure,
     AddToDate<1>,
     "($2 + $1)",
     Meaning::kShiftLater},
    {2072,
     "date_mi_interval",
     {kDate, kInterval},
     kTimestamp,
     kPure,
     SubtractFromDate,
     "($1 - $2)",
     Meaning::kShiftEarlier},
    {2032,
     "timestamp_pl_interval",
     {kTimestamp, kInterval},
     kTimestamp,
     kPure,
     AddToTimestamp<0>,
     "($1 + $2)",
     Meaning::kShiftLater},
    {2548,
     "interval_pl_timestamp",
     {kInterval, kTimestamp},
     kTimestamp,
     kPure,
     AddToTimestamp<1>,
     "($2 + $1)",
     Meaning::kShiftLater},
    {2033,
     "timestamp_mi_interval",
     {kTimestamp, kInterval},
     kTimestamp,
     kPure,
     SubtractFromTimestamp,
     "($1 - $2)",
     Meaning::kShiftEarlier},
    {1189,
     "timestamptz_pl_interval",
     {kTimestamptz, kInterval},
     kTimestamptz,
     kStable | kReadsZone,
     AddToInstant<0>},
    {2549,
     "interval_pl_timestamptz",
     {kInterval, kTimestamptz},
     kTimestamptz,
     kStable | kReadsZone,
     AddToInstant<1>},
    {1190,
     "timestamptz_mi_interval",
     {kTimestamptz, kInterval},
     kTimestamptz,
     kStable | kReadsZone,
     SubtractFromInstant},
    {2031,
     "timestamp_mi",
     {kTimestamp, kTimestamp},
     kInterval,
     kPure,
     SubtractInstants,
     "($1 - $2)"},
    {1188,
     "timestamptz_mi",
     {kTimestamptz, kTimestamptz},
     kInterval,
     kPure,
     SubtractInstants,
     "($1 - $2)"},
    {1272, "datetime_pl", {kDate, kTime}, kTimestamp, kPure, DateAndTime<0>},
    {1296, "timedate_pl", {kTime, kDate}, kTimestamp, kPure, DateAndTime<1>},
    {2025, "timestamp", {kDate, kTime}, kTimestamp, kPure, DateAndTime<0>},
    {1176, "timestamptz", {kDate, kTime}, kTimestamptz, kStable | kReadsZone, DateAndTimeInZone},
    {1747, "time_pl_interval", {kTime, kInterval}, kTime, kPure, AddToTime<0>},
    {1848, "interval_pl_time", {kInterval, kTime}, kTime, kPure, AddToTime<1>},
    {1748, "time_mi_interval", {kTime, kInterval}, kTime, kPure, SubtractFromTime},
    {1690, "time_mi_time", {kTime, kTime}, kInterval, kPure, SubtractTimes},
    {1169, "interval_pl", {kInterval, kInterval}, kInterval, kPure, AddSpans, "($1 + $2)"},
    {1170, "interval_mi", {kInterval, kInterval}, kInterval, kPure, SubtractSpans, "($1 - $2)"},
    {1168, "interval_um", {kInterval}, kInterval, kPure, NegateSpan, "(-$1)"},
    {1618, "interval_mul", {kInterval, kFloat8}, kInterval, kPure, MultiplySpan<0>},
    {1624, "mul_d_interval", {kFloat8, kInterval}, kInterval, kPure, MultiplySpan<1>},
    {1326, "interval_div", {kInterval, kFloat8}, kInterval, kPure, DivideSpan},
    {1138, "date_larger", {kDate, kDate}, kDate, kPure, LaterDatetime, "greatest($1, $2)"},
    {1139, "date_smaller", {kDate, kDate}, kDate, kPure, EarlierDatetime, "least($1, $2)"},
    {1377, "time_larger", {kTime, kTime}, kTime, kPure, LaterDatetime, "greatest($1, $2)"},
    {1378, "time_smaller", {kTime, kTime}, kTime, kPure, EarlierDatetime, "least($1, $2)"},
    {2036,
     "timestamp_larger",
     {kTimestamp, kTimestamp},
     kTimestamp,
     kPure,
     LaterDatetime,
     "greatest($1, $2)"},
    {2035,
     "timestamp_smaller",
     {kTimestamp, kTimestamp},
     kTimestamp,
     kPure,
     EarlierDatetime,
     "least($1, $2)"},
    {1196,
     "timestamptz_larger",
     {kTimestamptz, kTimestamptz},
     kTimestamptz,
     kPure,
     LaterDatetime,
     "greatest($1, $2)"},
    {1195,
     "timestamptz_smaller",
     {kTimestamptz, kTimestamptz},
     kTimestamptz,
     kPure,
     EarlierDatetime,
     "least($1, $2)"},
    {1198, "interval_larger", {kInterval, kInterval}, kInterval, kPure, LargerSpan},
    {1197, "interval_smaller", {kInterval, kInterval}, kInterval, kPure, SmallerSpan},
};

}  // namespace

std::span<const FunctionRow> DatetimeOperatorRows() { return kDatetimeOperatorRows; }

}  // namespace omen::functions
