// Random numbers that depend only on the seed, the table and the row, so that any part of
// the data can be made alone and twice alike.
#pragma once

#include <cstdint>
#include <string>

namespace omen::tpch {

/// A stream of random numbers (SplitMix64). Value type.
class Random {
 public:
  Random(uint64_t seed, uint64_t stream, uint64_t row);

  uint64_t Next();
  /// Uniform in [low, high].
  int64_t Between(int64_t low, int64_t high);
  template <typename List>
  const auto& Pick(const List& list) {
    return list[static_cast<size_t>(Between(0, static_cast<int64_t>(std::size(list)) - 1))];
  }

 private:
  uint64_t state_;
};

/// The specification's v-string: `low` to `high` characters of a 64 character alphabet.
void AppendVString(Random& random, int low, int high, std::string& out);

}  // namespace omen::tpch
