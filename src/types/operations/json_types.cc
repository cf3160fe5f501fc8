// json, which keeps its text, and jsonb, which is canonical.
#include <fmt/format.h>

#include "types/internal/binary_errors.h"
#include "types/io.h"
#include "types/json/json.h"
#include "types/operations/families.h"
#include "types/operations/strings.h"

namespace omen::types_internal {
namespace {

constexpr char kJsonbVersion = 1;

Result<Value> ReadJsonText(const TypeInfo&, int32_t, std::string_view text, const TextContext&) {
  OMEN_RETURN_IF_ERROR(ValidateJson(text));
  return Value::Bytes(text);
}

Result<Value> ReadJsonbText(const TypeInfo&, int32_t, std::string_view text, const TextContext&) {
  OMEN_ASSIGN_OR_RETURN(const std::string canonical, CanonicalJsonb(text));
  return Value::Bytes(canonical);
}

Result<Value> ReadWireJson(const TypeInfo&, std::string_view bytes) {
  OMEN_RETURN_IF_ERROR(CheckUtf8(bytes));
  OMEN_RETURN_IF_ERROR(ValidateJson(bytes));
  return Value::Bytes(bytes);
}

Result<Value> ReadWireJsonb(const TypeInfo&, std::string_view bytes) {
  if (bytes.empty()) return Insufficient();
  if (bytes[0] != kJsonbVersion) {
    return InternalError(
        fmt::format("unsupported jsonb version number {}", static_cast<uint8_t>(bytes[0])));
  }
  OMEN_RETURN_IF_ERROR(CheckUtf8(bytes.substr(1)));
  OMEN_ASSIGN_OR_RETURN(const std::string canonical, CanonicalJsonb(bytes.substr(1)));
  return Value::Bytes(canonical);
}

void WriteWireJsonb(const TypeInfo&, int32_t, const Value& value, std::string& out) {
  out.push_back(kJsonbVersion);
  out += value.AsBytes();
}

int CompareJson(const Value& a, const Value& b) { return CompareJsonb(a.AsBytes(), b.AsBytes()); }
uint64_t HashJson(const Value& value) { return HashJsonb(value.AsBytes()); }

}  // namespace

constexpr TypeOperations kJsonOperations{ReadJsonText,   WriteString,   ReadWireJson,
                                         WriteWireBytes, CompareString, HashString};
constexpr TypeOperations kJsonbOperations{ReadJsonbText,  WriteString, ReadWireJsonb,
                                          WriteWireJsonb, CompareJson, HashJson};

}  // namespace omen::types_internal
