#include "learn/key_sets.h"

#include <algorithm>
#include <cmath>

namespace omen::learn {

double Random::Normal() { return std::sqrt(-2 * std::log(Unit())) * std::cos(2 * M_PI * Unit()); }

namespace {

using Keys = std::vector<uint64_t>;

Keys Uniform(size_t count, Random& random) {
  Keys keys(count);
  for (auto& key : keys) key = random.Next();
  return keys;
}

Keys Lognormal(size_t count, Random& random) {
  Keys keys(count);
  for (auto& key : keys) {
    const double value = std::exp(2 * random.Normal()) * 1e12;
    key = value < 1.8e19 ? static_cast<uint64_t>(value) : ~uint64_t{0};
  }
  return keys;
}

// Quiet stretches with about a stamp a second; bursts in which a stamp repeats many times.
Keys Bursty(size_t count, Random& random) {
  Keys keys;
  keys.reserve(count);
  uint64_t now = 1'600'000'000'000'000;
  while (keys.size() < count) {
    const bool burst = random.Below(4) == 0;
    const uint64_t length = 1 + random.Below(burst ? 2000 : 300);
    for (uint64_t i = 0; i < length && keys.size() < count; ++i) {
      now += burst ? (random.Below(3) == 0) * random.Below(50)
                   : static_cast<uint64_t>(-std::log(random.Unit()) * 1e6);
      keys.push_back(now);
    }
  }
  return keys;
}

// Cells as a space-filling curve makes them: the number of keys in a cell and its width vary over
// orders of magnitude, independently; one key in a million lies anywhere.
Keys Clustered(size_t count, Random& random) {
  Keys keys;
  keys.reserve(count);
  while (keys.size() < count) {
    const uint64_t base = random.Next() >> 2;
    const auto size = static_cast<uint64_t>(std::exp(random.Unit() * 9));
    const double width = std::exp(random.Unit() * 14 + 6) * static_cast<double>(size);
    for (uint64_t i = 0; i < size && keys.size() < count; ++i)
      keys.push_back(base + static_cast<uint64_t>(random.Unit() * width));
  }
  for (size_t i = 0; i < count; i += 1'000'000) keys[i] = ~random.Below(1000);
  return keys;
}

Keys Sequential(size_t count, Random& random) {
  Keys keys(count);
  for (size_t i = 0; i < count; ++i) keys[i] = i;
  return keys;
}

Keys Extremes(size_t count, Random& random) {
  Keys keys;
  keys.reserve(count);
  while (keys.size() < count) {
    const uint64_t anchors[] = {0, ~uint64_t{0}, uint64_t{1} << 63, uint64_t{1} << random.Below(64),
                                random.Next()};
    const uint64_t anchor = anchors[random.Below(5)];
    const uint64_t run = uint64_t{1} << random.Below(8);
    const uint64_t step = random.Below(3) == 0 ? 0 : uint64_t{1} << random.Below(40);
    for (uint64_t i = 0; i < run && keys.size() < count; ++i) keys.push_back(anchor + i * step);
  }
  return keys;
}

struct Kind {
  std::string_view name;
  Keys (*make)(size_t, Random&);
};
constexpr Kind kKinds[] = {{"uniform", Uniform},       {"lognormal", Lognormal},
                           {"bursty", Bursty},         {"clustered", Clustered},
                           {"sequential", Sequential}, {"extremes", Extremes}};

}  // namespace

std::vector<uint64_t> MakeKeys(std::string_view kind, size_t count, uint64_t seed) {
  Random random(seed);
  Keys keys;
  for (const Kind& known : kKinds)
    if (known.name == kind) keys = known.make(count, random);
  if (!std::is_sorted(keys.begin(), keys.end())) std::sort(keys.begin(), keys.end());
  return keys;
}

std::vector<std::string_view> KeyKinds() {
  std::vector<std::string_view> names;
  for (const Kind& kind : kKinds) names.push_back(kind.name);
  return names;
}

std::string RandomBytes(uint64_t seed, size_t size) {
  Random random(seed);
  std::string bytes(size, 0);
  for (char& byte : bytes) byte = static_cast<char>(random.Next());
  return bytes;
}

}  // namespace omen::learn
