// The spelling of types in the column store.
#include "types/column_type.h"

#include <fmt/format.h>

namespace omen {

namespace {

constexpr int kWidestDecimal = 38;

/// By TypeForm.
constexpr const char* kNames[kTypeForms] = {
    "BOOLEAN",   "SMALLINT", "INTEGER", "BIGINT", "FLOAT", "DOUBLE",  "DATE",  "TIME",
    "TIMESTAMP", "INTERVAL", "UUID",    "BLOB",   "BLOB",  "VARCHAR", nullptr,
};

}  // namespace

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
  if (type.oid == oid::kNumeric && !IsVariableNumeric(type)) {
    return fmt::format("DECIMAL({},{})", NumericPrecision(type.typmod), NumericScale(type.typmod));
  }
  return kNames[static_cast<size_t>(info.form)];
}

}  // namespace omen
