// Characters of valid UTF-8.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace omen {

constexpr bool IsContinuation(char byte) { return (static_cast<uint8_t>(byte) & 0xC0) == 0x80; }

inline size_t CountCharacters(std::string_view text) {
  size_t count = 0;
  for (const char byte : text) count += IsContinuation(byte) ? 0 : 1;
  return count;
}

}  // namespace omen
