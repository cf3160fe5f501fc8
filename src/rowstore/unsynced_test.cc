// Commits that do not wait for the disk: a killed process loses none of them, and a machine that
// loses its power only the last of them.
#include <chrono>
#include <fstream>
#include <functional>
#include <map>
#include <random>
#include <thread>
#include <utility>

#include "rowstore/internal/store/store_fixture.h"

namespace omen::rowstore {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;

class UnsyncedTest : public StoreTest {
 protected:
  UnsyncedTest() { options_.sync_delay = std::chrono::hours(1); }

  CommitId PutUnsynced(uint64_t row, std::string_view value = "v") {
    auto transaction = Begin();
    Put(*transaction, row, value);
    EXPECT_TRUE(transaction->StartCommit({.synced = false}));
    return transaction->EndCommit().value();
  }

  /// Goes on with what is in the files; of each log only what `kept` says of it: its synced bytes
  /// and those that were written.
  template <typename Kept>
  void GoOnWith(Kept kept) {
    const fs::path image = options_.path + "_" + std::to_string(images_.size());
    CopyAtOnce(options_.path, image);
    const auto synced = faults_.synced_logs();
    for (const auto& entry : fs::directory_iterator(image / "db")) {
      if (entry.path().extension() != ".log") continue;
      const auto found = synced.find(options_.path + "/db/" + entry.path().filename().string());
      const uint64_t written = fs::file_size(entry.path());
      const uint64_t sure = found == synced.end() ? 0 : found->second;
      fs::resize_file(entry.path(), kept(sure, written));
      if (hole_ && written > sure) std::exchange(hole_, nullptr)(entry.path(), sure, written);
    }
    store_.reset();
    images_.push_back(options_.path);
    options_.path = image;
    Open();
  }
  void KillProcess() {
    GoOnWith([](uint64_t, uint64_t written) { return written; });
  }
  void LosePower() {
    GoOnWith([](uint64_t synced, uint64_t) { return synced; });
  }

  void TearDown() override {
    StoreTest::TearDown();
    for (const fs::path& image : images_) fs::remove_all(image);
  }

