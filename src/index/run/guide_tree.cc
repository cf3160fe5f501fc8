#include "index/run/guide_tree.h"

#include <algorithm>

namespace omen::index {

Status GuideTree::Build(std::span<const uint64_t> guide) {
  size_t total = 0;
  for (size_t n = guide.size(); n > kGroup || total == 0; total += n) n = (n + kGroup - 1) / kGroup;
  if (!levels_.Resize(total)) return learn::OutOfMemory();
  count_ = 0;
  std::array<Level, 9> from_bottom;
  uint64_t* at = levels_.data();
  const uint64_t* below = guide.data();
  size_t size = guide.size();
  do {
    const size_t groups = (size + kGroup - 1) / kGroup;
    for (size_t i = 0; i < groups; ++i) at[i] = below[std::min(size, (i + 1) * kGroup) - 1];
    from_bottom[count_++] = {at, static_cast<uint32_t>(groups)};
    below = at;
    at += groups;
    size = groups;
  } while (size > kGroup);
  for (uint32_t i = 0; i < count_; ++i) from_top_[i] = from_bottom[count_ - 1 - i];
  lowest_ = levels_.data();
  return Status::Ok();
}

learn::Window GuideTree::Approach(uint64_t head) const {
  const auto count_less = learn::BestWindowSearch().count_less;
  learn::Window window{from_top_[0].heads, from_top_[0].count};
  for (uint32_t i = 0; i + 1 < count_; ++i) {
    uint32_t below;
    count_less(&window, &head, 1, &below);
    const Level& next = from_top_[i + 1];
    const auto group = static_cast<uint32_t>(window.first - from_top_[i].heads) + below;
    const uint32_t first = std::min(group * kGroup, next.count);
    window = {next.heads + first, std::min(kGroup, next.count - first)};
  }
  return window;
}

}  // namespace omen::index
