#include "functions/datetime_arithmetic.h"

#include <cmath>

#include "functions/kernel.h"

namespace omen::functions {

namespace {

constexpr int64_t kMinTimestamp = -211'813'488'000'000'000;   // 4714-11-24 BC
constexpr int64_t kEndTimestamp = 9'223'371'331'200'000'000;  // 294277-01-01
constexpr double kSecondsPerDay = 86400;
constexpr int kDaysPerMonth = 30;

double RoundToMicros(double seconds) { return std::rint(seconds * 1e6) / 1e6; }

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

Result<IntervalData> DivideInterval(const IntervalData& interval, double divisor) {
  if (divisor == 0) return DivisionByZero();
  double months = interval.months / divisor, days = interval.days / divisor;
  IntervalData result;
  result.months = static_cast<int32_t>(months);
  result.days = static_cast<int32_t>(days);
  double extra_days = RoundToMicros((months - result.months) * kDaysPerMonth);
  double seconds = RoundToMicros((days - result.days + extra_days - static_cast<int>(extra_days)) *
                                 kSecondsPerDay);
  if (std::fabs(seconds) >= kSecondsPerDay) {
    int whole = static_cast<int>(seconds / kSecondsPerDay);
    result.days += whole;
    seconds -= whole * kSecondsPerDay;
  }
  result.days += static_cast<int32_t>(extra_days);
  double micros = std::rint(static_cast<double>(interval.micros) / divisor + seconds * 1e6);
  if (!(std::fabs(micros) < 9223372036854775808.0)) return DatetimeOutOfRange("interval");
  result.micros = static_cast<int64_t>(micros);
  return result;
}

}  // namespace omen::functions
