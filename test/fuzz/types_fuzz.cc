// Any bytes as the text and the binary form of every type. What is read is printed, read again
// and printed the same.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/check.h"
#include "types/io.h"

namespace {

using omen::Type;

/// Names of relations and types are the catalogue's; records have no input.
bool HasForms(omen::Oid oid) {
  using namespace omen::oid;
  for (const omen::Oid other :
       {kUnknown, kRecord, kAny, kAnyarray, kVoid, kAnyelement, kAnynonarray, kRegclass, kRegtype,
        kRegproc, kRegnamespace, kRegtypeArray, kRegclassArray, kRegprocArray, kRegnamespaceArray,
        kInt2Vector, kOidVector}) {
    if (oid == other) return false;
  }
  return true;
}

/// Text that is no UTF-8 is refused before it comes to a type.
void ReplayText(Type type, std::string_view text) {
  if (!omen::IsValidUtf8(text)) return;
  const auto value = omen::ParseText(type, text);
  if (!value.ok()) return;
  const std::string once = omen::ToText(type, *value);
  const auto again = omen::ParseText(type, once);
  OMEN_CHECK(again.ok());
  OMEN_CHECK(omen::ToText(type, *again) == once);
  OMEN_CHECK(omen::CompareValues(type.oid, *value, *value) == 0);
}

void ReplayBinary(Type type, std::string_view bytes) {
  const auto value = omen::ParseBinary(type, bytes);
  if (!value.ok()) return;
  std::string once, twice;
  omen::AppendBinary(type, *value, once);
  const auto again = omen::ParseBinary(type, once);
  OMEN_CHECK(again.ok());
  omen::AppendBinary(type, *again, twice);
  OMEN_CHECK(once == twice);
  (void)omen::ToText(type, *value);
}

}  // namespace

/// The first byte chooses the type, the second text or binary.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < 2) return 0;
  const auto types = omen::AllTypes();
  const Type type{types[data[0] % types.size()].oid, -1};
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 2, size - 2);
  if (!HasForms(type.oid)) return 0;
  data[1] % 2 == 0 ? ReplayText(type, bytes) : ReplayBinary(type, bytes);
  return 0;
}
