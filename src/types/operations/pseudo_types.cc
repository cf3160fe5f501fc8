// Types that functions name and no column has.
#include <fmt/format.h>

#include "types/io.h"
#include "types/operations/families.h"
#include "types/operations/strings.h"

namespace omen::types_internal {
namespace {

Result<Value> RefuseText(const TypeInfo& type, int32_t, std::string_view, const TextContext&) {
  return NotSupported(type.sql_name);
}

Result<Value> RefuseWire(const TypeInfo& type, std::string_view) {
  return NotSupported(fmt::format("binary input of type {}", type.sql_name));
}

Result<Value> ReadWireVoid(const TypeInfo&, std::string_view bytes) {
  OMEN_RETURN_IF_ERROR(CheckUtf8(bytes));
  return Value::Bytes(bytes);
}

}  // namespace

constexpr TypeOperations kPseudoOperations{RefuseText,     WriteString,   RefuseWire,
                                           WriteWireBytes, CompareString, HashString};
constexpr TypeOperations kVoidOperations{RefuseText,     WriteString,   ReadWireVoid,
                                         WriteWireBytes, CompareString, HashString};

}  // namespace omen::types_internal
