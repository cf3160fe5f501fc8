// How the engine computes parts of dates and truncation, unit by unit, where it agrees.
// It differs on centuries and on years before 1 AD, and has no part of infinity at all, so
// parts that PostgreSQL calls infinite there are refused.
#include "functions/datetime_part.h"
#include "functions/registry.h"

namespace omen::functions {

namespace {

using enum DatetimePart;

/// The engine's function of parts that are null for infinity on both sides.
std::string_view EnginePart(DatetimePart part) {
  switch (part) {
    case kDay:
      return "day";
    case kMonth:
      return "month";
    case kQuarter:
      return "quarter";
    case kWeek:
      return "weekofyear";
    case kDayOfWeek:
      return "dayofweek";
    case kIsoDayOfWeek:
      return "isodow";
    case kDayOfYear:
      return "dayofyear";
    case kHour:
      return "hour";
    case kMinute:
      return "minute";
    default:
      return {};
  }
}

std::string PartTemplate(DatetimePart part, Oid type) {
  if (type != oid::kDate && type != oid::kTimestamp) return {};
  if (type == oid::kDate && (part == kHour || part == kMinute)) return {};
  if (part == kYear) {
    return "CASE WHEN isinf($2) THEN omen_raise('0A000', 'year of infinity in a column plan is "
           "not supported', 0::BIGINT) WHEN year($2) > 0 THEN year($2) ELSE year($2) - 1 END";
  }
  std::string_view name = EnginePart(part);
  return name.empty() ? std::string() : std::string(name) + "($2)";
}

std::string_view TruncationUnit(DatetimePart part) {
  switch (part) {
    case kSecond:
      return "second";
    case kMinute:
      return "minute";
    case kHour:
      return "hour";
    case kDay:
      return "day";
    case kWeek:
      return "week";
    case kMonth:
      return "month";
    case kQuarter:
      return "quarter";
    case kYear:
      return "year";
    default:
      return {};
  }
}

}  // namespace

UnitTemplate TemplateForUnit(const Function& function, std::string_view unit) {
  UnitTemplate result;
  if (function.args.size() != 2) return result;
  DatetimePart part = FindDatetimePart(unit);
  Oid type = function.args[1];
  if (function.name == "extract") {
    result.duckdb_int = PartTemplate(part, type);
  } else if (function.name == "date_part") {
    std::string integer = PartTemplate(part, type);
    if (!integer.empty()) result.duckdb = "CAST(" + integer + " AS DOUBLE)";
  } else if (function.name == "date_trunc" && type == oid::kTimestamp) {
    std::string_view word = TruncationUnit(part);
    if (!word.empty()) {
      result.duckdb = "CAST(date_trunc('" + std::string(word) + "', $2) AS TIMESTAMP)";
    }
  }
  return result;
}

}  // namespace omen::functions
