#include "rowstore/internal/cache/row_cache.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <map>
#include <optional>
#include <random>

namespace omen::rowstore {
namespace {

std::string Found(RowCache& cache, std::string_view key, uint64_t sequence) {
  std::string value;
  return cache.Find(key, sequence, &value) ? value : "-";
}

TEST(RowCache, FindsWhatWasAdded) {
  RowCache cache(1 << 20);
  EXPECT_EQ(Found(cache, "a", 5), "-");
  cache.Add("a", "one", 5);
  cache.Add("b", "", 5);
  EXPECT_EQ(Found(cache, "a", 5), "one");
  EXPECT_EQ(Found(cache, "a", 4), "one");  // nothing has changed since
  EXPECT_EQ(Found(cache, "b", 5), "");
  EXPECT_EQ(Found(cache, "ab", 5), "-");
  EXPECT_EQ(cache.counts().entries, 2u);
  EXPECT_EQ(cache.counts().found, 3u);
  EXPECT_EQ(cache.counts().missed, 2u);
}

TEST(RowCache, ChangesAreNotForOlderViews) {
  RowCache cache(1 << 20);
  cache.Add("a", "old value", 5);
  cache.Put("a", "new", 7);
  EXPECT_EQ(Found(cache, "a", 6), "-");
  EXPECT_EQ(Found(cache, "a", 7), "new");
  cache.Remove("a", 9);
  EXPECT_EQ(Found(cache, "a", 9), "-");
  cache.Add("a", "new", 8);  // read before the removal was shown
  EXPECT_EQ(Found(cache, "a", 9), "-");
  EXPECT_EQ(cache.counts().entries, 0u);
}

TEST(RowCache, WhatGrewIsReadAnew) {
  RowCache cache(1 << 20);
  cache.Add("a", "x", 1);
  cache.Put("a", std::string(1000, 'y'), 2);
  EXPECT_EQ(Found(cache, "a", 2), "-");
  EXPECT_EQ(cache.counts().bytes, 0u);
}

TEST(RowCache, KeepsToItsBytesAndWhatIsFoundAgain) {
  RowCache cache(256 << 10);
  const std::string value(200, 'v');
  for (int round = 0; round < 50; ++round) {
    for (int key = 0; key < 100; ++key) {
      const std::string hot = "hot " + std::to_string(key);
      if (Found(cache, hot, 1) == "-") cache.Add(hot, value, 1);
    }
    for (int key = 0; key < 500; ++key) {
      cache.Add("cold " + std::to_string(round * 1000 + key), value, 1);
    }
  }
  EXPECT_LE(cache.counts().bytes, cache.bytes_max());
  EXPECT_GT(cache.counts().entries, 500u);
  int kept = 0;
  for (int key = 0; key < 100; ++key)
    kept += Found(cache, "hot " + std::to_string(key), 1) == value;
  EXPECT_GT(kept, 90);
}

TEST(RowCache, LargeValuesAndNoRoomAreLeftOut) {
  RowCache cache(256 << 10), none(0);
  cache.Add("a", std::string(100'000, 'x'), 1);
  none.Add("a", "x", 1);
  EXPECT_EQ(cache.counts().entries, 0u);
  EXPECT_EQ(none.counts().entries, 0u);
}

// Against every version of every key: whatever is found is what a view of that sequence reads.
TEST(RowCache, NeverStale) {
  const uint64_t seed = std::random_device()();
  std::printf("seed %lu\n", seed);
  std::mt19937_64 random(seed);
  RowCache cache(64 << 10);
  std::map<std::string, std::map<uint64_t, std::optional<std::string>>> versions;
  const auto read = [&](const std::string& key, uint64_t at) -> std::optional<std::string> {
    auto after = versions[key].upper_bound(at);
    return after == versions[key].begin() ? std::nullopt : std::prev(after)->second;
  };
  size_t found = 0;
  for (uint64_t sequence = 1; sequence < 20'000;) {
    const std::string key = "key " + std::to_string(random() % 300);
    if (random() % 8 == 0) {
      ++sequence;
      std::optional<std::string> value;
      if (random() % 3 != 0) value = std::string(random() % 40, 'a') + std::to_string(sequence);
      versions[key][sequence] = value;
      value ? cache.Put(key, *value, sequence) : cache.Remove(key, sequence);
      continue;
    }
    const uint64_t view =
        sequence - std::min<uint64_t>(sequence - 1, random() % 20 == 0 ? random() % 50 : 0);
    std::string value;
    if (cache.Find(key, view, &value)) {
      ++found;
      ASSERT_EQ(std::optional(value), read(key, view)) << key << " at " << view;
    } else if (const auto stored = read(key, view)) {
      cache.Add(key, *stored, view);
    }
  }
  EXPECT_GT(found, 10'000u);
}

}  // namespace
}  // namespace omen::rowstore
