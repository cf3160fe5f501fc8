// Values of fixed width in the binary wire form.
#pragma once

#include <string_view>
#include <type_traits>

#include "base/bytes.h"
#include "types/internal/binary_errors.h"
#include "types/type.h"
#include "types/value.h"

namespace omen::types_internal {

/// Takes fixed-width integers from the front.
class WireReader {
 public:
  explicit WireReader(std::string_view bytes) : rest_(bytes) {}

  template <typename Unsigned>
  bool Take(Unsigned* value) {
    if (rest_.size() < sizeof *value) return false;
    *value = LoadBigEndian<Unsigned>(rest_.data());
    rest_.remove_prefix(sizeof *value);
    return true;
  }
  bool TakeBytes(size_t size, std::string_view* bytes) {
    if (rest_.size() < size) return false;
    *bytes = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return true;
  }
  bool at_end() const { return rest_.empty(); }

 private:
  std::string_view rest_;
};

/// The whole of `bytes` as one integer.
template <typename Unsigned>
Result<Unsigned> WholeInteger(std::string_view bytes) {
  WireReader reader(bytes);
  Unsigned value;
  if (!reader.Take(&value)) return Insufficient();
  if (!reader.at_end()) return Malformed("incorrect binary data format");
  return value;
}

/// Exactly so many bytes, carried as they are.
template <size_t kBytes>
Result<Value> ReadWireFixed(const TypeInfo&, std::string_view bytes) {
  if (bytes.size() < kBytes) return Insufficient();
  if (bytes.size() > kBytes) return Malformed("incorrect binary data format");
  return Value::Bytes(bytes);
}

template <typename Signed>
Result<Value> ReadSigned(std::string_view bytes) {
  OMEN_ASSIGN_OR_RETURN(auto value, WholeInteger<std::make_unsigned_t<Signed>>(bytes));
  return Value::Int(static_cast<Signed>(value));
}

}  // namespace omen::types_internal
