// The guarantee, on keys drawn to hurt: lo <= lower bound <= hi for every key, present or absent.
#include "learn/model.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>

#include "learn/failing_memory.h"
#include "learn/key_sets.h"
#include "learn/ordered_key.h"

namespace omen::learn {
namespace {

void ExpectHolds(const Model& model, const std::vector<uint64_t>& keys, uint64_t key) {
  const auto truth =
      static_cast<uint32_t>(std::lower_bound(keys.begin(), keys.end(), key) - keys.begin());
  const Prediction in = model.Find(key);
  ASSERT_LE(in.lo, truth) << "key " << key;
  ASSERT_GE(in.hi, truth) << "key " << key;
  ASSERT_LE(in.lo, in.pos);
  ASSERT_LE(in.pos, in.hi);
  ASSERT_LE(in.hi, keys.size());
}

// Each key, its neighbours, the middle of each gap, and random keys.
void ExpectHoldsEverywhere(const Model& model, const std::vector<uint64_t>& keys, Random& random) {
  for (size_t i = 0; i < keys.size(); ++i) {
    const uint64_t next = i + 1 < keys.size() ? keys[i + 1] : ~uint64_t{0};
    for (uint64_t key : {keys[i], keys[i] + 1, keys[i] - 1, keys[i] + (next - keys[i]) / 2})
      ExpectHolds(model, keys, key);
    if (testing::Test::HasFatalFailure()) return;
  }
  for (int i = 0; i < 1000; ++i) ExpectHolds(model, keys, random.Next() >> random.Below(64));
  for (uint64_t key : {uint64_t{0}, uint64_t{1}, kSignBit, ~uint64_t{0}, ~uint64_t{0} - 1})
    ExpectHolds(model, keys, key);
}

TEST(Model, HoldsForEveryKeyOnEverySet) {
  HeapMemory memory;
  for (std::string_view kind : KeyKinds()) {
    for (size_t count : {0, 1, 2, 3, 7, 8, 100, 1000, 30000}) {
      for (uint32_t epsilon : {0, 1, 4, 16, 128}) {
        SCOPED_TRACE(testing::Message() << kind << " " << count << " epsilon " << epsilon);
        Random random(count + epsilon);
        const auto keys = MakeKeys(kind, count, 7 * count + epsilon);
        auto model = Model::Build(keys, epsilon, memory);
        ASSERT_TRUE(model.ok());
        EXPECT_EQ(model->keys(), keys.size());
        ExpectHoldsEverywhere(*model, keys, random);
        if (HasFatalFailure()) return;
      }
    }
  }
}

TEST(Model, KeepsNearItsEpsilonWithoutDuplicates) {
  HeapMemory memory;
  auto keys = MakeKeys("uniform", 200000, 3);
  for (uint32_t epsilon : {1, 4, 16, 64}) {
    auto model = Model::Build(keys, epsilon, memory);
    ASSERT_TRUE(model.ok());
    EXPECT_LE(model->bottom().over, epsilon + 1);
    EXPECT_LE(model->bottom().under, epsilon + 2);
  }
}

TEST(Model, StraightKeysNeedOneSegmentAndWorseKeysMore) {
  HeapMemory memory;
  auto straight = Model::Build(MakeKeys("sequential", 100000, 1), 4, memory);
  auto random = Model::Build(MakeKeys("uniform", 100000, 1), 4, memory);
  auto loose = Model::Build(MakeKeys("uniform", 100000, 1), 64, memory);
  EXPECT_EQ(straight->segments(), 1u);
  EXPECT_EQ(straight->levels(), 1u);
  EXPECT_GT(random->segments(), 10 * loose->segments());
  EXPECT_LT(random->segments(), 100000u / 8);
}

// The greedy fit ends a segment only where no line passes all gates: three points that bend by
// more than twice epsilon need two segments, by less one.
TEST(Model, SegmentsEndOnlyWhereNoLineFits) {
  HeapMemory memory;
  std::vector<uint64_t> bent = {0, 1, 2, 3, 1000, 2000, 3000};
  EXPECT_EQ(Model::Build(bent, 2, memory)->segments(), 1u);
  EXPECT_EQ(Model::Build(bent, 1, memory)->segments(), 2u);
}

TEST(Model, BytesReadBackPredictTheSame) {
  HeapMemory memory;
  for (std::string_view kind : KeyKinds()) {
    const auto keys = MakeKeys(kind, 20000, 5);
    auto model = Model::Build(keys, 8, memory);
    auto again = Model::Parse(model->Serialise(), memory);
    ASSERT_TRUE(again.ok()) << again.status().ToString();
    EXPECT_EQ(again->bytes(), model->bytes());
    for (uint64_t key : keys) {
      ASSERT_EQ(again->Find(key).pos, model->Find(key).pos);
      ASSERT_EQ(again->Find(key).lo, model->Find(key).lo);
    }
  }
}

TEST(Model, HostileBytesAreRefused) {
  HeapMemory memory;
  const auto model = Model::Build(MakeKeys("clustered", 5000, 5), 4, memory);
  const std::string good = model->Serialise();
  for (size_t length = 0; length < good.size(); length += 1 + length / 50)
    EXPECT_FALSE(Model::Parse({good.data(), length}, memory).ok()) << length;
  for (size_t at = 0; at < good.size(); at += 1 + at / 50) {
    std::string bad = good;
    bad[at] = static_cast<char>(bad[at] ^ (1 << (at % 8)));
    EXPECT_FALSE(Model::Parse(bad, memory).ok()) << at;
  }
  EXPECT_TRUE(Model::Parse(good, memory).ok());
}

// The checksum of model_bytes.cc, so that what lies behind it is tried too.
void Seal(std::string& bytes) {
  const size_t size = bytes.size() - 8;
  uint64_t hash = 0xCBF29CE484222325u ^ size;
  for (size_t i = 0; i < size; i += 8) {
    uint64_t word;
    std::memcpy(&word, bytes.data() + i, 8);
    hash = (hash ^ word) * 0x100000001B3u;
    hash ^= hash >> 29;
  }
  hash ^= hash >> 32;
  std::memcpy(bytes.data() + size, &hash, 8);
}

TEST(Model, LinesThatLeadNowhereAreRefusedBehindARightChecksum) {
  HeapMemory memory;
  const auto model = Model::Build(MakeKeys("sequential", 5000, 5), 4, memory);
  const size_t offset = 16 + 16 + 8 + 8 + 4;  // header, part, key; slope, start
  for (const float bad : {0.0F, -3e38F, 3e38F, INFINITY, NAN}) {
    std::string bytes = model->Serialise();
    std::memcpy(bytes.data() + offset, &bad, sizeof bad);
    Seal(bytes);
    EXPECT_EQ(Model::Parse(bytes, memory).ok(), bad == 0.0F) << bad;
  }
}

TEST(Model, EveryRefusedAllocationIsAnErrorAndLeaksNothing) {
  const auto keys = MakeKeys("clustered", 3000, 9);
  FailingMemory counting;
  { ASSERT_TRUE(Model::Build(keys, 2, counting).ok()); }
  ASSERT_GT(counting.requests(), 5);
  for (int64_t refuse = 0; refuse < counting.requests(); ++refuse) {
    FailingMemory memory(refuse);
    const auto model = Model::Build(keys, 2, memory);
    ASSERT_FALSE(model.ok());
    EXPECT_TRUE(model.status().Is(sqlstate::kOutOfMemory));
    EXPECT_EQ(memory.allocated(), 0u);
  }
}

TEST(WindowSearch, EveryWayCountsTheSame) {
  Random random(11);
  std::vector<uint64_t> keys = MakeKeys("extremes", 500, 4);
  for (int round = 0; round < 20000; ++round) {
    const auto first = static_cast<uint32_t>(random.Below(keys.size()));
    const auto room = std::min<uint64_t>(keys.size() - first, 1u << random.Below(9));
    const Window window{keys.data() + first, static_cast<uint32_t>(random.Below(room + 1))};
    const uint64_t near = keys[random.Below(keys.size())] + random.Below(3) - 1;
    const auto end = window.first + window.length;
    for (const WindowSearch& search : WindowSearches()) {
      uint32_t less, at_most;
      search.count_less(&window, &near, 1, &less);
      search.count_at_most(&window, &near, 1, &at_most);
      ASSERT_EQ(less, std::lower_bound(window.first, end, near) - window.first) << search.name;
      ASSERT_EQ(at_most, std::upper_bound(window.first, end, near) - window.first) << search.name;
    }
  }
}

TEST(OrderedKey, KeepsTheOrderOfEachType) {
  const double doubles[] = {-INFINITY, -1e308, -1, -5e-324, 0, 5e-324, 2e-308, 1, 1e308, INFINITY};
  for (size_t i = 1; i < std::size(doubles); ++i) {
    EXPECT_LT(*OrderedKey(doubles[i - 1]), *OrderedKey(doubles[i]));
    EXPECT_EQ(DoubleKey(*OrderedKey(doubles[i])), doubles[i]);
  }
  EXPECT_EQ(*OrderedKey(-0.0), *OrderedKey(0.0));
  EXPECT_TRUE(OrderedKey(std::nan("")).status().Is(sqlstate::kInvalidParameter));
  const int64_t ints[] = {INT64_MIN, -1, 0, 1, INT64_MAX};
  for (size_t i = 1; i < std::size(ints); ++i) {
    EXPECT_LT(OrderedKey(ints[i - 1]), OrderedKey(ints[i]));
    EXPECT_EQ(SignedKey(OrderedKey(ints[i])), ints[i]);
  }
}

}  // namespace
}  // namespace omen::learn
