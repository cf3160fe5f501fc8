#include "sql/duckdb/text/literal.h"

#include <fmt/format.h>

#include <cmath>

#include "base/blame.h"
#include "base/check.h"
#include "sql/duckdb/text/numeric.h"
#include "types/column_functions.h"
#include "types/column_type.h"
#include "types/datetime/datetime.h"
#include "types/io.h"
#include "types/number/numeric.h"

namespace omen::sql::duckdb {

namespace {

// Outside these, DuckDB spells dates in its own way (BC) or not at all.
constexpr int64_t kFirstPlainDay = -730'119;  // 0001-01-01
constexpr int64_t kLastPlainDay = 2'921'939;  // 9999-12-31
constexpr int64_t kUnixToPgDays = kUnixToPgSeconds / 86'400;

std::string IntLiteral(int64_t value, std::string_view type) {
  return value < 0 ? fmt::format("({})::{}", value, type) : fmt::format("{}::{}", value, type);
}

std::string DateLiteral(int64_t days) {
  if (days == kDateInfinity) return "'infinity'::DATE";
  if (days == kDateMinusInfinity) return "'-infinity'::DATE";
  if (days < kFirstPlainDay || days > kLastPlainDay) {
    return fmt::format("('1970-01-01'::DATE + ({})::INTEGER)", days + kUnixToPgDays);
  }
  CivilDate date = CivilFromDays(days);
  return fmt::format("'{:04}-{:02}-{:02}'::DATE", date.year, date.month, date.day);
}

/// The engine's timestamps end some decades before PostgreSQL's.
Result<std::string> TimestampLiteral(int64_t micros) {
  if (micros == kTimestampInfinity) return std::string("'infinity'::TIMESTAMP");
  if (micros == kTimestampMinusInfinity) return std::string("'-infinity'::TIMESTAMP");
  if (micros < kFirstPlainDay * kMicrosPerDay || micros >= (kLastPlainDay + 1) * kMicrosPerDay) {
    int64_t unix_micros = 0;
    if (__builtin_add_overflow(micros, kUnixToPgSeconds * kMicrosPerSecond, &unix_micros) ||
        unix_micros == INT64_MAX) {
      return Refusal("a timestamp after the year 294246 on columns");
    }
    return fmt::format("make_timestamp(({})::BIGINT)", unix_micros);
  }
  CivilTime time = CivilFromTimestamp(micros);
  return fmt::format("'{:04}-{:02}-{:02} {:02}:{:02}:{:02}.{:06}'::TIMESTAMP", time.date.year,
                     time.date.month, time.date.day, time.hour, time.minute, time.second,
                     time.micros);
}

std::string BlobLiteral(std::string_view bytes) {
  std::string out = "'";
  for (unsigned char c : bytes) out += fmt::format("\\x{:02X}", c);
  return out + "'::BLOB";
}

std::string FloatLiteral(double value, bool is_float4) {
  std::string_view type = is_float4 ? "FLOAT" : "DOUBLE";
  if (std::isnan(value)) return fmt::format("'NaN'::{}", type);
  if (std::isinf(value)) return fmt::format("'{}Infinity'::{}", value < 0 ? "-" : "", type);
  return is_float4 ? fmt::format("'{}'::{}", static_cast<float>(value), type)
                   : fmt::format("'{}'::{}", value, type);
}

std::string IntervalLiteral(const IntervalData& interval) {
  // Text of the least number is read as minus what does not fit.
  if (interval.micros == INT64_MIN) {
    return fmt::format("('{} months {} days'::INTERVAL + to_microseconds(({})::BIGINT))",
                       interval.months, interval.days, interval.micros);
  }
  return fmt::format("'{} months {} days {} microseconds'::INTERVAL", interval.months,
                     interval.days, interval.micros);
}

/// Equal for intervals that the engine takes for one.
std::string SpanText(const IntervalData& interval) {
  const __int128 span = IntervalSpan(interval);
  return fmt::format("interval {} {}", static_cast<int64_t>(span / kMicrosPerDay),
                     static_cast<int64_t>(span % kMicrosPerDay));
}

Text NumericLiteral(const Numeric& number) {
  std::string digits = number.ToString();
  int scale = number.display_scale();
  int integer_digits = number.is_special() ? kMaxWidth + 1 : number.IntegerDigits();
  int width = std::max(integer_digits, 1) + scale;
  if (width > kMaxWidth) {
    return {Call(column_functions::kNumParse, {Quote(digits)}), NumericForm::Blob()};
  }
  NumericForm form = NumericForm::Decimal(width, scale);
  form.digits = integer_digits;
  if (digits[0] == '-') digits = "(" + digits + ")";
  return {digits + "::" + DecimalType(width, scale), form};
}

}  // namespace

Result<Text> LiteralPrinter::Print(const Expr& constant) {
  if (constant.type.oid == oid::kNumeric) {
    if (constant.value.is_null()) return Text{"NULL", {NumericForm::Kind::kNull, 0, 0, 0, {}}};
    return NumericLiteral(Numeric::FromValue(constant.value));
  }
  OMEN_ASSIGN_OR_RETURN(std::string sql, PrintValue(constant.type, constant.value));
  return Text{std::move(sql), {}};
}

Result<Text> LiteralPrinter::PrintNull(Type type) { return Print(*MakeConst(type, Value::Null())); }

Result<std::string> LiteralPrinter::PrintArray(Type type, const ArrayData& array) {
  const Type element_type{InfoOf(type.oid).element, type.typmod};
  if (array.lower_bound != 1 && !array.elements.empty()) {
    return Refusal("an array that does not begin at 1 on columns");
  }
  std::vector<std::string> elements;
  for (const Value& element : array.elements) {
    OMEN_ASSIGN_OR_RETURN(std::string sql, PrintValue(element_type, element));
    elements.push_back(std::move(sql));
  }
  return "[" + Join(elements, ", ") + "]::" + ColumnStoreType(type);
}

Result<std::string> LiteralPrinter::PrintValue(Type type, const Value& value) {
  const TypeInfo& info = InfoOf(type.oid);
  if (value.is_null()) return "NULL::" + ColumnStoreType(type);
  switch (info.form) {
    case TypeForm::kBool:
      return std::string(value.AsBool() ? "true" : "false");
    case TypeForm::kFloat4:
    case TypeForm::kFloat8:
      if (value.AsDouble() == 0) {
        return printing_.ApartFromEqual(std::string(info.sql_name) + " 0",
                                        FloatLiteral(value.AsDouble(), type.oid == oid::kFloat4));
      }
      return FloatLiteral(value.AsDouble(), type.oid == oid::kFloat4);
    case TypeForm::kDate:
      return DateLiteral(value.AsInt());
    case TypeForm::kTimestamp:
      return TimestampLiteral(value.AsInt());
    case TypeForm::kTime:
      return "'" + ToText(type, value) + "'::TIME";
    case TypeForm::kInterval:
      return printing_.ApartFromEqual(SpanText(value.AsInterval()),
                                      IntervalLiteral(value.AsInterval()));
    case TypeForm::kUuid:
      return "'" + ToText(type, value) + "'::UUID";
    case TypeForm::kBlob:
      return BlobLiteral(value.AsBytes());
    case TypeForm::kNumeric:
      return Coerce(NumericLiteral(Numeric::FromValue(value)), FormOf(type));
    case TypeForm::kInt2:
    case TypeForm::kInt4:
    case TypeForm::kInt8:
      return IntLiteral(value.AsInt(), ColumnStoreType(type));
    case TypeForm::kText:
      if (type.oid == oid::kChar && !IsValidUtf8(value.AsBytes())) {
        return Refusal("\"char\" beyond ASCII on columns");
      }
      return Quote(value.AsBytes()) + "::VARCHAR";
    case TypeForm::kArray:
      return PrintArray(type, value.AsArray());
  }
  OMEN_CHECK(false);
}

}  // namespace omen::sql::duckdb
