// Every type the server knows: a row each.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <unordered_map>

#include "base/check.h"
#include "types/operations/families.h"
#include "types/operations/macaddr.h"
#include "types/operations/pg_lsn.h"
#include "types/table/array_types.h"
#include "types/type.h"

namespace omen {

using namespace types_internal;  // NOLINT: operations of types

namespace {

using Cat = TypeCategory;
using enum TypeForm;

constexpr Carrier CarrierOf(TypeForm form) {
  switch (form) {
    case kFloat4:
    case kFloat8:
      return Carrier::kDouble;
    case kInterval:
      return Carrier::kInterval;
    case kUuid:
      return Carrier::kUuid;
    case kNumeric:
    case kBlob:
    case kText:
      return Carrier::kBytes;
    case kArray:
      return Carrier::kArray;
    default:
      return Carrier::kInt;
  }
}

/// What is rare of a scalar type.
struct More {
  uint8_t facts = 0;
  bool preferred = false;
  const ComparisonOids* comparisons = nullptr;
};

constexpr TypeInfo Scalar(Oid oid, std::string_view name, std::string_view sql_name, int16_t length,
                          Cat category, TypeForm form, const TypeOperations& operations, Oid array,
                          More more = {}) {
  return {oid,  name,          sql_name, length,     category,    more.preferred,  CarrierOf(form),
          form, oid::kInvalid, array,    more.facts, &operations, more.comparisons};
}

constexpr TypeInfo Array(Oid oid, std::string_view name, std::string_view sql_name, Oid element,
                         const TypeOperations& operations = kArrayOperations) {
  return {oid,    name,    sql_name, -1, Cat::kArray, false,  Carrier::kArray,
          kArray, element, 0,        0,  &operations, nullptr};
}

constexpr TypeInfo Pseudo(Oid oid, std::string_view name, int16_t length) {
  return Scalar(oid, name, name, length, Cat::kPseudo, kText, kPseudoOperations, 0);
}

// Ordered by OID.
constexpr auto kTypes = std::to_array<TypeInfo>({
    Scalar(oid::kBool, "bool", "boolean", 1, Cat::kBoolean, kBool, kBoolOperations, oid::kBoolArray,
           {.facts = kOrdered, .preferred = true}),
    Scalar(oid::kBytea, "bytea", "bytea", -1, Cat::kUser, kBlob, kByteaOperations, oid::kByteaArray,
           {.facts = kTextOnStyle | kOrdered}),
    Scalar(oid::kChar, "char", "\"char\"", 1, Cat::kInternal, kText, kCharOperations,
           oid::kCharArray, {.facts = kOrdered}),
    Scalar(oid::kName, "name", "name", 64, Cat::kString, kText, kNameOperations, oid::kNameArray),
    Scalar(oid::kInt8, "int8", "bigint", 8, Cat::kNumeric, kInt8, kInt8Operations, oid::kInt8Array),
    Scalar(oid::kInt2, "int2", "smallint", 2, Cat::kNumeric, kInt2, kInt2Operations,
           oid::kInt2Array),
    Array(oid::kInt2Vector, "int2vector", "int2vector", oid::kInt2, kVectorOperations),
    Scalar(oid::kInt4, "int4", "integer", 4, Cat::kNumeric, kInt4, kInt4Operations,
           oid::kInt4Array),
    Scalar(oid::kRegproc, "regproc", "regproc", 4, Cat::kNumeric, kInt8, kOidOperations,
           oid::kRegprocArray, {.facts = kTextOnNames}),
    Scalar(oid::kText, "text", "text", -1, Cat::kString, kText, kTextOperations, oid::kTextArray,
           {.preferred = true}),
    Scalar(oid::kOid, "oid", "oid", 4, Cat::kNumeric, kInt8, kOidOperations, oid::kOidArray,
           {.preferred = true}),
    Array(oid::kOidVector, "oidvector", "oidvector", oid::kOid, kVectorOperations),
    Scalar(oid::kJson, "json", "json", -1, Cat::kUser, kText, kJsonOperations, oid::kJsonArray),
    Array(oid::kJsonArray, "_json", "json[]", oid::kJson),
    Scalar(oid::kFloat4, "float4", "real", 4, Cat::kNumeric, kFloat4, kFloat4Operations,
           oid::kFloat4Array, {.facts = kTextOnStyle}),
    Scalar(oid::kFloat8, "float8", "double precision", 8, Cat::kNumeric, kFloat8, kFloat8Operations,
           oid::kFloat8Array, {.facts = kTextOnStyle, .preferred = true}),
    Scalar(oid::kUnknown, "unknown", "unknown", -2, Cat::kUnknown, kText, kTextOperations, 0),
    Scalar(829, "macaddr", "macaddr", 6, Cat::kUser, kBlob, kMacaddrOperations, 1040,
           {.facts = kOrdered, .comparisons = &kMacaddrComparisons}),
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
    Array(1040, "_macaddr", "macaddr[]", 829),
    Scalar(oid::kBpchar, "bpchar", "character", -1, Cat::kString, kText, kBpcharOperations,
           oid::kBpcharArray, {.facts = kEqualsDiffer | kOrdered}),
    Scalar(oid::kVarchar, "varchar", "character varying", -1, Cat::kString, kText,
           kVarcharOperations, oid::kVarcharArray),
    Scalar(oid::kDate, "date", "date", 4, Cat::kDateTime, kDate, kDateOperations, oid::kDateArray,
           {.facts = kTextOnStyle | kTextOnClock | kOrdered}),
    Scalar(oid::kTime, "time", "time without time zone", 8, Cat::kDateTime, kTime, kTimeOperations,
           oid::kTimeArray, {.facts = kTextOnClock | kOrdered}),
    Scalar(oid::kTimestamp, "timestamp", "timestamp without time zone", 8, Cat::kDateTime,
           kTimestamp, kTimestampOperations, oid::kTimestampArray,
           {.facts = kTextOnStyle | kTextOnClock | kOrdered}),
    Array(oid::kTimestampArray, "_timestamp", "timestamp without time zone[]", oid::kTimestamp),
    Array(oid::kDateArray, "_date", "date[]", oid::kDate),
    Array(oid::kTimeArray, "_time", "time without time zone[]", oid::kTime),
    Scalar(oid::kTimestamptz, "timestamptz", "timestamp with time zone", 8, Cat::kDateTime,
           kTimestamp, kTimestamptzOperations, oid::kTimestamptzArray,
           {.facts = kTextOnStyle | kTextOnZone | kTextOnClock | kOrdered, .preferred = true}),
    Array(oid::kTimestamptzArray, "_timestamptz", "timestamp with time zone[]", oid::kTimestamptz),
    Scalar(oid::kInterval, "interval", "interval", 16, Cat::kTimespan, kInterval,
           kIntervalOperations, oid::kIntervalArray,
           {.facts = kTextOnStyle | kEqualsDiffer | kOrdered, .preferred = true}),
    Array(oid::kIntervalArray, "_interval", "interval[]", oid::kInterval),
    Array(oid::kNumericArray, "_numeric", "numeric[]", oid::kNumeric),
    Scalar(oid::kNumeric, "numeric", "numeric", -1, Cat::kNumeric, kNumeric, kNumericOperations,
           oid::kNumericArray, {.facts = kEqualsDiffer | kOrdered}),
    Scalar(oid::kRegclass, "regclass", "regclass", 4, Cat::kNumeric, kInt8, kOidOperations,
           oid::kRegclassArray, {.facts = kTextOnNames}),
    Scalar(oid::kRegtype, "regtype", "regtype", 4, Cat::kNumeric, kInt8, kRegtypeOperations,
           oid::kRegtypeArray, {.facts = kTextOnNames}),
    Array(oid::kRegclassArray, "_regclass", "regclass[]", oid::kRegclass),
    Array(oid::kRegtypeArray, "_regtype", "regtype[]", oid::kRegtype),
    Pseudo(oid::kRecord, "record", -1),
    Scalar(oid::kAny, "any", "\"any\"", 4, Cat::kPseudo, kText, kPseudoOperations, 0),
    Pseudo(oid::kAnyarray, "anyarray", -1),
    Scalar(oid::kVoid, "void", "void", 4, Cat::kPseudo, kText, kVoidOperations, 0),
    Pseudo(oid::kAnyelement, "anyelement", 4),
    Pseudo(oid::kAnynonarray, "anynonarray", 4),
    Scalar(oid::kUuid, "uuid", "uuid", 16, Cat::kUser, kUuid, kUuidOperations, oid::kUuidArray,
           {.facts = kOrdered}),
    Array(oid::kUuidArray, "_uuid", "uuid[]", oid::kUuid),
    Scalar(3220, "pg_lsn", "pg_lsn", 8, Cat::kUser, kBlob, kLsnOperations, 3221,
           {.facts = kOrdered, .comparisons = &kLsnComparisons}),
    Array(3221, "_pg_lsn", "pg_lsn[]", 3220),
    Scalar(oid::kJsonb, "jsonb", "jsonb", -1, Cat::kUser, kText, kJsonbOperations, oid::kJsonbArray,
           {.facts = kEqualsDiffer}),
    Array(oid::kJsonbArray, "_jsonb", "jsonb[]", oid::kJsonb),
    Scalar(oid::kRegnamespace, "regnamespace", "regnamespace", 4, Cat::kNumeric, kInt8,
           kOidOperations, oid::kRegnamespaceArray, {.facts = kTextOnNames}),
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
  if (type.typmod >= 0 && info->operations->format_typmod != nullptr) {
    return info->operations->format_typmod(type.typmod);
  }
  // CHARACTER alone means character(1), so the unbounded type goes by its own name.
  if (type.oid == oid::kBpchar) return "bpchar";
  return std::string(info->sql_name);
}

}  // namespace omen
