#include "learn/model.h"

#include <algorithm>

namespace omen::learn {

// Which segment of the level below holds `key`: the last whose first key is at most it.
uint32_t Model::Descend(uint64_t key, uint32_t to_level) const {
  uint32_t level = level_count_ - 1;
  Window window{levels_[level].keys, levels_[level].count};
  for (;; --level) {
    uint32_t count;
    search_->count_at_most(&window, &key, 1, &count);
    count += static_cast<uint32_t>(window.first - levels_[level].keys);
    const uint32_t segment = count == 0 ? 0 : count - 1;
    if (level == to_level) return segment;
    const Prediction in = levels_[level].Predict(segment, key);
    // First keys are distinct, so at most one more of them is "at most" than is "less".
    const uint32_t hi = std::min(in.hi + 1, levels_[level - 1].count);
    window = {levels_[level - 1].keys + in.lo, hi - in.lo};
  }
}

Window Model::BottomWindow(uint64_t key) const {
  if (level_count_ == 1) return {levels_[0].keys, levels_[0].count};
  const Prediction in = levels_[1].Predict(Descend(key, 1), key);
  const uint32_t hi = std::min(in.hi + 1, levels_[0].count);
  return {levels_[0].keys + in.lo, hi - in.lo};
}

Prediction Model::Find(uint64_t key) const {
  if (levels_[0].points == 0) return {0, 0, 0};
  return levels_[0].Predict(Descend(key, 0), key);
}

}  // namespace omen::learn
