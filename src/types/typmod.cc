// What a type's modifier does to a value: lengths, precision, scale.
#include <fmt/format.h>

#include "types/internal/scalar_text.h"
#include "types/internal/timestamps.h"
#include "types/io.h"
#include "types/numeric.h"

namespace omen {

using namespace types_internal;  // NOLINT: the text forms of this folder

namespace {

/// Both varchar(n) and char(n): what is too long may lose spaces, and in a cast anything.
Result<Value> ApplyLength(Type type, Value value, bool explicit_cast) {
  std::string_view text = value.AsBytes();
  if (type.oid == oid::kBpchar && text.ends_with(' ')) {
    value = Value::Bytes(WithoutBlanks(text));
    text = value.AsBytes();
  }
  size_t limit = type.typmod - 4;
  // A text of no more bytes than characters allowed needs no counting.
  if (text.size() <= limit) return value;
  size_t keep = BytesOfCharacters(text, limit);
  if (keep == text.size()) return value;
  bool only_spaces = text.find_first_not_of(' ', keep) == std::string_view::npos;
  if (!explicit_cast && !only_spaces) {
    return Status(sqlstate::kStringTooLong,
                  fmt::format("value too long for type {}", FormatType(type)));
  }
  text = text.substr(0, keep);
  return Value::Bytes(type.oid == oid::kBpchar ? WithoutBlanks(text) : text);
}

/// Rounds to `precision` digits of a second, half away from zero.
int64_t RoundMicros(int64_t micros, int precision) {
  static constexpr int64_t kUnits[] = {1000000, 100000, 10000, 1000, 100, 10, 1};
  if (precision < 0 || precision >= 6) return micros;
  int64_t unit = kUnits[precision];
  // Done by the remainder, since adding half a unit could overflow near the ends.
  int64_t rest = micros % unit;
  micros -= rest;
  int64_t up = rest * 2 >= unit ? unit : rest * 2 <= -unit ? -unit : 0;
  int64_t rounded;
  return __builtin_add_overflow(micros, up, &rounded) ? micros : rounded;
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
  bool to_minute = (fields & kMinute) && !(fields & kSecond);
  if (to_minute) interval.micros -= interval.micros % (60 * kMicrosPerSecond);
  return interval;
}

Value ApplyIntervalTypmod(int32_t typmod, IntervalData interval) {
  interval = CutToFields(interval, IntervalFields(typmod));
  interval.micros = RoundMicros(interval.micros, IntervalPrecision(typmod));
  return Value::Interval(interval);
}

/// The modifier of an array is that of its elements.
Result<Value> ApplyToElements(Type element, const ArrayData& array, bool explicit_cast) {
  ArrayData limited{array.element, array.lower_bound, {}};
  limited.elements.reserve(array.elements.size());
  for (const Value& value : array.elements) {
    OMEN_ASSIGN_OR_RETURN(Value item, ApplyTypmod(element, value, explicit_cast));
    limited.elements.push_back(std::move(item));
  }
  return Value::Array(std::move(limited));
}

}  // namespace

Result<Value> ApplyTypmod(Type type, Value value, bool explicit_cast) {
  if (type.typmod < 0 || value.is_null()) return value;
  if (Oid element = InfoOf(type.oid).element; element != oid::kInvalid) {
    return ApplyToElements({element, type.typmod}, value.AsArray(), explicit_cast);
  }
  switch (type.oid) {
    case oid::kVarchar:
    case oid::kBpchar:
      return ApplyLength(type, std::move(value), explicit_cast);
    case oid::kTime:
      return Value::Int(RoundMicros(value.AsInt(), type.typmod));
    case oid::kTimestamp:
    case oid::kTimestamptz:
      if (IsInfinite(value.AsInt())) return value;
      return Value::Int(RoundMicros(value.AsInt(), type.typmod));
    case oid::kInterval:
      return ApplyIntervalTypmod(type.typmod, value.AsInterval());
    case oid::kNumeric: {
      OMEN_ASSIGN_OR_RETURN(Numeric limited, Numeric::FromValue(value).ApplyTypmod(type.typmod));
      return limited.ToValue();
    }
    default:
      return value;
  }
}

}  // namespace omen
