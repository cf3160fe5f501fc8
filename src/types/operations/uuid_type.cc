// uuid.
#include <cstring>

#include "types/internal/binary_errors.h"
#include "types/internal/hash.h"
#include "types/internal/three_way.h"
#include "types/operations/families.h"
#include "types/text/scalar_text.h"

namespace omen::types_internal {
namespace {

Result<Value> ReadUuidText(const TypeInfo&, int32_t, std::string_view text, const TextContext&) {
  OMEN_ASSIGN_OR_RETURN(const UuidData uuid, ParseUuid(text));
  return Value::Uuid(uuid);
}

void WriteUuidText(const TypeInfo&, int32_t, const Value& value, const TextStyle&,
                   std::string& out) {
  AppendUuid(value.AsUuid(), out);
}

Result<Value> ReadWireUuid(const TypeInfo&, std::string_view bytes) {
  UuidData uuid;
  if (bytes.size() < uuid.size()) return Insufficient();
  if (bytes.size() > uuid.size()) return Malformed("incorrect binary data format");
  std::memcpy(uuid.data(), bytes.data(), uuid.size());
  return Value::Uuid(uuid);
}

void WriteWireUuid(const TypeInfo&, int32_t, const Value& value, std::string& out) {
  const UuidData uuid = value.AsUuid();
  out.append(reinterpret_cast<const char*>(uuid.data()), uuid.size());
}

int CompareUuids(const Value& a, const Value& b) { return ThreeWay(a.AsUuid(), b.AsUuid()); }

uint64_t HashUuid(const Value& value) {
  const UuidData uuid = value.AsUuid();
  return HashBytes({reinterpret_cast<const char*>(uuid.data()), uuid.size()});
}

}  // namespace

constexpr TypeOperations kUuidOperations{ReadUuidText,  WriteUuidText, ReadWireUuid,
                                         WriteWireUuid, CompareUuids,  HashUuid};

}  // namespace omen::types_internal
