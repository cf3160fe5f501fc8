// What types carried as bytes have in common.
#pragma once

#include "types/internal/hash.h"
#include "types/internal/three_way.h"
#include "types/operations.h"

namespace omen::types_internal {

inline void WriteString(const TypeInfo&, int32_t, const Value& value, const TextStyle&,
                        std::string& out) {
  out += value.AsBytes();
}

inline void WriteWireBytes(const TypeInfo&, int32_t, const Value& value, std::string& out) {
  out += value.AsBytes();
}

inline int CompareString(const Value& a, const Value& b) {
  return ThreeWay(a.AsBytes().compare(b.AsBytes()), 0);
}

inline uint64_t HashString(const Value& value) { return HashBytes(value.AsBytes()); }

}  // namespace omen::types_internal
