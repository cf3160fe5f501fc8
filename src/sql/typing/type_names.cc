// Types as written: names, modifiers and array bounds.

#include <fmt/format.h>

#include <string>

#include "sql/grammar/internal/parsed.h"
#include "sql/typing/names.h"
#include "types/type.h"

// PostgreSQL's headers come last.
#include "sql/grammar/internal/pg_nodes.h"

namespace omen::sql {
namespace {

constexpr int kMaxNumericPrecision = 1000;
constexpr int kMaxLength = 10485760;
constexpr int kMaxTimePrecision = 6;

Status BadModifier(std::string message, int location) {
  return Status(sqlstate::kInvalidParameter, std::move(message)).At(location);
}

Result<std::vector<int>> Modifiers(const ::TypeName& name) {
  std::vector<int> values;
  for (const Node* node : Items<>(name.typmods)) {
    const auto* constant = NodeAs<A_Const>(node, T_A_Const);
    if (constant == nullptr || constant->isnull || nodeTag(&constant->val) != T_Integer) {
      return Status(sqlstate::kSyntaxError,
                    "type modifiers must be simple constants or identifiers")
          .At(name.location);
    }
    values.push_back(constant->val.ival.ival);
  }
  return values;
}

Result<int32_t> NumericModifier(const std::vector<int>& values, int location) {
  if (values.size() > 2) return BadModifier("invalid NUMERIC type modifier", location);
  int precision = values[0], scale = values.size() > 1 ? values[1] : 0;
  if (precision < 1 || precision > kMaxNumericPrecision) {
    return BadModifier(fmt::format("NUMERIC precision {} must be between 1 and {}", precision,
                                   kMaxNumericPrecision),
                       location);
  }
  if (scale < -kMaxNumericPrecision || scale > kMaxNumericPrecision) {
    return BadModifier(fmt::format("NUMERIC scale {} must be between -1000 and 1000", scale),
                       location);
  }
  return NumericTypmod(precision, scale);
}

Result<int32_t> LengthModifier(std::string_view type, const std::vector<int>& values,
                               int location) {
  if (values.size() != 1) return BadModifier("invalid type modifier", location);
  if (values[0] < 1) {
    return BadModifier(fmt::format("length for type {} must be at least 1", type), location);
  }
  if (values[0] > kMaxLength) {
    return BadModifier(fmt::format("length for type {} cannot exceed {}", type, kMaxLength),
                       location);
  }
  return values[0] + 4;
}

/// INTERVAL's modifiers are a field mask and a precision, packed as PostgreSQL does.
Result<int32_t> IntervalModifier(const std::vector<int>& values, int location) {
  constexpr int kFullRange = 0x7FFF, kFullPrecision = 0xFFFF;
  if (values.size() == 1) {
    if (values[0] == kFullRange) return -1;
    return (values[0] << 16) | kFullPrecision;
  }
  int precision = values[1] > kMaxTimePrecision ? kMaxTimePrecision : values[1];
  if (precision < 0) {
    return BadModifier(fmt::format("INTERVAL({}) precision must not be negative", precision),
                       location);
  }
  return (values[0] << 16) | precision;
}

Result<int32_t> TimeModifier(Oid type, const std::vector<int>& values, int location) {
  if (values.size() != 1) return BadModifier("invalid type modifier", location);
  if (values[0] < 0) {
    return BadModifier(fmt::format("{}({}) precision must not be negative",
                                   type == oid::kTime ? "TIME" : "TIMESTAMP", values[0]),
                       location);
  }
  return values[0] > kMaxTimePrecision ? kMaxTimePrecision : values[0];
}

Result<int32_t> Typmod(const TypeInfo& info, const ::TypeName& name) {
  if (name.typmods == nullptr) return name.typemod;
  OMEN_ASSIGN_OR_RETURN(auto values, Modifiers(name));
  switch (info.oid) {
    case oid::kNumeric:
      return NumericModifier(values, name.location);
    case oid::kVarchar:
      return LengthModifier("varchar", values, name.location);
    case oid::kBpchar:
      return LengthModifier("char", values, name.location);
    case oid::kInterval:
      return IntervalModifier(values, name.location);
    case oid::kTime:
    case oid::kTimestamp:
    case oid::kTimestamptz:
      return TimeModifier(info.oid, values, name.location);
    default:
      return Status(sqlstate::kSyntaxError,
                    fmt::format("type modifier is not allowed for type \"{}\"", info.name))
          .At(name.location);
  }
}

std::string WrittenName(const ::TypeName& name) {
  std::string text;
  for (const Node* part : Items<>(name.names)) {
    if (!text.empty()) text += '.';
    text += Text(part);
  }
  return text;
}

bool IsTypeSchema(std::string_view schema) {
  return schema == "pg_catalog" || schema == "information_schema";
}

/// Types that PostgreSQL has and this server does not: 0A000 rather than 42704.
bool IsForeignType(std::string_view name) {
  for (std::string_view known :
       {"timetz",    "money",     "xml",       "bit",     "varbit",      "point",        "line",
        "lseg",      "box",       "path",      "polygon", "circle",      "inet",         "cidr",
        "macaddr",   "macaddr8",  "tsvector",  "tsquery", "int4range",   "int8range",    "numrange",
        "tsrange",   "tstzrange", "daterange", "regoper", "regoperator", "regprocedure", "regrole",
        "regconfig", "pg_lsn",    "xid",       "cid",     "tid",         "refcursor"}) {
    if (name == known) return true;
  }
  return false;
}

}  // namespace

Result<Type> ResolveType(const ::TypeName& name) {
  if (name.setof) return NotSupported("SETOF").At(name.location);
  if (name.pct_type) return NotSupported("%TYPE").At(name.location);
  Items<> names(name.names);
  bool qualified = names.size() > 1;
  std::string_view last = Text(names.back());
  const TypeInfo* info = nullptr;
  if (!qualified || IsTypeSchema(Text(names[names.size() - 2]))) info = FindTypeByName(last);
  if (info == nullptr && last == "char" && qualified) info = FindType(oid::kBpchar);
  if (info == nullptr) {
    if (IsForeignType(last)) return NotSupported(fmt::format("type {}", last)).At(name.location);
    return Status(sqlstate::kUndefinedObject,
                  fmt::format("type \"{}\" does not exist", WrittenName(name)))
        .At(name.location);
  }
  OMEN_ASSIGN_OR_RETURN(int32_t typmod, Typmod(*info, name));
  if (name.arrayBounds == nullptr) return Type{info->oid, typmod};
  if (info->array == 0) {
    return Status(sqlstate::kUndefinedObject,
                  fmt::format("could not find array type for data type {}", info->sql_name))
        .At(name.location);
  }
  return Type{info->array, typmod};
}

Result<Type> TypeFromText(std::string_view text) {
  OMEN_ASSIGN_OR_RETURN(auto parsed, Parse(fmt::format("SELECT NULL::{}", text)));
  const auto* select =
      parsed.size() == 1 ? NodeAs<SelectStmt>(parsed[0].impl()->tree, T_SelectStmt) : nullptr;
  const ResTarget* target = nullptr;
  if (select != nullptr && Items<>(select->targetList).size() == 1) {
    target = Items<ResTarget>(select->targetList)[0];
  }
  const auto* cast = target ? NodeAs<TypeCast>(target->val, T_TypeCast) : nullptr;
  if (cast == nullptr) {
    return Status(sqlstate::kSyntaxError, fmt::format("invalid type name \"{}\"", text));
  }
  auto type = ResolveType(*cast->typeName);
  if (type.ok()) return type;
  return Status(type.status().error().state, type.status().error().message);
}

}  // namespace omen::sql
