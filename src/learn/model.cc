#include "learn/model.h"

#include <algorithm>

namespace omen::learn {

// From what a search in `window` of `level` counted: the window one level below.
Window Model::Below(uint32_t level, uint64_t key, const Window& window, uint32_t count) const {
  const auto place = static_cast<uint32_t>(window.first - levels_[level].keys) + count;
  const Prediction in = levels_[level].Predict(place == 0 ? 0 : place - 1, key);
  // First keys are distinct, so at most one more of them is "at most" than is "less".
  const uint32_t hi = std::min(in.hi + 1, levels_[level - 1].count);
  return {levels_[level - 1].keys + in.lo, hi - in.lo};
}

Window Model::BottomWindow(uint64_t key) const {
  Window window{levels_[level_count_ - 1].keys, levels_[level_count_ - 1].count};
  for (uint32_t level = level_count_ - 1; level > 0; --level) {
    uint32_t count;
    search_->count_at_most(&window, &key, 1, &count);
    window = Below(level, key, window, count);
  }
  return window;
}

Prediction Model::Find(uint64_t key) const {
  if (levels_[0].points == 0) return {0, 0, 0};
  const Window window = BottomWindow(key);
  uint32_t count;
  search_->count_at_most(&window, &key, 1, &count);
  const auto place = static_cast<uint32_t>(window.first - levels_[0].keys) + count;
  return levels_[0].Predict(place == 0 ? 0 : place - 1, key);
}

}  // namespace omen::learn
