// date, time, timestamp, timestamptz, interval.
#include <fmt/format.h>

#include "types/datetime/datetime.h"
#include "types/datetime/internal/datetime_text.h"
#include "types/datetime/internal/timestamps.h"
#include "types/operations/families.h"
#include "types/operations/integers.h"

namespace omen::types_internal {
namespace {

/// Rounds to `precision` digits of a second, half away from zero.
int64_t RoundMicros(int64_t micros, int precision) {
  static constexpr int64_t kUnits[] = {1000000, 100000, 10000, 1000, 100, 10, 1};
  if (precision < 0 || precision >= 6) return micros;
  const int64_t unit = kUnits[precision];
  // Done by the remainder, since adding half a unit could overflow near the ends.
  const int64_t rest = micros % unit;
  micros -= rest;
  const int64_t up = rest * 2 >= unit ? unit : rest * 2 <= -unit ? -unit : 0;
  int64_t rounded;
  return __builtin_add_overflow(micros, up, &rounded) ? micros : rounded;
}

Status BeyondRange(std::string_view name) {
  return Status(sqlstate::kDatetimeOverflow, fmt::format("{} out of range", name));
}

DateTimeContext ContextOf(const TextContext& context) {
  return {context.style.time_zone, context.now_micros};
}

Result<Value> ReadDateText(const TypeInfo&, int32_t, std::string_view text,
                           const TextContext& context) {
  OMEN_ASSIGN_OR_RETURN(const int64_t days, ParseDate(text, ContextOf(context)));
  return Value::Int(days);
}

void WriteDateText(const TypeInfo&, int32_t, const Value& value, const TextStyle&,
                   std::string& out) {
  AppendDate(value.AsInt(), out);
}

Result<Value> ReadWireDate(const TypeInfo&, std::string_view bytes) {
  OMEN_ASSIGN_OR_RETURN(Value days, ReadSigned<int32_t>(bytes));
  const int64_t day = days.AsInt();
  const bool infinite = day == kDateInfinity || day == kDateMinusInfinity;
  if (!infinite && (day < kDateLeast || day >= kDateEnd)) return BeyondRange("date");
  return days;
}

Result<Value> ReadTimeText(const TypeInfo&, int32_t, std::string_view text,
                           const TextContext& context) {
  OMEN_ASSIGN_OR_RETURN(const int64_t micros, ParseTime(text, ContextOf(context)));
  return Value::Int(micros);
}

void WriteTimeText(const TypeInfo&, int32_t, const Value& value, const TextStyle&,
                   std::string& out) {
  AppendTime(value.AsInt(), out);
}

Result<Value> ReadWireTime(const TypeInfo&, std::string_view bytes) {
  OMEN_ASSIGN_OR_RETURN(Value micros, ReadSigned<int64_t>(bytes));
  if (micros.AsInt() < 0 || micros.AsInt() > kMicrosPerDay) return BeyondRange("time");
  return micros;
}

Result<Value> RoundTime(const TypeInfo&, int32_t typmod, Value value, bool) {
  return Value::Int(RoundMicros(value.AsInt(), typmod));
}

std::string FormatTime(int32_t typmod) { return fmt::format("time({}) without time zone", typmod); }

template <bool kWithZone>
Result<Value> ReadTimestampText(const TypeInfo&, int32_t, std::string_view text,
                                const TextContext& context) {
  OMEN_ASSIGN_OR_RETURN(const int64_t micros, ParseTimestamp(text, kWithZone, ContextOf(context)));
  return Value::Int(micros);
}

void WriteTimestampText(const TypeInfo&, int32_t, const Value& value, const TextStyle&,
                        std::string& out) {
  AppendTimestamp(value.AsInt(), out);
}

void WriteTimestamptzText(const TypeInfo&, int32_t, const Value& value, const TextStyle& style,
                          std::string& out) {
  AppendTimestamptz(value.AsInt(), style.time_zone, out);
}

Result<Value> ReadWireTimestamp(const TypeInfo&, std::string_view bytes) {
  OMEN_ASSIGN_OR_RETURN(Value micros, ReadSigned<int64_t>(bytes));
  if (!TimestampInRange(micros.AsInt())) return BeyondRange("timestamp");
  return micros;
}

Result<Value> RoundTimestamp(const TypeInfo&, int32_t typmod, Value value, bool) {
  if (IsInfinite(value.AsInt())) return value;
  return Value::Int(RoundMicros(value.AsInt(), typmod));
}

template <bool kWithZone>
std::string FormatTimestamp(int32_t typmod) {
  return fmt::format("timestamp({}) {} time zone", typmod, kWithZone ? "with" : "without");
}

template <bool kWithZone>
constexpr TypeOperations TimestampOperations() {
  return {.read_text = ReadTimestampText<kWithZone>,
          .write_text = kWithZone ? WriteTimestamptzText : WriteTimestampText,
          .read_binary = ReadWireTimestamp,
          .write_binary = WriteWireInt<int64_t>,
          .compare = CompareInts,
          .hash = HashInt,
          .apply_typmod = RoundTimestamp,
          .format_typmod = FormatTimestamp<kWithZone>};
}

Result<Value> ReadIntervalText(const TypeInfo&, int32_t typmod, std::string_view text,
                               const TextContext&) {
  const int fields = typmod < 0 ? interval_field::kAll : IntervalFields(typmod);
  OMEN_ASSIGN_OR_RETURN(const IntervalData interval, ParseInterval(text, fields));
  return Value::Interval(interval);
}

void WriteIntervalText(const TypeInfo&, int32_t, const Value& value, const TextStyle&,
                       std::string& out) {
  AppendInterval(value.AsInterval(), out);
}

Result<Value> ReadWireInterval(const TypeInfo&, std::string_view bytes) {
  WireReader reader(bytes);
  uint64_t micros;
  uint32_t days, months;
  if (!reader.Take(&micros) || !reader.Take(&days) || !reader.Take(&months)) return Insufficient();
  if (!reader.at_end()) return Malformed("incorrect binary data format");
  return Value::Interval(
      {static_cast<int64_t>(micros), static_cast<int32_t>(days), static_cast<int32_t>(months)});
}

void WriteWireInterval(const TypeInfo&, int32_t, const Value& value, std::string& out) {
  const IntervalData& interval = value.AsInterval();
  AppendBigEndian(out, static_cast<uint64_t>(interval.micros));
  AppendBigEndian(out, static_cast<uint32_t>(interval.days));
  AppendBigEndian(out, static_cast<uint32_t>(interval.months));
}

int CompareSpans(const Value& a, const Value& b) {
  return CompareIntervals(a.AsInterval(), b.AsInterval());
}

uint64_t HashSpan(const Value& value) {
  const __int128 span = IntervalSpan(value.AsInterval());
  return Mix(static_cast<uint64_t>(span), static_cast<uint64_t>(span >> 64));
}

/// The smallest field that the type allows cuts off what is below it.
IntervalData CutToFields(IntervalData interval, int fields) {
  using namespace interval_field;  // NOLINT: the masks of this type
  if (fields == kAll) return interval;
  constexpr int kTimeOfDay = kHour | kMinute | kSecond;
  if ((fields & kTimeOfDay) == 0) interval.micros = 0;
  if ((fields & (kDay | kTimeOfDay)) == 0) interval.days = 0;
  if (fields == kYear) interval.months -= interval.months % 12;
  if ((fields & kTimeOfDay) == kHour)
    interval.micros -= interval.micros % (3600 * kMicrosPerSecond);
  const bool to_minute = (fields & kMinute) && !(fields & kSecond);
  if (to_minute) interval.micros -= interval.micros % (60 * kMicrosPerSecond);
  return interval;
}

Result<Value> CutInterval(const TypeInfo&, int32_t typmod, Value value, bool) {
  IntervalData interval = CutToFields(value.AsInterval(), IntervalFields(typmod));
  interval.micros = RoundMicros(interval.micros, IntervalPrecision(typmod));
  return Value::Interval(interval);
}

std::string FormatIntervalFields(int32_t typmod) {
  struct Fields {
    int mask;
    std::string_view name;
  };
  static constexpr Fields kFields[] = {
      {interval_field::kYear, " year"},
      {interval_field::kMonth, " month"},
      {interval_field::kDay, " day"},
      {interval_field::kHour, " hour"},
      {interval_field::kMinute, " minute"},
      {interval_field::kSecond, " second"},
      {interval_field::kYear | interval_field::kMonth, " year to month"},
      {interval_field::kDay | interval_field::kHour, " day to hour"},
      {interval_field::kDay | interval_field::kHour | interval_field::kMinute, " day to minute"},
      {interval_field::kDay | interval_field::kHour | interval_field::kMinute |
           interval_field::kSecond,
       " day to second"},
      {interval_field::kHour | interval_field::kMinute, " hour to minute"},
      {interval_field::kHour | interval_field::kMinute | interval_field::kSecond,
       " hour to second"},
      {interval_field::kMinute | interval_field::kSecond, " minute to second"},
  };
  std::string text = "interval";
  for (const Fields& fields : kFields) {
    if (fields.mask == IntervalFields(typmod)) text += fields.name;
  }
  int precision = IntervalPrecision(typmod);
  if (precision != kIntervalFullPrecision) text += fmt::format("({})", precision);
  return text;
}

}  // namespace

constexpr TypeOperations kDateOperations{ReadDateText,          WriteDateText, ReadWireDate,
                                         WriteWireInt<int32_t>, CompareInts,   HashInt};
constexpr TypeOperations kTimeOperations{.read_text = ReadTimeText,
                                         .write_text = WriteTimeText,
                                         .read_binary = ReadWireTime,
                                         .write_binary = WriteWireInt<int64_t>,
                                         .compare = CompareInts,
                                         .hash = HashInt,
                                         .apply_typmod = RoundTime,
                                         .format_typmod = FormatTime};
constexpr TypeOperations kTimestampOperations = TimestampOperations<false>();
constexpr TypeOperations kTimestamptzOperations = TimestampOperations<true>();
constexpr TypeOperations kIntervalOperations{.read_text = ReadIntervalText,
                                             .write_text = WriteIntervalText,
                                             .read_binary = ReadWireInterval,
                                             .write_binary = WriteWireInterval,
                                             .compare = CompareSpans,
                                             .hash = HashSpan,
                                             .apply_typmod = CutInterval,
                                             .format_typmod = FormatIntervalFields};

}  // namespace omen::types_internal
