// Casts among dates, times and timestamps. Those that meet timestamptz depend on the
// session's zone.
#include "functions/datetime/datetime_arithmetic.h"
#include "functions/kernel/kernel.h"
#include "functions/kernel/rows.h"

namespace omen::functions {

namespace {

Status DateToTimestamp(CallContext&, const CallArgs& args, Value* out) {
  OMEN_ASSIGN_OR_RETURN(int64_t micros, MidnightOf(IntArg(args, 0)));
  return ReturnInt(out, micros);
}

Status DateToInstant(CallContext& context, const CallArgs& args, Value* out) {
  OMEN_ASSIGN_OR_RETURN(int64_t local, MidnightOf(IntArg(args, 0)));
  OMEN_ASSIGN_OR_RETURN(int64_t utc, InstantOf(context, local));
  return ReturnInt(out, utc);
}

Status TimestampToInstant(CallContext& context, const CallArgs& args, Value* out) {
  OMEN_ASSIGN_OR_RETURN(int64_t utc, InstantOf(context, IntArg(args, 0)));
  return ReturnInt(out, utc);
}

Status InstantToTimestamp(CallContext& context, const CallArgs& args, Value* out) {
  OMEN_ASSIGN_OR_RETURN(int64_t local, LocalOf(context, IntArg(args, 0)));
  return ReturnInt(out, local);
}

Status TimestampToDate(CallContext&, const CallArgs& args, Value* out) {
  return ReturnInt(out, DayOf(IntArg(args, 0)));
}

Status InstantToDate(CallContext& context, const CallArgs& args, Value* out) {
  OMEN_ASSIGN_OR_RETURN(int64_t local, LocalOf(context, IntArg(args, 0)));
  return ReturnInt(out, DayOf(local));
}

// Infinities have no time of day: null.
Status TimeOfDay(int64_t local, Value* out) {
  if (!IsFiniteTimestamp(local)) return Return(out, Value());
  return ReturnInt(out, local - FloorDays(local) * kMicrosPerDay);
}

Status TimestampToTime(CallContext&, const CallArgs& args, Value* out) {
  return TimeOfDay(IntArg(args, 0), out);
}

Status InstantToTime(CallContext& context, const CallArgs& args, Value* out) {
  OMEN_ASSIGN_OR_RETURN(int64_t local, LocalOf(context, IntArg(args, 0)));
  return TimeOfDay(local, out);
}

Status TimeToInterval(CallContext&, const CallArgs& args, Value* out) {
  return Return(out, Value::Interval({.micros = IntArg(args, 0)}));
}

Status IntervalToTime(CallContext&, const CallArgs& args, Value* out) {
  int64_t micros = args.values[0].AsInterval().micros % kMicrosPerDay;
  return ReturnInt(out, micros < 0 ? micros + kMicrosPerDay : micros);
}

using namespace oid;  // NOLINT: the rows below are lists of types

constexpr FunctionRow kDatetimeCastRows[] = {
    {2024, "timestamp", {kDate}, kTimestamp, kPure, DateToTimestamp, "CAST($1 AS TIMESTAMP)"},
    {1174, "timestamptz", {kDate}, kTimestamptz, kStable | kReadsZone, DateToInstant},
    {1370, "interval", {kTime}, kInterval, kPure, TimeToInterval},
    {2029, "date", {kTimestamp}, kDate, kPure, TimestampToDate, "CAST($1 AS DATE)"},
    {1316, "time", {kTimestamp}, kTime, kPure, TimestampToTime},
    {2028, "timestamptz", {kTimestamp}, kTimestamptz, kStable | kReadsZone, TimestampToInstant},
    {1178, "date", {kTimestamptz}, kDate, kStable | kReadsZone, InstantToDate},
    {2019, "time", {kTimestamptz}, kTime, kStable | kReadsZone, InstantToTime},
    {2027, "timestamp", {kTimestamptz}, kTimestamp, kStable | kReadsZone, InstantToTimestamp},
    {1419, "time", {kInterval}, kTime, kPure, IntervalToTime},
};

}  // namespace

std::span<const FunctionRow> DatetimeCastRows() { return kDatetimeCastRows; }

}  // namespace omen::functions
