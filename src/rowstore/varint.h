// Unsigned integers in as many bytes as they need: seven bits in each, the lowest first.
#pragma once

#include <cstdint>
#include <string>

namespace omen::rowstore {

inline void AppendVarint(std::string& out, uint64_t value) {
  char bytes[10];
  size_t size = 0;
  for (; value >= 0x80; value >>= 7) bytes[size++] = static_cast<char>(value | 0x80);
  bytes[size++] = static_cast<char>(value);
  out.append(bytes, size);
}

}  // namespace omen::rowstore
