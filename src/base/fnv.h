// FNV-1a, 64 bits (Fowler, Noll, Vo): the same on every machine, for checksums of short records
// and for identities that are written down. Not against malice.
#pragma once

#include <cstdint>
#include <string_view>

namespace omen {

constexpr uint64_t Fnv1a(std::string_view bytes) {
  uint64_t hash = 0xcbf29ce484222325u;
  for (const char c : bytes) hash = (hash ^ static_cast<uint8_t>(c)) * 0x100000001b3u;
  return hash;
}

}  // namespace omen
