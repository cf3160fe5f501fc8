// regtype: a type by its name.
#include "types/operations/integers.h"
#include "types/table/array_types.h"

namespace omen::types_internal {
namespace {

/// What regtype prints, or a number.
Result<Value> ReadTypeName(const TypeInfo&, int32_t, std::string_view text, const TextContext&) {
  std::string name(TrimSpace(text));
  if (name == "-") return Value::Int(0);
  for (char& c : name) c = ToLower(c);
  for (const TypeInfo& info : AllTypes()) {
    if (name == info.sql_name || name == info.name) return Value::Int(info.oid);
  }
  if (!name.empty() && name.find_first_not_of("0123456789") == std::string::npos) {
    OMEN_ASSIGN_OR_RETURN(const int64_t number, ParseOid(text));
    return Value::Int(number);
  }
  return Status(sqlstate::kUndefinedObject, "type \"" + std::string(text) + "\" does not exist");
}

void WriteTypeName(const TypeInfo&, int32_t, const Value& value, const TextStyle&,
                   std::string& out) {
  if (value.AsInt() == 0) return out.push_back('-');
  const TypeInfo* known = FindType(static_cast<Oid>(value.AsInt()));
  if (known == nullptr) return AppendInt(value.AsInt(), out);
  out += known->sql_name;
}

Result<Value> ReadWireType(const TypeInfo&, std::string_view bytes) {
  OMEN_ASSIGN_OR_RETURN(const uint32_t type, WholeInteger<uint32_t>(bytes));
  return Value::Int(type);
}

}  // namespace

constexpr TypeOperations kRegtypeOperations{ReadTypeName,          WriteTypeName, ReadWireType,
                                            WriteWireInt<int32_t>, CompareInts,   HashInt};

}  // namespace omen::types_internal
