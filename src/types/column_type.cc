#include "types/column_type.h"

#include <fmt/format.h>

namespace omen {

namespace {
constexpr int kWidestDecimal = 38;
}

bool IsVariableNumeric(Type type) {
  if (type.oid != oid::kNumeric) return false;
  if (type.typmod < 4) return true;
  int precision = NumericPrecision(type.typmod);
  int scale = NumericScale(type.typmod);
  return precision > kWidestDecimal || scale < 0 || scale > precision;
}

std::string ColumnStoreType(Type type) {
  const TypeInfo& info = InfoOf(type.oid);
  if (info.element != oid::kInvalid) return ColumnStoreType({info.element, type.typmod}) + "[]";
  switch (type.oid) {
    case oid::kBool:
      return "BOOLEAN";
    case oid::kInt2:
      return "SMALLINT";
    case oid::kInt4:
      return "INTEGER";
    case oid::kInt8:
      return "BIGINT";
    case oid::kOid:
    case oid::kRegproc:
    case oid::kRegclass:
    case oid::kRegtype:
    case oid::kRegnamespace:
      return "BIGINT";
    case oid::kFloat4:
      return "FLOAT";
    case oid::kFloat8:
      return "DOUBLE";
    case oid::kDate:
      return "DATE";
    case oid::kTime:
      return "TIME";
    case oid::kTimestamp:
    case oid::kTimestamptz:
      return "TIMESTAMP";
    case oid::kInterval:
      return "INTERVAL";
    case oid::kUuid:
      return "UUID";
    case oid::kBytea:
      return "BLOB";
    case oid::kNumeric:
      if (IsVariableNumeric(type)) return "BLOB";
      return fmt::format("DECIMAL({},{})", NumericPrecision(type.typmod),
                         NumericScale(type.typmod));
    default:
      return "VARCHAR";
  }
}

}  // namespace omen
