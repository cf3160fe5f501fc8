// Look-ups through the cache and walks, which know none, read the same of every view while others
// commit.
#include <gtest/gtest.h>

#include <atomic>
#include <map>
#include <random>
#include <thread>

#include "rowstore/internal/store/store_fixture.h"

namespace omen::rowstore {
namespace {

class CachedRows : public StoreTest {
 protected:
  static constexpr uint64_t kRows = 200;

  /// Some rows are added to, some go, some come.
  void ChangeSome(std::mt19937_64& random) {
    auto transaction = Begin();
    const uint64_t first = random() % kRows;
    for (uint64_t row = first; row < first + 3; ++row) {
      const std::string key = KeyOf(row);
      std::string value;
      const auto found = transaction->GetForUpdate(key, &value);
      if (!found.ok()) return;  // a deadlock's victim
      const bool remove = *found && random() % 4 == 0;
      const auto changed =
          remove ? transaction->Delete(kStorage, key, ChangeKind::kDelete)
                 : transaction->Put(kStorage, key,
                                    *found ? value + static_cast<char>('a' + random() % 26) : "",
                                    *found ? ChangeKind::kUpdate : ChangeKind::kInsert);
      ASSERT_TRUE(changed.ok());
    }
    if (random() % 8 == 0) return;  // rolled back
    ASSERT_TRUE(transaction->Commit().ok());
  }

  std::map<std::string, std::string> Walk(const std::shared_ptr<ReadView>& view) {
    std::map<std::string, std::string> rows;
    auto iterator = store_->Scan(view, StorageRange(kStorage));
    for (; iterator->Valid(); iterator->Next()) rows.emplace(iterator->key(), iterator->value());
    EXPECT_TRUE(iterator->status().ok());
    return rows;
  }

  void Compare(const std::shared_ptr<ReadView>& view, std::mt19937_64& random) {
    const auto rows = Walk(view);
    RowBatch batch;
    for (size_t i = 0; i < RowBatch::kMax; ++i) batch.Add() = KeyOf(random() % (kRows + 3));
    ASSERT_TRUE(store_->MultiGet(*view, &batch).ok());
    for (size_t i = 0; i < batch.size(); ++i) {
      const auto row = rows.find(batch.key(i));
      ASSERT_EQ(batch.found(i), row != rows.end());
      if (!batch.found(i)) continue;
      ASSERT_EQ(batch.value(i), row->second);
      std::string value;
      const auto found = store_->Get(*view, batch.key(i), &value);
      ASSERT_TRUE(found.ok());
      ASSERT_TRUE(*found);
      ASSERT_EQ(value, row->second);
    }
  }
};

TEST_F(CachedRows, ReadAsWalksDo) {
  options_.sync = false;
  options_.row_cache_bytes = 64 << 10;
  Open();
  const uint64_t seed = std::random_device()();
  std::printf("seed %lu\n", seed);
  std::atomic<bool> stop{false};
  std::vector<std::thread> writers;
  for (uint64_t writer = 0; writer < 2; ++writer) {
    writers.emplace_back([&, writer] {
      std::mt19937_64 random(seed + writer);
      while (!stop) ChangeSome(random);
    });
  }
  std::mt19937_64 random(seed + 9);
  std::shared_ptr<ReadView> old = store_->View();
  for (int round = 0; round < 400 && !HasFatalFailure(); ++round) {
    Compare(store_->View(), random);
    Compare(old, random);
    if (round % 16 == 0) old = store_->View();
  }
  stop = true;
  for (std::thread& writer : writers) writer.join();
}

TEST_F(CachedRows, KeysThatWereReadKeepUpWithTheirCommits) {
  Open();
  PutNow(1, "one");
  EXPECT_EQ(ReadNow(1), "one");
  const auto before = store_->View();
  PutNow(1, "two");
  EXPECT_EQ(ReadNow(1), "two");
  std::string value;
  ASSERT_TRUE(store_->Get(*before, KeyOf(1), &value).ok());
  EXPECT_EQ(value, "one");
  auto transaction = Begin();
  ASSERT_TRUE(transaction->GetForUpdate(KeyOf(1), &value).ok());
  EXPECT_EQ(value, "two");
  ASSERT_TRUE(transaction->Delete(kStorage, KeyOf(1), ChangeKind::kDelete).ok());
  EXPECT_EQ(ReadNow(1), "two");
  ASSERT_TRUE(transaction->Commit().ok());
  EXPECT_EQ(ReadNow(1), "-");
}

}  // namespace
}  // namespace omen::rowstore
