// What replays of operations draw from bytes: small numbers, keys, and how an index behaves.
#pragma once

#include <string>
#include <string_view>
#include <type_traits>

#include "index/hybrid_options.h"
#include "index/memory/keys.h"

namespace omen::index {

/// A key that owns its bytes.
template <typename Keys>
using Owned = std::conditional_t<Keys::kHeadIsKey, uint64_t, std::string>;

/// Draws small numbers from bytes; zeros at the end.
class Tape {
 public:
  explicit Tape(std::string_view bytes) : bytes_(bytes) {}
  bool done() const { return at_ >= bytes_.size(); }
  uint8_t Byte() { return done() ? 0 : static_cast<uint8_t>(bytes_[at_++]); }

 private:
  std::string_view bytes_;
  size_t at_ = 0;
};

// Keys drawn to hurt: few of them, so that they repeat; ends of the domain; neighbours.
inline void DrawKey(Tape& tape, uint64_t& key) {
  const uint8_t kind = tape.Byte(), value = tape.Byte();
  switch (kind % 6) {
    case 0:
      key = value;
      break;
    case 1:
      key = ~uint64_t{value};
      break;
    case 2:
      key = uint64_t{1} << (value % 64);
      break;
    case 3:
      key = (uint64_t{1} << (value % 64)) - 1;
      break;
    case 4:
      key = uint64_t{value} * 0x0101010101010101u;
      break;
    default:
      key = 1000 + value % 4;
      break;
  }
}

inline void DrawKey(Tape& tape, std::string& key) {
  static constexpr std::string_view kStems[] = {
      "",          "https://www.example.org/",   "a",   "aaaaaaaa",
      "aaaaaaaaa", std::string_view("a\0\0", 3), "\xff"};
  const uint8_t kind = tape.Byte(), value = tape.Byte();
  key = std::string(kStems[kind % 7]) + std::string(value % 11, "ab\0\xff"[value % 4]);
  if (value & 0x80) key += static_cast<char>(value);
}

/// Everything small, so that few operations see much.
inline HybridOptions DrawOptions(Tape& tape) {
  HybridOptions options;
  const uint8_t form = tape.Byte();
  options.form = static_cast<Form>(form % 4);
  options.epsilon = 1 + form / 4 % 4;
  options.delta_minimum = 1 + tape.Byte() % 64;
  options.delta_fraction = 4;
  options.run_bytes = (8 + tape.Byte() % 64) * sizeof(IntKeys::Entry);
  options.tail_minimum = 1 + tape.Byte() % 32;
  options.remembered_commits = tape.Byte() % 4;
  return options;
}

}  // namespace omen::index
