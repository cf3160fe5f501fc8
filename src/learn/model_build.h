// How one level of a model is made; apart from the model so that hardness can be measured
// without keeping one.
#pragma once

#include <cstdint>
#include <span>

#include "learn/model.h"

namespace omen::learn {

/// The segments of one level, growing.
struct LevelParts {
  explicit LevelParts(Memory& memory) : keys(memory), lines(memory) {}
  Array<uint64_t> keys;
  Array<Line> lines;
  uint32_t over = 0;
  uint32_t under = 1;
};

/// Cuts sorted keys into the fewest segments within epsilon, and measures their errors.
Status BuildLevel(std::span<const uint64_t> keys, uint32_t epsilon, Memory& memory,
                  LevelParts& out);

/// How hard keys are for a model: the segments they need at an epsilon.
Result<uint32_t> CountSegments(std::span<const uint64_t> keys, uint32_t epsilon, Memory& memory);

}  // namespace omen::learn
