// Every way of searching through a model finds what std::lower_bound finds.
#include "learn/model_search.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "learn/key_sets.h"
#include "learn/model.h"

namespace omen::learn {
namespace {

constexpr uint32_t kBlock = 4;

struct Pairs {
  std::vector<KeyPair> all;
  std::vector<uint64_t> block_ends;

  explicit Pairs(const std::vector<uint64_t>& keys) {
    for (uint64_t key : keys) all.push_back({key, all.size()});
    for (size_t end = kBlock; end < keys.size(); end += kBlock) block_ends.push_back(keys[end - 1]);
    if (!keys.empty()) block_ends.push_back(keys.back());
  }
  uint32_t LowerBound(uint64_t key) const {
    const auto less = [](const KeyPair& pair, uint64_t than) { return pair.key < than; };
    return static_cast<uint32_t>(std::lower_bound(all.begin(), all.end(), key, less) - all.begin());
  }
};

void ExpectLocates(const ModelSearch& search, const Model& model, const Pairs& pairs,
                   uint64_t key) {
  const auto& ends = pairs.block_ends;
  const Model* const models[] = {&model, &model};
  const uint64_t keys[] = {key, ~key};
  uint32_t firsts[2];
  search.approach(models, keys, 2, firsts);
  search.locate(models, keys, 2, firsts);
  for (size_t i = 0; i < 2; ++i) {
    const auto truth = std::lower_bound(ends.begin(), ends.end(), keys[i]) - ends.begin();
    ASSERT_LE(firsts[i], truth) << search.name << " key " << keys[i];
    ASSERT_GE(firsts[i] + model.bottom().width, truth) << search.name << " key " << keys[i];
    ASSERT_LE(firsts[i] + model.bottom().width, ends.size());
  }
}

void ExpectFinds(const Model& model, const Pairs& pairs, uint64_t key) {
  const auto length = static_cast<uint32_t>(pairs.all.size());
  for (const ModelSearch& search : ModelSearches()) {
    ASSERT_EQ(search.lower_bound(model, pairs.all.data(), length, kBlock, key),
              pairs.LowerBound(key))
        << search.name << " key " << key;
    ExpectLocates(search, model, pairs, key);
  }
}

TEST(ModelSearch, EveryWayFindsEveryKeyOfEverySet) {
  HeapMemory memory;
  for (std::string_view kind : KeyKinds()) {
    for (size_t count : {1, 2, 3, 4, 5, 31, 100, 1000, 30000}) {
      for (uint32_t epsilon : {1, 8, 100}) {
        SCOPED_TRACE(testing::Message() << kind << " " << count << " epsilon " << epsilon);
        const auto keys = MakeKeys(kind, count, 3 * count + epsilon);
        const Pairs pairs(keys);
        const auto model = Model::Build(pairs.block_ends, epsilon, memory);
        ASSERT_TRUE(model.ok());
        Random random(count);
        for (uint64_t key : keys)
          for (uint64_t near : {key - 1, key, key + 1, key + random.Below(1000)}) {
            ExpectFinds(*model, pairs, near);
            if (HasFatalFailure()) return;
          }
        for (uint64_t key : {uint64_t{0}, ~uint64_t{0}, random.Next()})
          ExpectFinds(*model, pairs, key);
      }
    }
  }
}

// Whole vectors of keys, the last ones of which are fillers: few, many, and more than are counted
// without halving first.
TEST(ModelSearch, EveryWayCountsTheSame) {
  Random random(5);
  for (uint32_t length = kVectorKeys; length <= 1024; length += kVectorKeys) {
    std::vector<uint64_t> keys = MakeKeys("uniform", length - random.Below(kVectorKeys), length);
    keys.resize(length, ~uint64_t{0});
    for (int i = 0; i < 300; ++i) {
      const uint64_t key = keys[random.Below(length)] + random.Below(3) - 1;
      const auto truth = std::lower_bound(keys.begin(), keys.end(), key) - keys.begin();
      for (const ModelSearch& search : ModelSearches())
        ASSERT_EQ(search.count_less(keys.data(), length, key), truth) << search.name;
    }
  }
}

}  // namespace
}  // namespace omen::learn
