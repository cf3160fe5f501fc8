#include "types/type.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <unordered_map>

#include "base/check.h"

namespace omen {
namespace {

constexpr TypeInfo Scalar(Oid oid, std::string_view name, std::string_view sql_name, int16_t length,
                          TypeCategory category, Carrier carrier, Oid array,
                          bool preferred = false) {
  return {oid, name, sql_name, length, category, preferred, carrier, oid::kInvalid, array};
}

constexpr TypeInfo Array(Oid oid, std::string_view name, std::string_view sql_name, Oid element) {
  return {oid, name, sql_name, -1, TypeCategory::kArray, false, Carrier::kArray, element, 0};
}

constexpr TypeInfo Pseudo(Oid oid, std::string_view name, int16_t length) {
  return Scalar(oid, name, name, length, TypeCategory::kPseudo, Carrier::kBytes, 0);
}

using Cat = TypeCategory;

constexpr auto kTypes = std::to_array<TypeInfo>({
    Scalar(oid::kBool, "bool", "boolean", 1, Cat::kBoolean, Carrier::kInt, oid::kBoolArray, true),
    Scalar(oid::kBytea, "bytea", "bytea", -1, Cat::kUser, Carrier::kBytes, oid::kByteaArray),
    Scalar(oid::kChar, "char", "\"char\"", 1, Cat::kInternal, Carrier::kBytes, oid::kCharArray),
    Scalar(oid::kName, "name", "name", 64, Cat::kString, Carrier::kBytes, oid::kNameArray),
    Scalar(oid::kInt8, "int8", "bigint", 8, Cat::kNumeric, Carrier::kInt, oid::kInt8Array),
    Scalar(oid::kInt2, "int2", "smallint", 2, Cat::kNumeric, Carrier::kInt, oid::kInt2Array),
    Array(oid::kInt2Vector, "int2vector", "int2vector", oid::kInt2),
    Scalar(oid::kInt4, "int4", "integer", 4, Cat::kNumeric, Carrier::kInt, oid::kInt4Array),
    Scalar(oid::kRegproc, "regproc", "regproc", 4, Cat::kNumeric, Carrier::kInt,
           oid::kRegprocArray),
    Scalar(oid::kText, "text", "text", -1, Cat::kString, Carrier::kBytes, oid::kTextArray, true),
    Scalar(oid::kOid, "oid", "oid", 4, Cat::kNumeric, Carrier::kInt, oid::kOidArray, true),
    Array(oid::kOidVector, "oidvector", "oidvector", oid::kOid),
    Scalar(oid::kJson, "json", "json", -1, Cat::kUser, Carrier::kBytes, oid::kJsonArray),
    Array(oid::kJsonArray, "_json", "json[]", oid::kJson),
    Scalar(oid::kFloat4, "float4", "real", 4, Cat::kNumeric, Carrier::kDouble, oid::kFloat4Array),
    Scalar(oid::kFloat8, "float8", "double precision", 8, Cat::kNumeric, Carrier::kDouble,
           oid::kFloat8Array, true),
    Scalar(oid::kUnknown, "unknown", "unknown", -2, Cat::kUnknown, Carrier::kBytes, 0),
    Array(oid::kBoolArray, "_bool", "boolean[]", oid::kBool),
    Array(oid::kByteaArray, "_bytea", "bytea[]", oid::kBytea),
    Array(oid::kCharArray, "_char", "\"char\"[]", oid::kChar),
    Array(oid::kNameArray, "_name", "name[]", oid::kName),
    Array(oid::kInt2Array, "_int2", "smallint[]", oid::kInt2),
    Array(oid::kInt4Array, "_int4", "integer[]", oid::kInt4),
    Array(oid::kRegprocArray, "_regproc", "regproc[]", oid::kRegproc),
    Array(oid::kTextArray, "_text", "text[]", oid::kText),
    Array(oid::kBpcharArray, "_bpchar", "character[]", oid::kBpchar),
    Array(oid::kVarcharArray, "_varchar", "character varying[]", oid::kVarchar),
    Array(oid::kInt8Array, "_int8", "bigint[]", oid::kInt8),
    Array(oid::kFloat4Array, "_float4", "real[]", oid::kFloat4),
    Array(oid::kFloat8Array, "_float8", "double precision[]", oid::kFloat8),
    Array(oid::kOidArray, "_oid", "oid[]", oid::kOid),
    Scalar(oid::kBpchar, "bpchar", "character", -1, Cat::kString, Carrier::kBytes,
           oid::kBpcharArray),
    Scalar(oid::kVarchar, "varchar", "character varying", -1, Cat::kString, Carrier::kBytes,
           oid::kVarcharArray),
    Scalar(oid::kDate, "date", "date", 4, Cat::kDateTime, Carrier::kInt, oid::kDateArray),
    Scalar(oid::kTime, "time", "time without time zone", 8, Cat::kDateTime, Carrier::kInt,
           oid::kTimeArray),
    Scalar(oid::kTimestamp, "timestamp", "timestamp without time zone", 8, Cat::kDateTime,
           Carrier::kInt, oid::kTimestampArray),
    Array(oid::kTimestampArray, "_timestamp", "timestamp without time zone[]", oid::kTimestamp),
    Array(oid::kDateArray, "_date", "date[]", oid::kDate),
    Array(oid::kTimeArray, "_time", "time without time zone[]", oid::kTime),
    Scalar(oid::kTimestamptz, "timestamptz", "timestamp with time zone", 8, Cat::kDateTime,
           Carrier::kInt, oid::kTimestamptzArray, true),
    Array(oid::kTimestamptzArray, "_timestamptz", "timestamp with time zone[]", oid::kTimestamptz),
    Scalar(oid::kInterval, "interval", "interval", 16, Cat::kTimespan, Carrier::kInterval,
           oid::kIntervalArray, true),
    Array(oid::kIntervalArray, "_interval", "interval[]", oid::kInterval),
    Array(oid::kNumericArray, "_numeric", "numeric[]", oid::kNumeric),
    Scalar(oid::kNumeric, "numeric", "numeric", -1, Cat::kNumeric, Carrier::kBytes,
           oid::kNumericArray),
    Scalar(oid::kRegclass, "regclass", "regclass", 4, Cat::kNumeric, Carrier::kInt,
           oid::kRegclassArray),
    Scalar(oid::kRegtype, "regtype", "regtype", 4, Cat::kNumeric, Carrier::kInt,
           oid::kRegtypeArray),
    Array(oid::kRegclassArray, "_regclass", "regclass[]", oid::kRegclass),
    Array(oid::kRegtypeArray, "_regtype", "regtype[]", oid::kRegtype),
    Pseudo(oid::kRecord, "record", -1),
    Scalar(oid::kAny, "any", "\"any\"", 4, Cat::kPseudo, Carrier::kBytes, 0),
    Pseudo(oid::kAnyarray, "anyarray", -1),
    Pseudo(oid::kVoid, "void", 4),
    Pseudo(oid::kAnyelement, "anyelement", 4),
    Pseudo(oid::kAnynonarray, "anynonarray", 4),
    Scalar(oid::kUuid, "uuid", "uuid", 16, Cat::kUser, Carrier::kUuid, oid::kUuidArray),
    Array(oid::kUuidArray, "_uuid", "uuid[]", oid::kUuid),
    Scalar(oid::kJsonb, "jsonb", "jsonb", -1, Cat::kUser, Carrier::kBytes, oid::kJsonbArray),
    Array(oid::kJsonbArray, "_jsonb", "jsonb[]", oid::kJsonb),
    Scalar(oid::kRegnamespace, "regnamespace", "regnamespace", 4, Cat::kNumeric, Carrier::kInt,
           oid::kRegnamespaceArray),
    Array(oid::kRegnamespaceArray, "_regnamespace", "regnamespace[]", oid::kRegnamespace),
});

static_assert(std::is_sorted(kTypes.begin(), kTypes.end(),
                             [](const TypeInfo& a, const TypeInfo& b) { return a.oid < b.oid; }));

constexpr size_t kIndexSize = oid::kRegnamespaceArray + 1;

/// Positions in kTypes by oid, so that a look-up on the hot path is one load.
constexpr auto kIndexByOid = [] {
  std::array<uint8_t, kIndexSize> index{};
  for (auto& slot : index) slot = UINT8_MAX;
  for (size_t i = 0; i < kTypes.size(); ++i) index[kTypes[i].oid] = static_cast<uint8_t>(i);
  return index;
}();

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

std::string FormatModified(Oid oid, int32_t typmod) {
  switch (oid) {
    case oid::kVarchar:
      return fmt::format("character varying({})", typmod - 4);
    case oid::kBpchar:
      return fmt::format("character({})", typmod - 4);
    case oid::kNumeric:
      return fmt::format("numeric({},{})", NumericPrecision(typmod), NumericScale(typmod));
    case oid::kTime:
      return fmt::format("time({}) without time zone", typmod);
    case oid::kTimestamp:
      return fmt::format("timestamp({}) without time zone", typmod);
    case oid::kTimestamptz:
      return fmt::format("timestamp({}) with time zone", typmod);
    case oid::kInterval:
      return FormatIntervalFields(typmod);
    default:
      return std::string(InfoOf(oid).sql_name);
  }
}

}  // namespace

std::span<const TypeInfo> AllTypes() { return kTypes; }

const TypeInfo* FindType(Oid oid) {
  if (oid >= kIndexSize || kIndexByOid[oid] == UINT8_MAX) return nullptr;
  return &kTypes[kIndexByOid[oid]];
}

const TypeInfo* FindTypeByName(std::string_view name) {
  static const auto* const kByName = [] {
    auto* map = new std::unordered_map<std::string_view, const TypeInfo*>;
    for (const TypeInfo& info : kTypes) map->emplace(info.name, &info);
    return map;
  }();
  auto found = kByName->find(name);
  return found == kByName->end() ? nullptr : found->second;
}

const TypeInfo& InfoOf(Oid oid) {
  const TypeInfo* info = FindType(oid);
  OMEN_CHECK(info != nullptr);
  return *info;
}

std::string FormatType(Type type) {
  const TypeInfo* info = FindType(type.oid);
  if (info == nullptr) return "???";
  bool vector = type.oid == oid::kInt2Vector || type.oid == oid::kOidVector;
  if (info->element != oid::kInvalid && !vector) {
    return FormatType({info->element, type.typmod}) + "[]";
  }
  if (type.typmod >= 0) return FormatModified(type.oid, type.typmod);
  // CHARACTER alone means character(1), so the unbounded type goes by its own name.
  if (type.oid == oid::kBpchar) return "bpchar";
  return std::string(info->sql_name);
}

}  // namespace omen
