#include "sets.h"

#include <algorithm>
#include <cmath>

namespace omen::bench {

namespace {

using index::Change;
using learn::Random;

template <typename T>
void Shuffle(std::vector<T>& items, Random& random) {
  for (size_t i = items.size(); i > 1; --i) std::swap(items[i - 1], items[random.Below(i)]);
}

template <typename Keys>
void DrawPresent(KeySet<Keys>& set, size_t queries, Random& random) {
  set.present.reserve(queries);
  for (size_t i = 0; i < queries; ++i)
    set.present.push_back(set.loaded[random.Below(set.loaded.size())].key);
}

// A key close to a loaded one that is not loaded itself, as a missed lookup is.
void DrawAbsent(KeySet<index::IntKeys>& set, size_t queries, Random& random) {
  const auto below = [](const Change<index::IntKeys>& pair, uint64_t key) {
    return pair.key < key;
  };
  set.absent.reserve(queries);
  while (set.absent.size() < queries) {
    const size_t at = random.Below(set.loaded.size() - 1);
    const uint64_t gap = set.loaded[at + 1].key - set.loaded[at].key;
    uint64_t key = gap > 1 ? set.loaded[at].key + 1 + random.Below(gap - 1) : random.Next();
    const auto found = std::lower_bound(set.loaded.begin(), set.loaded.end(), key, below);
    if (found == set.loaded.end() || found->key != key) set.absent.push_back(key);
  }
}

// Pages of sites of very different size, below a few hosts.
std::string Url(Random& random) {
  static constexpr const char* kWords[] = {"news",    "item",   "user",    "image",
                                           "archive", "search", "product", "topic"};
  const auto skewed = static_cast<uint64_t>(std::exp2(random.Unit() * 17));
  std::string url = "https://www.site" + std::to_string(skewed) + ".example.org/";
  const uint64_t depth = 1 + random.Below(3);
  for (uint64_t i = 0; i < depth; ++i) url += std::string(kWords[random.Below(8)]) + "/";
  return url + std::to_string(random.Next() % 1000000007);
}

}  // namespace

KeySet<index::IntKeys> MakeIntSet(const std::string& kind, size_t count, size_t extra_percent,
                                  bool append, size_t queries, uint64_t seed) {
  KeySet<index::IntKeys> set;
  Random random(seed);
  const size_t extra = count * extra_percent / 100;
  const auto keys = learn::MakeKeys(kind, count + extra, seed);
  set.loaded.reserve(count);
  set.kept_back.reserve(extra);
  size_t left = count;
  for (size_t i = 0; i < keys.size(); ++i) {
    const bool load = append ? i < count : random.Below(keys.size() - i) < left;
    left -= load;
    (load ? set.loaded : set.kept_back).push_back({keys[i], i});
  }
  if (!append) Shuffle(set.kept_back, random);
  DrawPresent(set, queries, random);
  DrawAbsent(set, queries, random);
  return set;
}

KeySet<index::StringKeys> MakeStringSet(size_t count, size_t extra_percent, size_t queries,
                                        uint64_t seed) {
  KeySet<index::StringKeys> set;
  Random random(seed);
  const size_t extra = count * extra_percent / 100;
  set.text.resize(count + extra);
  for (std::string& text : set.text) text = Url(random);
  std::sort(set.text.begin(), set.text.end());
  size_t left = count;
  for (size_t i = 0; i < set.text.size(); ++i) {
    const bool load = random.Below(set.text.size() - i) < left;
    left -= load;
    (load ? set.loaded : set.kept_back).push_back({set.text[i], i});
  }
  Shuffle(set.kept_back, random);
  DrawPresent(set, queries, random);
  return set;
}

}  // namespace omen::bench
