// Comparisons between dates, timestamps and timestamps with time zone. A date or local
// timestamp meets an instant as midnight (or itself) in the session's zone.
#include <functional>

#include "functions/kernel/kernel.h"
#include "functions/kernel/rows.h"
#include "types/datetime/datetime.h"

namespace omen::functions {

namespace {

using Lt = std::less<>;
using Le = std::less_equal<>;
using Eq = std::equal_to<>;
using Ge = std::greater_equal<>;
using Gt = std::greater<>;
using Ne = std::not_equal_to<>;

// A position in time that cannot overflow: dates reach further than timestamps do, and local times
// a day further than instants. Infinities are beyond all of them.
using WideMicros = __int128;
constexpr WideMicros kEndOfTime = static_cast<WideMicros>(INT64_MAX) * kMicrosPerDay;

WideMicros LocalMicros(const CallArgs& args, size_t i) {
  const int64_t raw = IntArg(args, i);
  const bool is_date = args.types[i].oid == oid::kDate;
  if (raw == (is_date ? kDateInfinity : kTimestampInfinity)) return kEndOfTime;
  if (raw == (is_date ? kDateMinusInfinity : kTimestampMinusInfinity)) return -kEndOfTime;
  return is_date ? static_cast<WideMicros>(raw) * kMicrosPerDay : raw;
}

Result<WideMicros> InstantMicros(CallContext& context, const CallArgs& args, size_t i) {
  const WideMicros local = LocalMicros(args, i);
  const bool is_timestamp = local > kTimestampMinusInfinity && local < kTimestampInfinity;
  if (args.types[i].oid == oid::kTimestamptz || !is_timestamp) return local;
  OMEN_ASSIGN_OR_RETURN(const int offset,
                        ZoneOffsetOfLocal(context.style.time_zone, static_cast<int64_t>(local)));
  return local - static_cast<WideMicros>(offset) * kMicrosPerSecond;
}

template <typename Op>
Status CompareInstants(CallContext& context, const CallArgs& args, Value* out) {
  bool zoned = args.types[0].oid == oid::kTimestamptz || args.types[1].oid == oid::kTimestamptz;
  if (!zoned) return ReturnBool(out, Op{}(LocalMicros(args, 0), LocalMicros(args, 1)));
  OMEN_ASSIGN_OR_RETURN(WideMicros a, InstantMicros(context, args, 0));
  OMEN_ASSIGN_OR_RETURN(WideMicros b, InstantMicros(context, args, 1));
  return ReturnBool(out, Op{}(a, b));
}

using namespace oid;  // NOLINT: the rows below are lists of types

constexpr FunctionRow kDatetimeComparisonRows[] = {
    {2338, "date_lt_timestamp", {kDate, kTimestamp}, kBool, kPure, CompareInstants<Lt>},
    {2339, "date_le_timestamp", {kDate, kTimestamp}, kBool, kPure, CompareInstants<Le>},
    {2340, "date_eq_timestamp", {kDate, kTimestamp}, kBool, kPure, CompareInstants<Eq>},
    {2342, "date_ge_timestamp", {kDate, kTimestamp}, kBool, kPure, CompareInstants<Ge>},
    {2341, "date_gt_timestamp", {kDate, kTimestamp}, kBool, kPure, CompareInstants<Gt>},
    {2343, "date_ne_timestamp", {kDate, kTimestamp}, kBool, kPure, CompareInstants<Ne>},
    {2351,
     "date_lt_timestamptz",
     {kDate, kTimestamptz},
     kBool,
     kStable | kReadsZone,
     CompareInstants<Lt>},
    {2352,
     "date_le_timestamptz",
     {kDate, kTimestamptz},
     kBool,
     kStable | kReadsZone,
     CompareInstants<Le>},
    {2353,
     "date_eq_timestamptz",
     {kDate, kTimestamptz},
     kBool,
     kStable | kReadsZone,
     CompareInstants<Eq>},
    {2355,
     "date_ge_timestamptz",
     {kDate, kTimestamptz},
     kBool,
     kStable | kReadsZone,
     CompareInstants<Ge>},
    {2354,
     "date_gt_timestamptz",
     {kDate, kTimestamptz},
     kBool,
     kStable | kReadsZone,
     CompareInstants<Gt>},
    {2356,
     "date_ne_timestamptz",
     {kDate, kTimestamptz},
     kBool,
     kStable | kReadsZone,
     CompareInstants<Ne>},
    {2364, "timestamp_lt_date", {kTimestamp, kDate}, kBool, kPure, CompareInstants<Lt>},
    {2365, "timestamp_le_date", {kTimestamp, kDate}, kBool, kPure, CompareInstants<Le>},
    {2366, "timestamp_eq_date", {kTimestamp, kDate}, kBool, kPure, CompareInstants<Eq>},
    {2368, "timestamp_ge_date", {kTimestamp, kDate}, kBool, kPure, CompareInstants<Ge>},
    {2367, "timestamp_gt_date", {kTimestamp, kDate}, kBool, kPure, CompareInstants<Gt>},
    {2369, "timestamp_ne_date", {kTimestamp, kDate}, kBool, kPure, CompareInstants<Ne>},
    {2520,
     "timestamp_lt_timestamptz",
     {kTimestamp, kTimestamptz},
     kBool,
     kStable | kReadsZone,
     CompareInstants<Lt>},
    {2521,
     "timestamp_le_timestamptz",
     {kTimestamp, kTimestamptz},
     kBool,
     kStable | kReadsZone,
     CompareInstants<Le>},
    {2522,
     "timestamp_eq_timestamptz",
     {kTimestamp, kTimestamptz},
     kBool,
     kStable | kReadsZone,
     CompareInstants<Eq>},
    {2524,
     "timestamp_ge_timestamptz",
     {kTimestamp, kTimestamptz},
     kBool,
     kStable | kReadsZone,
     CompareInstants<Ge>},
    {2523,
     "timestamp_gt_timestamptz",
     {kTimestamp, kTimestamptz},
     kBool,
     kStable | kReadsZone,
     CompareInstants<Gt>},
    {2525,
     "timestamp_ne_timestamptz",
     {kTimestamp, kTimestamptz},
     kBool,
     kStable | kReadsZone,
     CompareInstants<Ne>},
    {2377,
     "timestamptz_lt_date",
     {kTimestamptz, kDate},
     kBool,
     kStable | kReadsZone,
     CompareInstants<Lt>},
    {2378,
     "timestamptz_le_date",
     {kTimestamptz, kDate},
     kBool,
     kStable | kReadsZone,
     CompareInstants<Le>},
    {2379,
     "timestamptz_eq_date",
     {kTimestamptz, kDate},
     kBool,
     kStable | kReadsZone,
     CompareInstants<Eq>},
    {2381,
     "timestamptz_ge_date",
     {kTimestamptz, kDate},
     kBool,
     kStable | kReadsZone,
     CompareInstants<Ge>},
    {2380,
     "timestamptz_gt_date",
     {kTimestamptz, kDate},
     kBool,
     kStable | kReadsZone,
     CompareInstants<Gt>},
    {2382,
     "timestamptz_ne_date",
     {kTimestamptz, kDate},
     kBool,
     kStable | kReadsZone,
     CompareInstants<Ne>},
    {2527,
     "timestamptz_lt_timestamp",
     {kTimestamptz, kTimestamp},
     kBool,
     kStable | kReadsZone,
     CompareInstants<Lt>},
    {2528,
     "timestamptz_le_timestamp",
     {kTimestamptz, kTimestamp},
     kBool,
     kStable | kReadsZone,
     CompareInstants<Le>},
    {2529,
     "timestamptz_eq_timestamp",
     {kTimestamptz, kTimestamp},
     kBool,
     kStable | kReadsZone,
     CompareInstants<Eq>},
    {2531,
     "timestamptz_ge_timestamp",
     {kTimestamptz, kTimestamp},
     kBool,
     kStable | kReadsZone,
     CompareInstants<Ge>},
    {2530,
     "timestamptz_gt_timestamp",
     {kTimestamptz, kTimestamp},
     kBool,
     kStable | kReadsZone,
     CompareInstants<Gt>},
    {2532,
     "timestamptz_ne_timestamp",
     {kTimestamptz, kTimestamp},
     kBool,
     kStable | kReadsZone,
     CompareInstants<Ne>},
};

}  // namespace

std::span<const FunctionRow> DatetimeComparisonRows() { return kDatetimeComparisonRows; }

}  // namespace omen::functions
