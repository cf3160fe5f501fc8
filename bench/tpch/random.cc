#include "tpch/random.h"

namespace omen::tpch {

namespace {

uint64_t Mix(uint64_t x) {
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9ull;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBull;
  return x ^ (x >> 31);
}

constexpr uint64_t kGolden = 0x9E3779B97F4A7C15ull;

}  // namespace

Random::Random(uint64_t seed, uint64_t stream, uint64_t row)
    : state_(Mix(Mix(seed * kGolden + stream) + row * kGolden)) {}

uint64_t Random::Next() { return Mix(state_ += kGolden); }

int64_t Random::Between(int64_t low, int64_t high) {
  uint64_t range = static_cast<uint64_t>(high - low) + 1;
  unsigned __int128 product = static_cast<unsigned __int128>(Next()) * range;
  return low + static_cast<int64_t>(product >> 64);
}

void AppendVString(Random& random, int low, int high, std::string& out) {
  static constexpr char kAlphabet[] =
      "0123456789abcdefghijklmnopqrstuvwxyz ABCDEFGHIJKLMNOPQRSTUVWXYZ,";
  int64_t length = random.Between(low, high);
  uint64_t bits = 0;
  for (int64_t i = 0; i < length; ++i) {
    if (i % 10 == 0) bits = random.Next();
    out += kAlphabet[bits & 63];
    bits >>= 6;
  }
}

}  // namespace omen::tpch
