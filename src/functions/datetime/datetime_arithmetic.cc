#include "functions/datetime/datetime_arithmetic.h"

#include "functions/kernel/kernel.h"

namespace omen::functions {

namespace {

constexpr int64_t kMinTimestamp = -211'813'488'000'000'000;   // 4714-11-24 BC
constexpr int64_t kEndTimestamp = 9'223'371'331'200'000'000;  // 294277-01-01

}  // namespace

int64_t DayOf(int64_t micros) {
  if (micros == kTimestampInfinity) return kDateInfinity;
  if (micros == kTimestampMinusInfinity) return kDateMinusInfinity;
  return FloorDays(micros);
}

Result<int64_t> MidnightOf(int64_t days) {
  if (days == kDateInfinity) return kTimestampInfinity;
  if (days == kDateMinusInfinity) return kTimestampMinusInfinity;
  if (days >= kEndTimestamp / kMicrosPerDay || days < kMinTimestamp / kMicrosPerDay) {
    return Status(sqlstate::kDatetimeOverflow, "date out of range for timestamp");
  }
  return days * kMicrosPerDay;
}

Result<int64_t> InstantOf(const CallContext& context, int64_t local) {
  if (!IsFiniteTimestamp(local)) return local;
  OMEN_ASSIGN_OR_RETURN(int64_t utc, LocalToUtc(context.style.time_zone, local));
  if (utc < kMinTimestamp || utc >= kEndTimestamp) return DatetimeOutOfRange("timestamp");
  return utc;
}

Result<int64_t> LocalOf(const CallContext& context, int64_t utc) {
  if (!IsFiniteTimestamp(utc)) return utc;
  return UtcToLocal(context.style.time_zone, utc);
}

}  // namespace omen::functions
