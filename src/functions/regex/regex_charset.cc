// Sets of letters, as sorted ranges.
#include <algorithm>

#include "functions/kernel/letters.h"
#include "functions/regex/regex_syntax.h"

namespace omen::functions {

void CharSet::Add(const CharSet& other) {
  ranges_.insert(ranges_.end(), other.ranges_.begin(), other.ranges_.end());
}

void CharSet::FoldCase() {
  size_t count = ranges_.size();
  for (size_t i = 0; i < count; ++i) {
    const auto [low, high] = ranges_[i];
    const auto& pairs = CasePairs();
    auto pair = std::ranges::lower_bound(pairs, std::pair(low, uint32_t{0}));
    for (; pair != pairs.end() && pair->first <= high; ++pair) Add(pair->second, pair->second);
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
    for (const auto& [low, high] : LettersBeyondAscii("alnum")) set.Add(low, high);
    set.Normalize();
    return set;
  }();
  return words;
}

}  // namespace omen::functions
