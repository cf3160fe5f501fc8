// Walks that read ahead, against the walks they read.
#include "rowstore/read_ahead.h"

#include <gtest/gtest.h>

#include <random>

namespace omen::rowstore {
namespace {

using Entries = std::vector<std::pair<std::string, std::string>>;

/// Over entries at hand, with an error behind them where one is given. Reset begins anew.
class ListIterator final : public Iterator {
 public:
  ListIterator(const Entries* entries, bool fails) : entries_(*entries), fails_(fails) {}
  bool Valid() const override { return at_ < entries_.size(); }
  void Next() override { ++at_; }
  void Reset(const KeyRange&, bool) override { at_ = 0; }
  std::string_view key() const override { return entries_[at_].first; }
  std::string_view value() const override { return entries_[at_].second; }
  Status status() const override {
    return fails_ && !Valid() ? Status(sqlstate::kIoError, "a disk is gone") : Status::Ok();
  }

 private:
  const Entries& entries_;
  const bool fails_;
  size_t at_ = 0;
};

Entries RandomEntries(std::mt19937_64& random) {
  Entries entries(random() % (5 * ReadAhead::kEntriesBefore));
  // Some lists have large values, one after the other at times.
  const bool large = random() % 2 == 0;
  size_t row = 0, larger = 0;
  for (auto& [key, value] : entries) {
    key = std::to_string(row++);
    if (large && random() % 3000 == 0) larger = random() % 4;
    const size_t size = larger > 0 ? ReadAhead::kLargeBytes + random() % 1000 : random() % 60;
    larger -= larger > 0;
    value.assign(size, static_cast<char>('a' + row % 26));
  }
  return entries;
}

void ExpectEntries(ReadAhead* walk, const Entries& entries, size_t count) {
  for (size_t i = 0; i < count; ++i, walk->Next()) {
    ASSERT_TRUE(walk->Valid()) << i;
    ASSERT_EQ(walk->key(), entries[i].first) << i;
    ASSERT_EQ(walk->value(), entries[i].second) << i;
  }
}

TEST(ReadAhead, SeesWhatIsReadOneByOne) {
  for (uint64_t seed = 1; seed <= 40; ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937_64 random(seed);
    const Entries entries = RandomEntries(random);
    const bool fails = seed % 3 == 0;
    ReadAhead walk(std::make_unique<ListIterator>(&entries, fails));
    if (seed % 2 == 0) {
      ExpectEntries(&walk, entries, random() % (entries.size() + 1));
      walk.Reset({}, false);
    }
    ExpectEntries(&walk, entries, entries.size());
    EXPECT_FALSE(walk.Valid());
    EXPECT_EQ(walk.status().ok(), !fails);
    if (fails) {
      EXPECT_TRUE(walk.status().Is(sqlstate::kIoError));
    }
  }
}

TEST(ReadAhead, AWalkMayEndAnywhere) {
  std::mt19937_64 random(7);
  const Entries entries = RandomEntries(random);
  for (int round = 0; round < 50; ++round) {
    ReadAhead walk(std::make_unique<ListIterator>(&entries, false));
    ExpectEntries(&walk, entries, random() % (entries.size() + 1));
  }
}

}  // namespace
}  // namespace omen::rowstore
