// What types carried as integers have in common.
#pragma once

#include "types/internal/hash.h"
#include "types/internal/three_way.h"
#include "types/operations.h"
#include "types/operations/wire_reader.h"
#include "types/text/scalar_text.h"

namespace omen::types_internal {

inline int CompareInts(const Value& a, const Value& b) { return ThreeWay(a.AsInt(), b.AsInt()); }
inline uint64_t HashInt(const Value& value) { return Mix(static_cast<uint64_t>(value.AsInt()), 3); }

inline void WriteInt(const TypeInfo&, int32_t, const Value& value, const TextStyle&,
                     std::string& out) {
  AppendInt(value.AsInt(), out);
}

template <typename Signed>
Result<Value> ReadWireInt(const TypeInfo&, std::string_view bytes) {
  return ReadSigned<Signed>(bytes);
}

template <typename Signed>
void WriteWireInt(const TypeInfo&, int32_t, const Value& value, std::string& out) {
  AppendBigEndian(out, static_cast<std::make_unsigned_t<Signed>>(value.AsInt()));
}

}  // namespace omen::types_internal
