// What the row store's tests share: a directory that goes away, rows named by number.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <map>
#include <memory>
#include <string>

#include "rowstore/internal/store/rocks_store.h"
#include "rowstore/key_codec.h"
#include "rowstore/rowstore.h"

namespace omen::rowstore {

inline constexpr catalog::StorageId kStorage = 7;

inline constexpr std::chrono::milliseconds kHousekeepingInTests{20};

inline std::string KeyOf(uint64_t row, catalog::StorageId storage = kStorage) {
  std::string key;
  AppendRowIdKey(storage, row, key);
  return key;
}

class StoreTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = testing::TempDir() + "omen_rows_XXXXXX";
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    options_.path = name;
    options_.block_cache_bytes = 8u << 20;
    options_.write_buffer_bytes = 4u << 20;
    options_.jobs = &runner_;
  }
  void TearDown() override {
    store_.reset();
    std::filesystem::remove_all(options_.path);
  }

  void Open() {
    store_.reset();
    auto store = OpenRocksStore(options_, &faults_, housekeeping_);
    ASSERT_TRUE(store.ok()) << store.status().ToString();
    store_ = std::move(store).value();
  }

  std::unique_ptr<Transaction> Begin(IsolationLevel level = IsolationLevel::kReadCommitted) {
    auto transaction = store_->Begin(level);
    transaction->BeginStatement();
    return transaction;
  }

  static void Put(Transaction& transaction, uint64_t row, std::string_view value,
                  catalog::StorageId storage = kStorage) {
    Status status = transaction.Lock(KeyOf(row, storage));
    ASSERT_TRUE(status.ok()) << status.ToString();
    status = transaction.Put(storage, KeyOf(row, storage), value, ChangeKind::kInsert);
    ASSERT_TRUE(status.ok()) << status.ToString();
  }

  CommitId PutNow(uint64_t row, std::string_view value, catalog::StorageId storage = kStorage) {
    auto transaction = Begin();
    Put(*transaction, row, value, storage);
    auto id = transaction->Commit();
    EXPECT_TRUE(id.ok()) << id.status().ToString();
    return id.ok() ? *id : 0;
  }

  /// "-" when there is no such row.
  static std::string Read(Transaction& transaction, uint64_t row) {
    std::string value;
    auto found = transaction.Get(KeyOf(row), &value);
    EXPECT_TRUE(found.ok());
    return *found ? value : "-";
  }

  std::string ReadNow(uint64_t row, catalog::StorageId storage = kStorage) {
    std::string value;
    auto found = store_->Get(*store_->View(), KeyOf(row, storage), &value);
    EXPECT_TRUE(found.ok());
    return *found ? value : "-";
  }

  uint64_t Count(std::shared_ptr<ReadView> view, catalog::StorageId storage = kStorage) {
    uint64_t rows = 0;
    auto iterator = store_->Scan(std::move(view), StorageRange(storage));
    for (; iterator->Valid(); iterator->Next()) ++rows;
    EXPECT_TRUE(iterator->status().ok());
    return rows;
  }

  /// Sizes of a store's files.
  static std::map<std::filesystem::path, uint64_t> FilesIn(const std::filesystem::path& folder) {
    std::map<std::filesystem::path, uint64_t> files;
    std::error_code error;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder, error)) {
      if (entry.is_regular_file(error)) files[entry.path()] = entry.file_size(error);
    }
    return files;
  }

  /// Copies a store's folder as it is at one moment: the engine merges files when it likes, and the
  /// copy begins again until it has left them alone.
  static void CopyAtOnce(const std::filesystem::path& from, const std::filesystem::path& to) {
    std::map<std::filesystem::path, uint64_t> before;
    std::error_code error;
    do {
      before = FilesIn(from);
      std::filesystem::remove_all(to);
      std::filesystem::copy(from, to, std::filesystem::copy_options::recursive, error);
    } while (FilesIn(from) != before);
    EXPECT_FALSE(error) << error.message();
  }

  FileFaults faults_;
  SystemClock clock_;
  jobs::Runner runner_{&clock_, jobs::ThisMachine()};
  std::chrono::milliseconds housekeeping_ = kHousekeepingInTests;
  Options options_;
  std::unique_ptr<RowStore> store_;
};

}  // namespace omen::rowstore
