#include "router/random_router.h"

namespace omen::router {
namespace {

// SplitMix64 (Steele, Lea, Flood: "Fast splittable pseudorandom number generators", 2014).
uint64_t Mixed(uint64_t state) {
  state = (state ^ state >> 30) * 0xbf58476d1ce4e5b9u;
  state = (state ^ state >> 27) * 0x94d049bb133111ebu;
  return state ^ state >> 31;
}

}  // namespace

Choice RandomRouter::Choose(const Features& features) const {
  const uint64_t draw = Mixed(state_.fetch_add(0x9e3779b97f4a7c15u, std::memory_order_relaxed));
  std::array<Path, kPaths> possible{};
  size_t count = 0;
  for (const Path path : {Path::kRow, Path::kColumn, Path::kMixed}) {
    if (features.on(path).possible) possible[count++] = path;
  }
  if (count == 0) return {.possible = false, .reason = features.on(Path::kRow).why_not};
  const Path path = possible[draw % count];
  return {.path = path, .reason = "at random", .by_rules = path};
}

}  // namespace omen::router
