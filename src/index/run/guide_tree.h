// A static B-tree over a sorted array of heads: what a run is searched with when a model does
// not pay. Every level holds the last head of each group of sixteen of the level below.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "base/status.h"
#include "learn/array.h"
#include "learn/window_search.h"

namespace omen::index {

/// Immutable once built over an array that stays where it is; any thread.
class GuideTree {
 public:
  static constexpr uint32_t kGroup = 16;

  explicit GuideTree(learn::Memory& memory) : levels_(memory) {}
  /// 53200 when memory is refused.
  Status Build(std::span<const uint64_t> guide);
  /// The group of the lowest level in which the lower bound of `head` is; its place in that
  /// level is first - lowest().
  learn::Window Approach(uint64_t head) const;
  const uint64_t* lowest() const { return lowest_; }
  size_t bytes() const { return levels_.bytes(); }

 private:
  struct Level {
    const uint64_t* heads;
    uint32_t count;
  };
  std::array<Level, 9> from_top_{};
  uint32_t count_ = 0;
  const uint64_t* lowest_ = nullptr;
  learn::Array<uint64_t> levels_;
};

}  // namespace omen::index
