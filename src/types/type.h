// SQL types, named by PostgreSQL's OIDs so that the wire, the catalogue and the
// binder speak of one thing.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"

namespace omen {

using Oid = uint32_t;

namespace oid {
inline constexpr Oid kInvalid = 0, kBool = 16, kBytea = 17, kChar = 18, kName = 19, kInt8 = 20,
                     kInt2 = 21, kInt4 = 23, kRegproc = 24, kText = 25, kOid = 26, kJson = 114,
                     kFloat4 = 700, kFloat8 = 701, kUnknown = 705, kBpchar = 1042, kVarchar = 1043,
                     kDate = 1082, kTime = 1083, kTimestamp = 1114, kTimestamptz = 1184,
                     kInterval = 1186, kNumeric = 1700, kRegclass = 2205, kRegtype = 2206,
                     kRecord = 2249, kAny = 2276, kAnyarray = 2277, kVoid = 2278,
                     kAnyelement = 2283, kAnynonarray = 2776, kUuid = 2950, kJsonb = 3802,
                     kRegnamespace = 4089;
inline constexpr Oid kBoolArray = 1000, kByteaArray = 1001, kCharArray = 1002, kNameArray = 1003,
                     kInt2Array = 1005, kInt4Array = 1007, kTextArray = 1009, kBpcharArray = 1014,
                     kVarcharArray = 1015, kInt8Array = 1016, kFloat4Array = 1021,
                     kFloat8Array = 1022, kOidArray = 1028, kTimestampArray = 1115,
                     kDateArray = 1182, kTimeArray = 1183, kTimestamptzArray = 1185,
                     kIntervalArray = 1187, kNumericArray = 1231, kJsonArray = 199,
                     kUuidArray = 2951, kJsonbArray = 3807, kRegtypeArray = 2211,
                     kRegclassArray = 2210, kRegprocArray = 1008, kRegnamespaceArray = 4090;
/// The catalogue's own arrays: text form "1 2 3", lower bound 0.
inline constexpr Oid kInt2Vector = 22, kOidVector = 30;
}  // namespace oid

/// A type with its modifier. typmod follows PostgreSQL: varchar(n) is n + 4,
/// numeric(p,s) is ((p << 16) | s) + 4, timestamp(p) is p, none is -1.
struct Type {
  Oid oid = oid::kInvalid;
  int32_t typmod = -1;
  bool operator==(const Type&) const = default;
};

/// PostgreSQL's type categories, as the operator resolution rules use them.
enum class TypeCategory : char {
  kArray = 'A',
  kBoolean = 'B',
  kDateTime = 'D',
  kNumeric = 'N',
  kPseudo = 'P',
  kString = 'S',
  kTimespan = 'T',
  kUser = 'U',
  kUnknown = 'X',
  kInternal = 'Z',
};

/// How a Value of the type is carried.
enum class Carrier : uint8_t { kInt, kDouble, kInterval, kUuid, kBytes, kArray };

/// How stores, engines and the wire keep its values: each has a table by it, none by the type.
enum class TypeForm : uint8_t {
  kBool,
  kInt2,
  kInt4,
  kInt8,
  kFloat4,
  kFloat8,
  kDate,
  kTime,
  kTimestamp,
  kInterval,
  kUuid,
  kNumeric,
  kBlob,
  kText,
  kArray,
};
inline constexpr size_t kTypeForms = 15;

struct TypeOperations;  // types/operations.h

/// Functions and operators of a type that does not bring its own, by pg_proc's and pg_operator's
/// OIDs; see functions/comparison.cc.
struct ComparisonOids {
  struct Pair {
    Oid function, op;
  };
  Pair lt, le, eq, ge, gt, ne;
};

/// What else is true of a type.
enum TypeFact : uint8_t {
  kTextOnStyle = 1,    // its text follows settings,
  kTextOnZone = 2,     // the time zone,
  kTextOnNames = 4,    // or names of the catalogue
  kTextOnClock = 8,    // 'now' and 'today' are values
  kEqualsDiffer = 16,  // equal values may print differently
  kOrdered = 32,       // its comparison operators are TypeOperations::compare
};

/// What is fixed about a type.
struct TypeInfo {
  Oid oid;
  std::string_view name;      // pg_type.typname: int4
  std::string_view sql_name;  // format_type: integer
  int16_t length;             // pg_type.typlen; -1 variable
  TypeCategory category;
  bool preferred;
  Carrier carrier;
  TypeForm form;
  Oid element;  // for arrays, else 0
  Oid array;    // the array type over this one, else 0
  uint8_t facts;
  const TypeOperations* operations;
  const ComparisonOids* comparisons;  // null: the type brings its own, or has none
};

/// Every type the server knows, ordered by OID.
std::span<const TypeInfo> AllTypes();
/// Null if unknown.
const TypeInfo* FindType(Oid oid);
/// By pg_type name (int4, text, _int4) after PostgreSQL's grammar mapped SQL spellings to it.
const TypeInfo* FindTypeByName(std::string_view name);
/// The type's info; the oid must be known.
const TypeInfo& InfoOf(Oid oid);
/// As format_type(oid, typmod): "character varying(10)", "numeric(12,2)", "integer[]". Unlike
/// sql_name, which error messages use, bpchar without a length is "bpchar".
std::string FormatType(Type type);

inline constexpr int32_t NumericTypmod(int precision, int scale) {
  return ((precision << 16) | (scale & 0x7ff)) + 4;
}
inline constexpr int NumericPrecision(int32_t typmod) { return ((typmod - 4) >> 16) & 0xffff; }
inline constexpr int NumericScale(int32_t typmod) { return (((typmod - 4) & 0x7ff) ^ 1024) - 1024; }

/// Interval typmods: (fields << 16) | precision, as PostgreSQL's INTERVAL_TYPMOD.
namespace interval_field {
inline constexpr int kMonth = 1 << 1, kYear = 1 << 2, kDay = 1 << 3, kHour = 1 << 10,
                     kMinute = 1 << 11, kSecond = 1 << 12, kAll = 0x7fff;
}  // namespace interval_field
inline constexpr int kIntervalFullPrecision = 0xffff;
inline constexpr int32_t IntervalTypmod(int fields, int precision) {
  return (fields << 16) | (precision & 0xffff);
}
inline constexpr int IntervalFields(int32_t typmod) { return (typmod >> 16) & 0x7fff; }
inline constexpr int IntervalPrecision(int32_t typmod) { return typmod & 0xffff; }

}  // namespace omen
