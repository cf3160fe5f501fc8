// Hashing of values: one round of 64x64 -> 128 bit multiplication per word.
#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

namespace omen::types_internal {

inline constexpr uint64_t kHashSeed = 0x9E3779B97F4A7C15u;

inline uint64_t Mix(uint64_t a, uint64_t b) {
  unsigned __int128 product =
      static_cast<unsigned __int128>(a ^ kHashSeed) * (b ^ 0xE7037ED1A0B428DBu);
  return static_cast<uint64_t>(product) ^ static_cast<uint64_t>(product >> 64);
}

inline uint64_t HashBytes(std::string_view bytes) {
  uint64_t hash = Mix(bytes.size(), kHashSeed);
  while (bytes.size() >= 8) {
    uint64_t word;
    std::memcpy(&word, bytes.data(), 8);
    hash = Mix(hash, word);
    bytes.remove_prefix(8);
  }
  uint64_t tail = 0;
  if (!bytes.empty()) std::memcpy(&tail, bytes.data(), bytes.size());
  return Mix(hash, tail);
}

}  // namespace omen::types_internal
