// bool, int2, int4, int8; oid and the reg* types whose text is a number here.
#include "types/operations/families.h"
#include "types/operations/integers.h"

namespace omen::types_internal {
namespace {

Result<Value> ReadBoolText(const TypeInfo&, int32_t, std::string_view text, const TextContext&) {
  OMEN_ASSIGN_OR_RETURN(const bool value, ParseBool(text));
  return Value::Bool(value);
}

void WriteBoolText(const TypeInfo&, int32_t, const Value& value, const TextStyle&,
                   std::string& out) {
  out.push_back(value.AsBool() ? 't' : 'f');
}

Result<Value> ReadWireBool(const TypeInfo&, std::string_view bytes) {
  OMEN_ASSIGN_OR_RETURN(const uint8_t value, WholeInteger<uint8_t>(bytes));
  return Value::Bool(value != 0);
}

Result<Value> ReadIntText(const TypeInfo& type, int32_t, std::string_view text,
                          const TextContext&) {
  OMEN_ASSIGN_OR_RETURN(const int64_t value, ParseInteger(type.oid, text));
  return Value::Int(value);
}

Result<Value> ReadOidText(const TypeInfo&, int32_t, std::string_view text, const TextContext&) {
  OMEN_ASSIGN_OR_RETURN(const int64_t value, ParseOid(text));
  return Value::Int(value);
}

Result<Value> ReadWireOid(const TypeInfo&, std::string_view bytes) {
  OMEN_ASSIGN_OR_RETURN(const uint32_t value, WholeInteger<uint32_t>(bytes));
  return Value::Int(value);
}

template <typename Signed>
constexpr TypeOperations IntOperations() {
  return {ReadIntText, WriteInt, ReadWireInt<Signed>, WriteWireInt<Signed>, CompareInts, HashInt};
}

}  // namespace

constexpr TypeOperations kBoolOperations{ReadBoolText,         WriteBoolText, ReadWireBool,
                                         WriteWireInt<int8_t>, CompareInts,   HashInt};
constexpr TypeOperations kInt2Operations = IntOperations<int16_t>();
constexpr TypeOperations kInt4Operations = IntOperations<int32_t>();
constexpr TypeOperations kInt8Operations = IntOperations<int64_t>();
constexpr TypeOperations kOidOperations{ReadOidText,           WriteInt,    ReadWireOid,
                                        WriteWireInt<int32_t>, CompareInts, HashInt};

}  // namespace omen::types_internal
