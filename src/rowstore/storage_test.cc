// Bulk loads, freed storage, estimates, checksums.
#include <algorithm>
#include <fstream>
#include <random>
#include <thread>

#include "rowstore/internal/storage/rocks_bulk_loader.h"
#include "rowstore/internal/store/store_fixture.h"

namespace omen::rowstore {
namespace {

namespace fs = std::filesystem;

class StorageTest : public StoreTest {
 protected:
  Status Load(const std::vector<uint64_t>& rows, catalog::StorageId storage,
              std::string* duplicate = nullptr) {
    auto loader = store_->NewBulkLoader(storage);
    for (uint64_t row : rows) {
      OMEN_RETURN_IF_ERROR(loader.value()->Add(KeyOf(row, storage), std::to_string(row)));
    }
    return loader.value()->Finish(duplicate);
  }

  bool WaitUntilEmpty(catalog::StorageId storage) {
    for (int i = 0; i < 300; ++i) {
      PutNow(2, "a commit, for a new view", 1);
      if (Count(store_->View(), storage) == 0) return true;
      std::this_thread::sleep_for(kHousekeepingInTests);
    }
    return false;
  }
};

std::vector<uint64_t> Shuffled(uint64_t count) {
  std::vector<uint64_t> rows(count);
  for (uint64_t i = 0; i < count; ++i) rows[i] = i;
  std::shuffle(rows.begin(), rows.end(), std::mt19937_64(42));
  return rows;
}

TEST_F(StorageTest, BulkLoadsInAnyOrder) {
  Open();
  auto older_view = Begin(IsolationLevel::kRepeatableRead);
  std::vector<uint64_t> ascending(5000), late = {1, 2, 3, 10, 9, 11};
  for (uint64_t i = 0; i < ascending.size(); ++i) ascending[i] = i;
  ASSERT_TRUE(Load(ascending, 10).ok());
  ASSERT_TRUE(Load(Shuffled(5000), 11).ok());
  ASSERT_TRUE(Load(late, 12).ok());
  ASSERT_TRUE(Load({}, 13).ok());
  EXPECT_EQ(Count(store_->View(), 10), 5000u);
  EXPECT_EQ(Count(store_->View(), 11), 5000u);
  EXPECT_EQ(Count(store_->View(), 12), 6u);
  EXPECT_EQ(ReadNow(4321, 11), "4321");
  // The loading transaction reads it through a view it already had.
  EXPECT_EQ(Count(older_view->view(), 11), 5000u);
  PutNow(77777, "more", 11);
  older_view.reset();
  Open();
  EXPECT_EQ(Count(store_->View(), 11), 5001u);
}

TEST_F(StorageTest, BulkLoadSpillsAndMergesRuns) {
  Open();
  auto engine = Engine::Open({.path = options_.path + "/second", .block_cache_bytes = 1 << 20},
                             true, nullptr);
  ASSERT_TRUE(engine.ok());
  for (const bool duplicate : {false, true}) {
    RocksBulkLoader loader(*engine, kStorage, /*buffer_bytes=*/20000);
    const std::vector<uint64_t> rows = Shuffled(10000);
    for (uint64_t row : rows) ASSERT_TRUE(loader.Add(KeyOf(row), "value").ok());
    if (duplicate) {
      ASSERT_TRUE(loader.Add(KeyOf(rows[10]), "again").ok());
    }
    std::string key;
    const Status status = loader.Finish(&key);
    EXPECT_EQ(status.ok(), !duplicate);
    if (duplicate) {
      EXPECT_TRUE(status.Is(sqlstate::kUniqueViolation));
      EXPECT_EQ(key, KeyOf(rows[10]));
    }
  }
  EXPECT_TRUE(fs::is_empty(options_.path + "/second/scratch"));
  std::unique_ptr<rocksdb::Iterator> it(
      (*engine)->db()->NewIterator(rocksdb::ReadOptions(), (*engine)->rows()));
  uint64_t expected = 0;
  for (it->SeekToFirst(); it->Valid(); it->Next()) {
    ASSERT_EQ(it->key().ToString(), KeyOf(expected++));
  }
  EXPECT_EQ(expected, 10000u);
}

TEST_F(StorageTest, BulkLoadFindsDuplicates) {
  Open();
  std::string duplicate;
  EXPECT_TRUE(Load({1, 2, 2, 3}, 10, &duplicate).Is(sqlstate::kUniqueViolation));
  EXPECT_EQ(duplicate, KeyOf(2, 10));
  EXPECT_TRUE(Load({5, 4, 5}, 11, &duplicate).Is(sqlstate::kUniqueViolation));
  EXPECT_EQ(duplicate, KeyOf(5, 11));
  EXPECT_EQ(Count(store_->View(), 10) + Count(store_->View(), 11), 0u);
  EXPECT_TRUE(fs::is_empty(options_.path + "/scratch"));
}

TEST_F(StorageTest, AnIteratorFromBeforeALoadIsNotUsedAgain) {
  Open();
  PutNow(1, "one", 10);
  auto transaction = Begin(IsolationLevel::kRepeatableRead);
  EXPECT_EQ(Count(transaction->view(), 10), 1u);
  PutNow(2, "two", 10);  // the transaction's view is not the published one any more
  ASSERT_TRUE(Load(Shuffled(500), 11).ok());
  EXPECT_EQ(Count(transaction->view(), 11), 500u);
  EXPECT_EQ(Count(transaction->view(), 10), 1u);
}

TEST_F(StorageTest, DroppedStorageGoesWhenNoViewNeedsIt) {
  Open();
  ASSERT_TRUE(Load(Shuffled(3000), 10).ok());
  PutNow(90000, "in memory", 10);
  PutNow(1, "kept", 9);
  PutNow(1, "kept", 11);
  auto view = store_->View();
  store_->DropStorage(10);
  std::this_thread::sleep_for(10 * kHousekeepingInTests);
  EXPECT_EQ(Count(view, 10), 3001u);
  view.reset();
  EXPECT_TRUE(WaitUntilEmpty(10));
  EXPECT_EQ(ReadNow(1, 9), "kept");
  EXPECT_EQ(ReadNow(1, 11), "kept");
}

TEST_F(StorageTest, OrphansGoAtStart) {
  Open();
  ASSERT_TRUE(Load(Shuffled(2000), 10).ok());
  ASSERT_TRUE(Load({1}, 12).ok());
  PutNow(1, "kept", 11);
  Open();
  ASSERT_TRUE(store_->DropOrphans({11}).ok());
  EXPECT_EQ(Count(store_->View(), 10) + Count(store_->View(), 12), 0u);
  EXPECT_EQ(ReadNow(1, 11), "kept");
}

TEST_F(StorageTest, EstimatesAreExactWhenSmallAndCloseWhenLarge) {
  Open();
  for (uint64_t row = 0; row < 20; ++row) PutNow(row, "v");
  EXPECT_EQ(store_->EstimateRows(kStorage), 20u);
  EXPECT_EQ(store_->EstimateRows(kStorage + 1), 0u);
  ASSERT_TRUE(Load(Shuffled(50000), 10).ok());
  EXPECT_GT(store_->EstimateRows(10), 25000u);
  EXPECT_LT(store_->EstimateRows(10), 100000u);
  EXPECT_GT(store_->EstimateBytes(10), 50000u);
}

TEST_F(StorageTest, ChecksumFaultsAreNamed) {
  Open();
  ASSERT_TRUE(Load(Shuffled(20000), 10).ok());
  PutNow(1, "a");
  std::vector<std::string> faults;
  ASSERT_TRUE(store_->VerifyChecksums(&faults).ok());
  EXPECT_TRUE(faults.empty());
  fs::path largest;
  for (const auto& entry : fs::directory_iterator(options_.path + "/db")) {
    if (entry.path().extension() != ".sst") continue;
    if (largest.empty() || entry.file_size() > fs::file_size(largest)) largest = entry.path();
  }
  {
    std::fstream file(largest, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(1000);
    file.put('\x55');
    file.put('\x55');
  }
  ASSERT_TRUE(store_->VerifyChecksums(&faults).ok());
  ASSERT_EQ(faults.size(), 1u);
  EXPECT_NE(faults[0].find(largest.filename().string()), std::string::npos);
}

}  // namespace
}  // namespace omen::rowstore
