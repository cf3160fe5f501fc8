// Look-ups and walks through the caches, and walks that know none, read the same of every view
// while others commit.
#include <gtest/gtest.h>

#include <atomic>
#include <map>
#include <random>
#include <thread>

#include "rowstore/internal/store/store_fixture.h"

namespace omen::rowstore {
namespace {

using Entries = std::vector<std::pair<std::string, std::string>>;

constexpr catalog::StorageId kElsewhere = 9;

class CachedReads : public StoreTest {
 protected:
  static constexpr uint64_t kRows = 400;

  /// Some rows are added to, some go, some come.
  void ChangeSome(std::mt19937_64& random) {
    auto transaction = Begin();
    const uint64_t first = random() % kRows;
    for (uint64_t row = first; row < first + 3; ++row) {
      const std::string key = KeyOf(row);
      std::string value;
      const auto found = transaction->GetForUpdate(key, &value);
      ASSERT_TRUE(found.ok());
      const bool remove = *found && random() % 4 == 0;
      if (value.size() > 40) value.clear();
      value += static_cast<char>('a' + random() % 26);
      const Status changed = remove ? transaction->Delete(kStorage, key, ChangeKind::kDelete)
                                    : transaction->Put(kStorage, key, value, ChangeKind::kInsert);
      ASSERT_TRUE(changed.ok());
    }
    if (random() % 8 == 0) return;  // rolled back
    ASSERT_TRUE(transaction->Commit().ok());
  }

  static Entries Walk(Iterator& iterator, size_t limit) {
    Entries rows;
    for (; iterator.Valid() && rows.size() < limit; iterator.Next()) {
      rows.emplace_back(iterator.key(), iterator.value());
    }
    EXPECT_TRUE(iterator.status().ok());
    return rows;
  }

  /// A transaction whose walks read RocksDB, since it wrote something.
  std::unique_ptr<Transaction> Uncached() {
    auto transaction = Begin(IsolationLevel::kRepeatableRead);
    EXPECT_TRUE(transaction->Put(kElsewhere, KeyOf(1, kElsewhere), "", ChangeKind::kInsert).ok());
    return transaction;
  }

  KeyRange SomeRange(std::mt19937_64& random) {
    const uint64_t lower = random() % kRows, upper = lower + random() % (kRows - lower + 1);
    if (random() % 8 == 0) return StorageRange(kStorage);
    return {KeyOf(lower), KeyOf(upper)};
  }

  void CompareWalks(Transaction& uncached, std::mt19937_64& random) {
    std::unique_ptr<Iterator> cached;
    for (int walk = 0; walk < 4; ++walk) {
      const KeyRange range = SomeRange(random);
      const bool backward = random() % 2 == 0;
      const size_t limit = random() % 3 == 0 ? random() % 30 : SIZE_MAX;
      if (cached == nullptr) {
        cached = store_->Scan(uncached.view(), range, backward);
      } else {
        cached->Reset(range, backward);
      }
      ASSERT_EQ(Walk(*cached, limit), Walk(*uncached.Scan(range, backward), limit));
    }
  }

  void CompareLookUps(Transaction& uncached, std::mt19937_64& random) {
    const ReadView& view = *uncached.view();
    const Entries rows = Walk(*uncached.Scan(StorageRange(kStorage)), SIZE_MAX);
    const std::map<std::string, std::string> all(rows.begin(), rows.end());
    RowBatch batch;
    for (size_t i = 0; i < RowBatch::kMax; ++i) batch.Add() = KeyOf(random() % (kRows + 3));
    ASSERT_TRUE(store_->MultiGet(view, &batch).ok());
    for (size_t i = 0; i < batch.size(); ++i) {
      const auto row = all.find(batch.key(i));
      std::string value;
      const auto found = store_->Get(view, batch.key(i), &value);
      ASSERT_TRUE(found.ok());
      ASSERT_EQ(*found, row != all.end());
      ASSERT_EQ(batch.found(i), row != all.end());
      if (row == all.end()) continue;
      ASSERT_EQ(value, row->second);
      ASSERT_EQ(batch.value(i), row->second);
    }
  }

  void Compare(Transaction& uncached, std::mt19937_64& random) {
    CompareLookUps(uncached, random);
    CompareWalks(uncached, random);
  }
};

TEST_F(CachedReads, ReadWhatRocksDbHolds) {
  options_.sync = false;
  options_.row_cache_bytes = options_.range_cache_bytes = 64 << 10;
  Open();
  const uint64_t seed = std::random_device()();
  std::printf("seed %lu\n", seed);
  std::atomic<bool> stop{false};
  std::vector<std::thread> writers;
  for (uint64_t writer = 0; writer < 2; ++writer) {
    writers.emplace_back([&, writer] {
      std::mt19937_64 random(seed + writer);
      while (!stop) {
        ChangeSome(random);
        // Else nothing stays in memory for long enough to be found.
        std::this_thread::sleep_for(std::chrono::microseconds(random() % 3000));
      }
    });
  }
  std::mt19937_64 random(seed + 9);
  auto old = Uncached();
  for (int round = 0; round < 300 && !HasFatalFailure(); ++round) {
    Compare(*Uncached(), random);
    Compare(*old, random);
    if (round % 16 == 0) old = Uncached();
  }
  stop = true;
  for (std::thread& writer : writers) writer.join();
}

TEST_F(CachedReads, KeepUpWithCommits) {
  Open();
  PutNow(1, "one");
  EXPECT_EQ(ReadNow(1), "one");
  EXPECT_EQ(Count(store_->View()), 1u);
  const auto before = store_->View();
  PutNow(1, "two");
  PutNow(2, "new");
  EXPECT_EQ(ReadNow(1), "two");
  EXPECT_EQ(Count(store_->View()), 2u);
  EXPECT_EQ(Count(store_->View()), 2u);
  EXPECT_EQ(Count(before), 1u);
  std::string value;
  ASSERT_TRUE(store_->Get(*before, KeyOf(1), &value).ok());
  EXPECT_EQ(value, "one");
  auto transaction = Begin();
  ASSERT_TRUE(transaction->GetForUpdate(KeyOf(1), &value).ok());
  EXPECT_EQ(value, "two");
  ASSERT_TRUE(transaction->Delete(kStorage, KeyOf(1), ChangeKind::kDelete).ok());
  EXPECT_EQ(ReadNow(1), "two");
  EXPECT_EQ(Count(store_->View()), 2u);
  ASSERT_TRUE(transaction->Commit().ok());
  EXPECT_EQ(ReadNow(1), "-");
  EXPECT_EQ(Count(store_->View()), 1u);
}

}  // namespace
}  // namespace omen::rowstore
