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

size_t Inserts(const SetShape& shape) {
  const bool mixed = shape.writes == SetShape::Writes::kMixed;
  return mixed ? shape.written - shape.written / 4 : shape.written;
}

// Every fourth write becomes an erase; `set.writes` holds the inserts, in random order.
template <typename Keys>
void MixInErases(KeySet<Keys>& set, const SetShape& shape, Random& random) {
  std::vector<Change<Keys>> erases, all;
  size_t wanted = shape.written / 4;
  for (size_t i = 0; wanted != 0 && i < set.loaded.size(); ++i) {
    if (random.Below(set.loaded.size() - i) >= wanted) continue;
    --wanted;
    erases.push_back({set.loaded[i].key, set.loaded[i].payload, true});
  }
  Shuffle(erases, random);
  all.reserve(shape.written);
  for (const Change<Keys>& insert : set.writes) {
    all.push_back(insert);
    if (all.size() % 4 != 3 || erases.empty()) continue;
    all.push_back(erases.back());
    erases.pop_back();
  }
  set.writes = std::move(all);
}

// Deals the sorted keys out to what is loaded and what is written.
template <typename Keys, typename Sorted>
void Deal(const Sorted& sorted, const SetShape& shape, Random& random, KeySet<Keys>& set) {
  const bool growing = shape.writes == SetShape::Writes::kGrowing;
  set.loaded.reserve(shape.loaded);
  set.writes.reserve(sorted.size() - shape.loaded);
  size_t left = shape.loaded;
  for (size_t i = 0; i < sorted.size(); ++i) {
    const bool load = growing ? left != 0 : random.Below(sorted.size() - i) < left;
    left -= load;
    (load ? set.loaded : set.writes).push_back({sorted[i], i});
  }
  if (growing) return;
  Shuffle(set.writes, random);
  if (shape.writes == SetShape::Writes::kMixed) MixInErases(set, shape, random);
}

}  // namespace

KeySet<index::IntKeys> MakeIntSet(const std::string& kind, const SetShape& shape, uint64_t seed) {
  KeySet<index::IntKeys> set;
  Random random(seed);
  Deal(learn::MakeKeys(kind, shape.loaded + Inserts(shape), seed), shape, random, set);
  DrawPresent(set, shape.present, random);
  DrawAbsent(set, shape.absent, random);
  return set;
}

KeySet<index::StringKeys> MakeStringSet(const SetShape& shape, uint64_t seed) {
  KeySet<index::StringKeys> set;
  Random random(seed);
  set.text.resize(shape.loaded + Inserts(shape));
  for (std::string& text : set.text) text = Url(random);
  std::sort(set.text.begin(), set.text.end());
  Deal(set.text, shape, random, set);
  DrawPresent(set, shape.present, random);
  return set;
}

}  // namespace omen::bench
