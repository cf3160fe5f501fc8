#include <algorithm>

#include "functions/regex_syntax.h"

namespace omen::functions {

namespace {
constexpr uint32_t kLastCode = 0x10FFFF;
}

void CharSet::Add(const CharSet& other) {
  ranges_.insert(ranges_.end(), other.ranges_.begin(), other.ranges_.end());
}

void CharSet::FoldCase() {
  size_t count = ranges_.size();
  for (size_t i = 0; i < count; ++i) {
    auto [low, high] = ranges_[i];
    uint32_t upper_low = std::max<uint32_t>(low, 'A'), upper_high = std::min<uint32_t>(high, 'Z');
    uint32_t lower_low = std::max<uint32_t>(low, 'a'), lower_high = std::min<uint32_t>(high, 'z');
    if (upper_low <= upper_high) Add(upper_low + 32, upper_high + 32);
    if (lower_low <= lower_high) Add(lower_low - 32, lower_high - 32);
  }
}

void CharSet::Normalize() {
  std::sort(ranges_.begin(), ranges_.end());
  std::vector<std::pair<uint32_t, uint32_t>> merged;
  for (auto [low, high] : ranges_) {
    if (!merged.empty() && low <= merged.back().second + 1) {
      merged.back().second = std::max(merged.back().second, high);
    } else {
      merged.emplace_back(low, high);
    }
  }
  ranges_ = std::move(merged);
}

CharSet CharSet::Complement() const {
  CharSet complement;
  uint32_t next = 0;
  for (auto [low, high] : ranges_) {
    if (low > next) complement.Add(next, low - 1);
    next = high + 1;
  }
  if (next <= kLastCode) complement.Add(next, kLastCode);
  return complement;
}

bool CharSet::Contains(uint32_t code) const {
  auto after = std::upper_bound(ranges_.begin(), ranges_.end(), std::pair(code, UINT32_MAX));
  return after != ranges_.begin() && std::prev(after)->second >= code;
}

const CharSet& WordCharacters() {
  static const CharSet words = [] {
    CharSet set;
    set.Add('0', '9');
    set.Add('A', 'Z');
    set.Add('_', '_');
    set.Add('a', 'z');
    return set;
  }();
  return words;
}

}  // namespace omen::functions
