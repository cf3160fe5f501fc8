#include "rowstore/internal/cache/range_cache.h"

#include <gtest/gtest.h>

#include "rowstore/key_codec.h"

namespace omen::rowstore {
namespace {

constexpr catalog::StorageId kTable = 7, kOther = 7 + 64;  // of one shard

std::string LetterKey(std::string_view tail, catalog::StorageId storage = kTable) {
  std::string key;
  AppendStoragePrefix(storage, key);
  return key.append(tail);
}

/// Of keys that are one letter each, from the first one's on, up to `upper`.
RangeCache::RangePtr RangeOf(std::string_view letters, std::string_view upper,
                             catalog::StorageId storage = kTable) {
  RangeBuilder builder;
  builder.Begin(LetterKey(letters.substr(0, 1), storage), false);
  for (const char letter : letters) {
    EXPECT_TRUE(builder.Add(LetterKey({&letter, 1}, storage), std::string("value ") + letter));
  }
  return builder.EndAt(LetterKey(upper, storage));
}

/// The letters of the range where a walk goes on; "-" where there is none.
std::string LettersFound(RangeCache& cache, std::string_view edge, uint64_t sequence,
                         bool backward = false, catalog::StorageId storage = kTable) {
  const auto range = cache.Find(storage, LetterKey(edge, storage), backward, sequence);
  if (range == nullptr) return "-";
  std::string letters;
  for (size_t i = 0; i < range->size(); ++i) letters += range->key(i).back();
  return letters;
}

TEST(CachedRange, HasItsEntriesInOrderWhicheverWayTheyWereMet) {
  RangeBuilder builder;
  builder.Begin("z", true);
  EXPECT_EQ(builder.End(), nullptr);
  EXPECT_TRUE(builder.Add("k", "1"));
  EXPECT_TRUE(builder.Add("c", ""));
  EXPECT_EQ(builder.EdgeBehindLast(), "c");
  const auto range = builder.End();
  EXPECT_EQ(range->lower(), "c");
  EXPECT_EQ(range->upper(), "z");
  ASSERT_EQ(range->size(), 2u);
  EXPECT_EQ(range->key(0), "c");
  EXPECT_EQ(range->value(0), "");
  EXPECT_EQ(range->key(1), "k");
  EXPECT_EQ(range->value(1), "1");
  EXPECT_EQ(range->LowerBound(""), 0u);
  EXPECT_EQ(range->LowerBound("c"), 0u);
  EXPECT_EQ(range->LowerBound("d"), 1u);
  EXPECT_EQ(range->LowerBound("l"), 2u);
}

TEST(CachedRange, EndsBehindTheLastEntryOrAtTheBound) {
  RangeBuilder builder;
  builder.Begin("a", false);
  EXPECT_EQ(builder.EndAt("m")->size(), 0u);
  EXPECT_TRUE(builder.Add("b", "1"));
  EXPECT_EQ(builder.End()->upper(), std::string_view("b\0", 2));
  EXPECT_EQ(builder.EndAt("m")->upper(), "m");
  EXPECT_FALSE(builder.Add("c", std::string(100'000, 'x')));
  EXPECT_EQ(builder.End()->size(), 1u);
}

TEST(RangeCache, FindsWhereAWalkGoesOn) {
  RangeCache cache(1 << 20);
  cache.Add(kTable, RangeOf("bcd", "f"), 5);
  EXPECT_EQ(LettersFound(cache, "a", 5), "-");
  EXPECT_EQ(LettersFound(cache, "b", 5), "bcd");
  EXPECT_EQ(LettersFound(cache, "e", 5), "bcd");
  EXPECT_EQ(LettersFound(cache, "f", 5), "-");
  EXPECT_EQ(LettersFound(cache, "f", 5, true), "bcd");
  EXPECT_EQ(LettersFound(cache, "b", 5, true), "-");
  EXPECT_EQ(LettersFound(cache, "c", 4), "-");  // who knows what was there
  EXPECT_EQ(LettersFound(cache, "c", 9), "bcd");
  EXPECT_EQ(LettersFound(cache, "c", 9, false, kOther), "-");
}

TEST(RangeCache, AWalkMayBeginWhereTheStorageEnds) {
  for (const catalog::StorageId storage : {7, 255, 256, 65'535}) {
    RangeCache cache(1 << 20);
    const KeyRange all = StorageRange(storage);
    RangeBuilder builder;
    builder.Begin(all.upper, true);
    EXPECT_TRUE(builder.Add(LetterKey("\xff\xff\xff\xff\xff\xff\xff\xff\xff", storage), ""));
    EXPECT_TRUE(builder.Add(LetterKey("b", storage), ""));
    cache.Add(storage, builder.End(), 1);
    EXPECT_NE(cache.Find(storage, all.upper, true, 1), nullptr);
    EXPECT_NE(cache.Find(storage, LetterKey("k", storage), false, 1), nullptr);
    EXPECT_EQ(cache.Find(storage, all.lower, false, 1), nullptr);
    EXPECT_EQ(cache.Find(storage, all.upper, false, 1), nullptr);
  }
}

TEST(RangeCache, AChangeTakesOutItsRange) {
  RangeCache cache(1 << 20);
  cache.Add(kTable, RangeOf("bcd", "f"), 5);
  cache.Add(kTable, RangeOf("mn", "p"), 5);
  cache.Change(LetterKey("e"), 7);  // a new key
  EXPECT_EQ(LettersFound(cache, "b", 9), "-");
  EXPECT_EQ(LettersFound(cache, "m", 9), "mn");
  EXPECT_FALSE(cache.Takes(kTable, 6));
  EXPECT_TRUE(cache.Takes(kTable, 7));
  cache.Add(kTable, RangeOf("bcd", "f"), 6);  // read before the change was shown
  EXPECT_EQ(LettersFound(cache, "b", 9), "-");
  cache.Change(LetterKey("f"), 8);
  cache.Change(LetterKey("m", kOther), 8);
  EXPECT_EQ(LettersFound(cache, "m", 9), "mn");
  cache.Forget(kTable);
  EXPECT_EQ(LettersFound(cache, "m", 9), "-");
  EXPECT_EQ(cache.counts().bytes, 0u);
}

TEST(RangeCache, WhatComesLaterReplacesWhatItCovers) {
  RangeCache cache(1 << 20);
  cache.Add(kTable, RangeOf("ab", "c"), 5);
  cache.Add(kTable, RangeOf("de", "f"), 5);
  cache.Add(kTable, RangeOf("xy", "z"), 5);
  cache.Add(kTable, RangeOf("bcde", "e"), 6);
  EXPECT_EQ(LettersFound(cache, "a", 9), "-");
  EXPECT_EQ(LettersFound(cache, "b", 9), "bcde");
  EXPECT_EQ(LettersFound(cache, "x", 9), "xy");
  EXPECT_EQ(cache.counts().ranges, 2u);
}

TEST(RangeCache, KeepsToItsBytesAndWhatIsFoundAgain) {
  RangeCache cache(64 << 10);
  for (catalog::StorageId storage = 1; storage <= 2000; ++storage) {
    cache.Add(storage, RangeOf("abc", "d", storage), 1);
    (void)LettersFound(cache, "a", 1, false, 1);
  }
  EXPECT_LE(cache.counts().bytes, cache.bytes_max());
  EXPECT_GT(cache.counts().ranges, 50u);
  EXPECT_EQ(LettersFound(cache, "a", 1, false, 1), "abc");
  RangeCache none(0);
  none.Add(kTable, RangeOf("abc", "d"), 1);
  EXPECT_EQ(none.counts().ranges, 0u);
}

}  // namespace
}  // namespace omen::rowstore