  std::vector<fs::path> images_;
  /// Done once to the log that has bytes which were not synced: its path, from where, to where.
  std::function<void(const fs::path&, uint64_t, uint64_t)> hole_;
};

TEST_F(UnsyncedTest, AKilledProcessLosesNone) {
  Open();
  for (uint64_t row = 1; row <= 50; ++row) PutUnsynced(row);
  EXPECT_EQ(store_->synced_commit(), 0u);
  KillProcess();
  EXPECT_EQ(store_->last_commit(), 50u);
  EXPECT_EQ(Count(store_->View()), 50u);
  EXPECT_EQ(store_->synced_commit(), 50u);
}

TEST_F(UnsyncedTest, ALossOfPowerTakesThoseSinceTheLastSyncAndTheStoreOpens) {
  Open();
  PutUnsynced(1);
  PutNow(2, "v");  // syncs the one before, too
  EXPECT_EQ(store_->synced_commit(), 2u);
  PutUnsynced(3);
  EXPECT_EQ(store_->synced_commit(), 2u);
  std::this_thread::sleep_for(10 * kHousekeepingInTests);  // LAST_COMMIT promises no more
  const uint64_t epoch = store_->epoch();
  LosePower();
  EXPECT_EQ(store_->last_commit(), 2u);
  EXPECT_EQ(Count(store_->View()), 2u);
  EXPECT_GT(store_->epoch(), epoch);
  EXPECT_EQ(PutNow(4, "v"), 3u);
  LosePower();
  EXPECT_EQ(Count(store_->View()), 3u);
}

TEST_F(UnsyncedTest, TheyAreSyncedInTheBackground) {
  options_.sync_delay = milliseconds(10);
  Open();
  const CommitId last = PutUnsynced(1);
  for (int i = 0; i < 1000 && store_->synced_commit() < last; ++i) {
    std::this_thread::sleep_for(milliseconds(10));
  }
  EXPECT_EQ(store_->synced_commit(), last);
  LosePower();
  EXPECT_EQ(store_->last_commit(), last);
}

/// Whatever becomes of the background.
TEST_F(UnsyncedTest, OneThatComesLongAfterTheFirstSyncsThemAll) {
  options_.sync_delay = milliseconds(20);
  options_.jobs = nullptr;
  Open();
  PutUnsynced(1);
  EXPECT_EQ(store_->synced_commit(), 0u);
  std::this_thread::sleep_for(2 * options_.sync_delay);
  PutUnsynced(2);
  EXPECT_EQ(store_->synced_commit(), 2u);
  PutUnsynced(3);
  EXPECT_EQ(store_->synced_commit(), 2u);
}

TEST_F(UnsyncedTest, DefinitionsAndFilledStorageAreSynced) {
  Open();
  PutUnsynced(1);
  auto defining = Begin();
  ASSERT_TRUE(
      defining
          ->PutCatalog({catalog::ObjectClass::kSchema, 20000,
                        std::make_shared<const catalog::Object>(catalog::Schema{20000, "s", "o"})})
          .ok());
  EXPECT_TRUE(defining->StartCommit({.synced = false}));
  ASSERT_TRUE(defining->EndCommit().ok());
  EXPECT_EQ(store_->synced_commit(), 2u);
  auto filling = Begin();
  filling->NoteStorage(99);
  EXPECT_TRUE(filling->StartCommit({.synced = false}));
  ASSERT_TRUE(filling->EndCommit().ok());
  EXPECT_EQ(store_->synced_commit(), 3u);
}

TEST_F(UnsyncedTest, SyncToSyncsOnlyWhatIsNot) {
  Open();
  const CommitId first = PutNow(1, "v");
  const int before = faults_.log_syncs;
  EXPECT_TRUE(store_->SyncTo(first).ok());
  EXPECT_EQ(faults_.log_syncs, before);
  const CommitId second = PutUnsynced(2);
  EXPECT_TRUE(store_->SyncTo(first).ok());
  EXPECT_EQ(faults_.log_syncs, before);
  EXPECT_TRUE(store_->SyncTo(second).ok());
  EXPECT_EQ(faults_.log_syncs, before + 1);
  EXPECT_EQ(store_->synced_commit(), second);
  LosePower();
  EXPECT_EQ(store_->last_commit(), second);
}

/// Wherever in what was not synced the disk has stopped: a beginning of the commits is there, with
/// all that were synced.
TEST_F(UnsyncedTest, WhatIsLeftIsABeginning) {
  options_.write_buffer_bytes = 64 << 20;
  options_.sync_delay = milliseconds(30);
  const auto seed = std::random_device{}();
  SCOPED_TRACE(seed);
  std::mt19937_64 random(seed);
  Open();
  uint64_t rows = 0;
  for (int loss = 0; loss < 12; ++loss) {
    CommitId synced = store_->synced_commit();
    for (uint64_t commits = random() % 200; commits > 0; --commits) {
      const std::string value(random() % 3000, 'v');
      ++rows;
      const CommitId id = random() % 50 == 0 ? PutNow(rows, value) : PutUnsynced(rows, value);
      ASSERT_EQ(id, rows);
      synced = store_->synced_commit();
    }
    GoOnWith([&](uint64_t begin, uint64_t end) {
      return begin >= end ? end : begin + random() % (end - begin + 1);
    });
    ASSERT_GE(store_->last_commit(), synced);
    ASSERT_LE(store_->last_commit(), rows);
    rows = store_->last_commit();
    ASSERT_EQ(Count(store_->View()), rows);
    ASSERT_EQ(ReadNow(rows + 1), "-");
  }
}

/// Pages that were not written, before others that were: the commits from the hole on are gone.
TEST_F(UnsyncedTest, AHoleEndsTheLog) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE(seed);
  std::mt19937_64 random(seed);
  options_.write_buffer_bytes = 64 << 20;
  Open();
  uint64_t rows = 0;
  for (int loss = 0; loss < 20; ++loss) {
    const CommitId kept = PutNow(++rows, "kept");
    PutUnsynced(++rows);
    std::this_thread::sleep_for(10 * kHousekeepingInTests);  // LAST_COMMIT says so
    for (uint64_t commits = 100 + random() % 200; commits > 0; --commits) {
      PutUnsynced(++rows, std::string(random() % 3000, 'v'));
    }
    hole_ = [&](const fs::path& log, uint64_t begin, uint64_t end) {
      constexpr uint64_t kPage = 4096;
      const uint64_t first = begin / kPage + 1, last = end / kPage;
      ASSERT_LT(first, last);
      std::fstream file(log, std::ios::in | std::ios::out | std::ios::binary);
      file.seekp(static_cast<std::streamoff>((first + random() % (last - first)) * kPage));
      file << std::string(kPage, '\0');
    };
    KillProcess();
    EXPECT_EQ(hole_, nullptr);
    ASSERT_GE(store_->last_commit(), kept);
    ASSERT_LT(store_->last_commit(), rows);
    rows = store_->last_commit();
    ASSERT_EQ(Count(store_->View()), rows);
  }
}

/// A sorted file holds rows of commits whose log would be lost, and the number of the last commit
/// is in another.
TEST_F(UnsyncedTest, AFlushTakesTheLogAlong) {
  options_.write_buffer_bytes = 64 << 10;
  Open();
  for (uint64_t row = 1; row <= 200; ++row) PutUnsynced(row, std::string(3000, 'v'));
  std::this_thread::sleep_for(milliseconds(200));
  LosePower();
  EXPECT_GT(store_->last_commit(), 0u);
  EXPECT_EQ(Count(store_->View()), store_->last_commit());
}

}  // namespace
}  // namespace omen::rowstore
