// Crashes, lost logs, full disks, the change log, sequences and counters across restarts.
#include <fstream>
#include <map>
#include <set>
#include <thread>

#include "rowstore/internal/store/store_fixture.h"

namespace omen::rowstore {
namespace {

namespace fs = std::filesystem;

class RecoveryTest : public StoreTest {
 protected:
  /// What a crash at this moment would leave. Nothing may be writing.
  fs::path CopyAsCrashed(const std::string& name) {
    const fs::path image = options_.path + "_" + name;
    images_.push_back(image);
    CopyAtOnce(options_.path, image);
    return image;
  }

  /// Goes on with what a crash at this moment leaves; Open opens it.
  void Crash(std::unique_ptr<Transaction> open = nullptr) {
    const fs::path image = CopyAsCrashed("crash" + std::to_string(images_.size()));
    open.reset();
    store_.reset();
    images_.push_back(options_.path);
    options_.path = image;
  }

  void TearDown() override {
    StoreTest::TearDown();
    for (const fs::path& image : images_) fs::remove_all(image);
  }

  fs::path NewestLog() const {
    fs::path newest;
    for (const auto& entry : fs::directory_iterator(options_.path + "/db")) {
      if (entry.path().extension() == ".log" && entry.path() > newest) newest = entry.path();
    }
    return newest;
  }

  /// A store whose log holds commits 1 to `count`, crashed after LAST_COMMIT caught up.
  void CrashAfterCommits(uint64_t count) {
    Open();
    for (uint64_t row = 1; row <= count; ++row) PutNow(row, std::to_string(row));
    std::this_thread::sleep_for(10 * kHousekeepingInTests);
    Crash();
  }

  std::vector<fs::path> images_;

  /// A refusal that names --accept-lost-commits says that it would help.
  void ExpectRefusal(bool accepting_helps = true) {
    auto store = OpenRocksStore(options_, &faults_);
    ASSERT_FALSE(store.ok());
    EXPECT_TRUE(store.status().Is(sqlstate::kDataCorrupted)) << store.status().ToString();
    const std::string& hint = store.status().error().hint;
    EXPECT_EQ(hint.find("--accept-lost-commits") != std::string::npos, accepting_helps) << hint;
  }

  void ExpectHopelessRefusal() {
    ExpectRefusal(false);
    options_.accept_lost_commits = true;
    ExpectRefusal(false);
    options_.accept_lost_commits = false;
  }

  static constexpr uint64_t kTableRows = 2000;

  /// A stopped store with rows in sorted files, and a long list of them.
  void StopWithTables() {
    housekeeping_ = std::chrono::milliseconds(5);
    Open();
    for (uint64_t row = 1; row <= kTableRows; ++row) {
      PutNow(row, row == 1 ? "1" : std::string(4000, 'v'));
    }
    store_.reset();
    ASSERT_GT(TableBytes(), 0u);
  }

  uint64_t TableBytes() const {
    uint64_t bytes = 0;
    for (const auto& entry : fs::directory_iterator(options_.path + "/db")) {
      if (entry.path().extension() == ".sst") bytes += entry.file_size();
    }
    return bytes;
  }

  fs::path Manifest() const {
    for (const auto& entry : fs::directory_iterator(options_.path + "/db")) {
      if (entry.path().filename().string().starts_with("MANIFEST-")) return entry.path();
    }
    return {};
  }
};

TEST_F(RecoveryTest, CommitsSurviveACrash) {
  Open();
  for (uint64_t row = 1; row <= 50; ++row) PutNow(row, "v");
  auto open = Begin();
  Put(*open, 51, "not committed");
  Crash(std::move(open));
  Open();
  EXPECT_EQ(store_->last_commit(), 50u);
  EXPECT_EQ(Count(store_->View()), 50u);
  EXPECT_EQ(ReadNow(51), "-");
  EXPECT_EQ(PutNow(51, "v"), 51u);
}

TEST_F(RecoveryTest, EpochsTellCommitsOfDifferentRunsApart) {
  Open();
  const uint64_t first = store_->epoch();
  PutNow(1, "a");
  Open();
  EXPECT_GT(store_->epoch(), first);
  PutNow(2, "b");
  EXPECT_EQ(store_->EpochOf(1), first);
  EXPECT_EQ(store_->EpochOf(2), store_->epoch());
  EXPECT_EQ(store_->EpochOf(3), 0u);
  EXPECT_EQ(store_->EpochOf(0), 0u);
}

TEST_F(RecoveryTest, ATornLastRecordIsForgiven) {
  housekeeping_ = std::chrono::minutes(1);
  Open();
  PutNow(1, "a");
  PutNow(2, "b");
  // LAST_COMMIT has not seen it: as a commit that was torn before it was acknowledged.
  Crash();
  const fs::path log = NewestLog();
  fs::resize_file(log, fs::file_size(log) - 5);
  for (int again = 0; again < 3; ++again) {
    Open();
    EXPECT_EQ(ReadNow(1), "a");
    EXPECT_EQ(ReadNow(2), "-");
    PutNow(3, "c");
    Crash();
  }
}

TEST_F(RecoveryTest, AShortenedLogIsRefusedUnlessAccepted) {
  CrashAfterCommits(100);
  const fs::path log = NewestLog();
  fs::resize_file(log, fs::file_size(log) / 2);
  ExpectRefusal();
  ExpectRefusal();  // looking did not change the answer
  options_.accept_lost_commits = true;
  Open();
  EXPECT_LT(store_->last_commit(), 100u);
  EXPECT_GT(store_->last_commit(), 10u);
  const CommitId kept = store_->last_commit();
  EXPECT_EQ(Count(store_->View()), kept);
  EXPECT_EQ(store_->EpochOf(100), 0u);
  options_.accept_lost_commits = false;
  Open();
  EXPECT_EQ(store_->last_commit(), kept);
}

TEST_F(RecoveryTest, ADeletedLogIsRefusedUnlessAccepted) {
  CrashAfterCommits(20);
  fs::remove(NewestLog());
  ExpectRefusal();
  options_.accept_lost_commits = true;
  Open();
  EXPECT_EQ(store_->last_commit(), 0u);
}

TEST_F(RecoveryTest, ADeletedDatabaseIsRefused) {
  CrashAfterCommits(5);
  fs::remove_all(options_.path + "/db");
  ExpectHopelessRefusal();
  EXPECT_FALSE(fs::exists(options_.path + "/db"));
}

TEST_F(RecoveryTest, AnEmptyFolderIsRefusedWhereRowsWereBefore) {
  options_.must_exist = true;
  ExpectHopelessRefusal();
  EXPECT_TRUE(fs::is_empty(options_.path));
}

TEST_F(RecoveryTest, AMissingCurrentIsWrittenAnew) {
  StopWithTables();
  const uint64_t before = TableBytes();
  fs::remove(options_.path + "/db/CURRENT");
  Open();
  EXPECT_EQ(ReadNow(1), "1");
  EXPECT_EQ(Count(store_->View()), kTableRows);
  EXPECT_GE(TableBytes(), before);
}

TEST_F(RecoveryTest, TablesWithoutAListOfFilesAreRefusedAndKept) {
  StopWithTables();
  const uint64_t before = TableBytes();
  for (const char* lost : {"MANIFEST-", "CURRENT"}) {
    for (const auto& entry : fs::directory_iterator(options_.path + "/db")) {
      if (entry.path().filename().string().starts_with(lost)) fs::remove(entry.path());
    }
    ExpectHopelessRefusal();
    EXPECT_EQ(TableBytes(), before);
  }
}

TEST_F(RecoveryTest, AShortenedListOfFilesIsRefusedAndNothingIsDeleted) {
  StopWithTables();
  const uint64_t before = TableBytes();
  const fs::path manifest = Manifest();
  fs::copy_file(manifest, options_.path + "/kept");
  for (const double share : {0.0, 0.3, 0.6, 0.9, 0.99}) {
    fs::resize_file(manifest,
                    static_cast<uintmax_t>(share * fs::file_size(options_.path + "/kept")));
    ExpectHopelessRefusal();
    EXPECT_EQ(TableBytes(), before) << share;
    fs::copy_file(options_.path + "/kept", manifest, fs::copy_options::overwrite_existing);
  }
  Open();
  EXPECT_EQ(Count(store_->View()), kTableRows);
}

TEST_F(RecoveryTest, AMissingRecordOfTheLastCommitIsRefusedUnlessAccepted) {
  CrashAfterCommits(5);
  fs::remove(options_.path + "/LAST_COMMIT");
  ExpectRefusal();
  EXPECT_FALSE(fs::exists(options_.path + "/LAST_COMMIT"));
  options_.accept_lost_commits = true;
  Open();
  EXPECT_EQ(store_->last_commit(), 5u);
}

TEST_F(RecoveryTest, AFirstStartThatEndedEarlyIsForgotten) {
  fs::create_directories(options_.path + "/db");
  std::ofstream(options_.path + "/LAST_COMMIT") << "";
  std::ofstream(options_.path + "/db/MANIFEST-000001") << "half";
  Open();
  PutNow(1, "a");
  EXPECT_EQ(ReadNow(1), "a");
}

TEST_F(RecoveryTest, WhatNoTableNamesIsKeptAfterCommitsWereLost) {
  CrashAfterCommits(50);
  fs::remove(NewestLog());
  options_.accept_lost_commits = true;
  Open();
  constexpr catalog::StorageId kOrphan = 900;
  {
    auto loader = store_->NewBulkLoader(kOrphan);
    ASSERT_TRUE(loader.ok());
    ASSERT_TRUE((*loader)->Add(KeyOf(1, kOrphan), "kept").ok());
    ASSERT_TRUE((*loader)->Finish().ok());
  }
  ASSERT_TRUE(store_->DropOrphans({kStorage}).ok());
  EXPECT_EQ(ReadNow(1, kOrphan), "kept");
  EXPECT_GT(*store_->NewStorageId(), kOrphan);
  options_.accept_lost_commits = false;
  Open();
  ASSERT_TRUE(store_->DropOrphans({kStorage}).ok());
  EXPECT_EQ(ReadNow(1, kOrphan), "kept");
}

TEST_F(RecoveryTest, AFlippedBitIsRefusedUnlessAccepted) {
  CrashAfterCommits(100);
  const fs::path log = NewestLog();
  {
    std::fstream file(log, std::ios::in | std::ios::out | std::ios::binary);
    file.seekg(static_cast<std::streamoff>(fs::file_size(log) / 3));
    const char byte = static_cast<char>(file.peek() ^ 1);
    file.put(byte);
  }
  ExpectRefusal();
  options_.accept_lost_commits = true;
  Open();
  EXPECT_LT(store_->last_commit(), 100u);
  options_.accept_lost_commits = false;
  Open();  // accepted once, accepted for good
}

TEST_F(RecoveryTest, ADamagedLastCommitFileIsRefusedUnlessAccepted) {
  CrashAfterCommits(5);
  {
    std::ofstream file(options_.path + "/LAST_COMMIT", std::ios::binary);
    file << std::string(8192, 'x');
  }
  ExpectRefusal();
  options_.accept_lost_commits = true;
  Open();
  EXPECT_EQ(store_->last_commit(), 5u);
}

TEST_F(RecoveryTest, AFailedSyncStopsTheProcess) {
  testing::FLAGS_gtest_death_test_style = "threadsafe";
  EXPECT_DEATH(
      {
        Open();
        PutNow(1, "a");
        faults_.fail_sync = true;
        PutNow(2, "b");
      },
      "could not sync");
}

TEST_F(RecoveryTest, AFullDiskFailsCommitsAndTheStoreGoesOn) {
  Open();
  PutNow(1, "a");
  faults_.log_bytes_left = 40;  // in the middle of the next record
  for (int attempt = 0; attempt < 5; ++attempt) {
    auto transaction = Begin();
    Put(*transaction, 2, "lost");
    EXPECT_TRUE(transaction->Commit().status().Is(sqlstate::kDiskFull));
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
  }
  EXPECT_EQ(ReadNow(1), "a");
  EXPECT_EQ(ReadNow(2), "-");
  const fs::path while_full = CopyAsCrashed("while_full");
  faults_.log_bytes_left = -1;
  std::this_thread::sleep_for(std::chrono::milliseconds(650));
  EXPECT_EQ(PutNow(3, "after"), 2u);
  const fs::path afterwards = CopyAsCrashed("afterwards");
  CommitId replayed = 0;
  auto complete = store_->ReadChanges(0, [&](const auto& record) {
    replayed = record->id;
    return Status::Ok();
  });
  EXPECT_TRUE(complete.ok() && *complete);
  EXPECT_EQ(replayed, 2u);
  faults_.log_bytes_left = 10;  // and stops while it is full
  auto transaction = Begin();
  Put(*transaction, 4, "lost");
  EXPECT_TRUE(transaction->Commit().status().Is(sqlstate::kDiskFull));
  for (const fs::path& image : {while_full, afterwards}) {
    store_.reset();
    Options options = options_;
    options.path = image;
    auto store = RowStore::Open(options);
    ASSERT_TRUE(store.ok()) << store.status().ToString();
    store_ = std::move(store).value();
    EXPECT_EQ(ReadNow(1), "a");
    EXPECT_EQ(ReadNow(2), "-");
    EXPECT_EQ(ReadNow(3), image == while_full ? "-" : "after");
  }
}

TEST_F(RecoveryTest, AFlushThatFindsTheDiskFullFailsCommitsUntilThereIsSpace) {
  options_.write_buffer_bytes = 1u << 20;
  Open();
  PutNow(1, "a");
  faults_.tables_full = true;
  uint64_t row = 1;
  const std::string value(100000, 'v');
  bool full = false;
  for (int attempt = 0; attempt < 400 && !full; ++attempt) {
    auto transaction = Begin();
    Put(*transaction, row + 1, value);
    const auto committed = transaction->Commit();
    if (committed.ok()) {
      ++row;
    } else {
      full = committed.status().Is(sqlstate::kDiskFull);
    }
  }
  ASSERT_TRUE(full);
  EXPECT_EQ(ReadNow(row), row == 1 ? "a" : value);
  EXPECT_EQ(ReadNow(row + 1), "-");
  faults_.tables_full = false;
  bool again = false;
  for (int attempt = 0; attempt < 20 && !again; ++attempt) {
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
    auto transaction = Begin();
    Put(*transaction, row + 1, "after");
    again = transaction->Commit().ok();
  }
  EXPECT_TRUE(again);
  Crash();
  Open();
  EXPECT_EQ(Count(store_->View()), row + 1);
  EXPECT_EQ(ReadNow(row + 1), "after");
}

/// Everything that a record says, as text.
std::string Describe(const CommitRecord& record) {
  std::string text = std::to_string(record.id) + "@" + std::to_string(record.epoch);
  for (const Change& change : record.changes) {
    text += " " + std::to_string(static_cast<int>(change.kind)) + ":" +
            std::to_string(change.storage) + ":" + std::string(change.key) + "=" +
            std::string(change.value);
  }
  for (const catalog::Mutation& mutation : record.catalog) {
    text += " catalog:" + std::to_string(mutation.oid) + "=";
    text += mutation.object != nullptr ? catalog::EncodeObject(*mutation.object) : "gone";
  }
  return text;
}

class Listener final : public CommitObserver {
 public:
  void OnCommit(const std::shared_ptr<const CommitRecord>& record) override {
    seen[record->id] = Describe(*record);
    kept.push_back(record);
  }
  std::map<CommitId, std::string> seen;
  std::vector<std::shared_ptr<const CommitRecord>> kept;
};

class ChangeLogTest : public RecoveryTest {
 protected:
  std::map<CommitId, std::string> Replay(CommitId after, bool* complete) {
    std::map<CommitId, std::string> replayed;
    auto result = store_->ReadChanges(after, [&](const auto& record) {
      replayed[record->id] = Describe(*record);
      return Status::Ok();
    });
    EXPECT_TRUE(result.ok()) << result.status().ToString();
    *complete = result.ok() && *result;
    return replayed;
  }

  void MixedCommits(int count) {
    std::vector<std::thread> threads;
    for (uint64_t t = 0; t < 4; ++t) {
      threads.emplace_back([&, t] {
        for (int i = 0; i < count; ++i) {
          auto transaction = Begin();
          const uint64_t row = t * 1000 + static_cast<uint64_t>(i);
          Put(*transaction, row, std::string(static_cast<size_t>(i % 300), 'x'));
          ASSERT_TRUE(transaction->Put(88, KeyOf(row, 88), "entry", ChangeKind::kNone).ok());
          transaction->SetSavepoint();
          Put(*transaction, row + 500, "undone");
          ASSERT_TRUE(transaction->RollbackToSavepoint().ok());
          if (i % 3 == 0) {
            ASSERT_TRUE(transaction->Delete(kStorage, KeyOf(row), ChangeKind::kDelete).ok());
          }
          if (i % 10 == 0) {
            transaction->NoteStorage(900 + row);
            const auto oid = static_cast<Oid>(20000 + row);
            catalog::Mutation mutation{catalog::ObjectClass::kSchema, oid, nullptr};
            if (i % 20 == 0) {
              mutation.object = std::make_shared<const catalog::Object>(
                  catalog::Schema{oid, "s" + std::to_string(oid), "omendb"});
            }
            ASSERT_TRUE(transaction->PutCatalog(mutation).ok());
          }
          ASSERT_TRUE(transaction->Commit().ok());
          if (i % 25 == 0) {
            ASSERT_TRUE(store_->NewRowId(t).ok());
          }
        }
      });
    }
    for (std::thread& thread : threads) thread.join();
  }
};

TEST_F(ChangeLogTest, ReplayEqualsWhatObserversSaw) {
  Open();
  Listener listener;
  store_->AddObserver(&listener);
  MixedCommits(120);
  {
    auto large = Begin();
    for (uint64_t row = 0; row < 2000; ++row) Put(*large, row, std::string(1000, 'l'));
    ASSERT_TRUE(large->Commit().ok());
  }
  const CommitId last = store_->last_commit();
  ASSERT_EQ(listener.seen.size(), last);
  for (const auto& record : listener.kept) {
    ASSERT_EQ(Describe(*record), listener.seen[record->id]);  // still readable
  }
  listener.kept.clear();
  for (const bool restarted : {false, true}) {
    if (restarted) Open();
    for (const CommitId after : {CommitId(0), CommitId(1), last / 2, last - 1, last}) {
      bool complete = false;
      const auto replayed = Replay(after, &complete);
      EXPECT_TRUE(complete);
      ASSERT_EQ(replayed.size(), last - after);
      for (const auto& [id, text] : replayed) {
        ASSERT_EQ(text, listener.seen[id]);
      }
    }
  }
  PutNow(1, "in the next epoch");
  bool complete = false;
  EXPECT_EQ(Replay(last - 2, &complete).size(), 3u);
  EXPECT_TRUE(complete);
}

TEST_F(ChangeLogTest, ALogThatNoLongerReachesBackSaysSo) {
  options_.wal_keep_bytes = 1u << 20;
  Open();
  PutNow(1, "a");
  Open();
  PutNow(2, "b");
  const fs::path newest = NewestLog();
  for (const auto& entry : fs::recursive_directory_iterator(options_.path + "/db")) {
    if (entry.path().extension() == ".log" && entry.path() != newest) fs::remove(entry.path());
  }
  bool complete = true;
  EXPECT_TRUE(Replay(0, &complete).empty());
  EXPECT_FALSE(complete);
  EXPECT_EQ(Replay(1, &complete).size(), 1u);
  EXPECT_TRUE(complete);
}

/// Right after the start, while old log files are on their way to the archive.
TEST_F(ChangeLogTest, IsReadAfterACrash) {
  Open();
  CommitId last = 0;
  for (int start = 0; start < 12; ++start) {
    for (uint64_t row = 1; row <= 3; ++row) last = PutNow(row, "v");
    Crash();
    Open();
    bool complete = false;
    const CommitId after = last - std::min<CommitId>(last, 5);
    EXPECT_EQ(Replay(after, &complete).size(), last - after);
    EXPECT_TRUE(complete) << "start " << start;
  }
}

TEST_F(ChangeLogTest, ConsumersMayStop) {
  Open();
  for (uint64_t row = 0; row < 5; ++row) PutNow(row, "v");
  auto result = store_->ReadChanges(0, [](const auto& record) {
    return record->id == 3 ? InternalError("enough") : Status::Ok();
  });
  EXPECT_FALSE(result.ok());
}

TEST_F(RecoveryTest, TheCatalogueComesBack) {
  Open();
  auto transaction = Begin();
  for (Oid oid : {20000u, 20001u}) {
    ASSERT_TRUE(transaction
                    ->PutCatalog({catalog::ObjectClass::kSchema, oid,
                                  std::make_shared<const catalog::Object>(
                                      catalog::Schema{oid, "s" + std::to_string(oid), "o"})})
                    .ok());
  }
  ASSERT_TRUE(transaction->Commit().ok());
  auto dropping = Begin();
  ASSERT_TRUE(dropping->PutCatalog({catalog::ObjectClass::kSchema, 20000, nullptr}).ok());
  ASSERT_TRUE(dropping->Commit().ok());
  Open();
  auto objects = store_->LoadCatalog();
  ASSERT_TRUE(objects.ok());
  ASSERT_EQ(objects->size(), 1u);
  EXPECT_EQ(std::get<catalog::Schema>(objects->front()).name, "s20001");
}

TEST_F(RecoveryTest, CountersNeverRepeatAcrossCrashes) {
  std::set<uint64_t> oids, storages, rows;
  for (int run = 0; run < 3; ++run) {
    Open();
    for (int i = 0; i < 100; ++i) {
      EXPECT_TRUE(oids.insert(store_->NewOid().value()).second);
      EXPECT_TRUE(storages.insert(store_->NewStorageId().value()).second);
      EXPECT_TRUE(rows.insert(store_->NewRowId(5).value()).second);
    }
    Crash();
  }
  EXPECT_EQ(*oids.begin(), 16384u);
}

Result<SequenceState> PlusOne(SequenceState state) {
  if (state.last_value >= 100000) return Status(sqlstate::kSequenceLimit, "reached maximum");
  if (!state.is_called) return SequenceState{state.last_value, true};
  return SequenceState{state.last_value + 1, true};
}

TEST_F(RecoveryTest, SequencesSkipOverCrashesOnly) {
  Open();
  ASSERT_TRUE(store_->WriteSequence(1, {1, false}).ok());
  for (int64_t i = 1; i <= 5; ++i) {
    EXPECT_EQ(store_->AdvanceSequence(1, PlusOne)->last_value, i);
  }
  Open();  // a clean stop leaves no gap
  EXPECT_EQ(store_->ReadSequence(1)->last_value, 5);
  EXPECT_EQ(store_->AdvanceSequence(1, PlusOne)->last_value, 6);
  EXPECT_EQ(store_->AdvanceSequence(1, PlusOne)->last_value, 7);
  EXPECT_EQ(store_->AdvanceSequence(1, PlusOne)->last_value, 8);
  Crash();
  Open();
  const int64_t next = store_->AdvanceSequence(1, PlusOne)->last_value;
  EXPECT_GT(next, 8);
  EXPECT_LE(next, 8 + 33);
  // A larger step than the one planned with is stored before it is answered.
  auto plus_hundred = [](SequenceState state) -> Result<SequenceState> {
    return SequenceState{state.last_value + 100, true};
  };
  ASSERT_TRUE(store_->AdvanceSequence(1, PlusOne).ok());
  const int64_t stepped = store_->AdvanceSequence(1, plus_hundred)->last_value;
  EXPECT_GT(stepped, 100);
  Crash();
  Open();
  EXPECT_GT(store_->AdvanceSequence(1, PlusOne)->last_value, stepped);
  ASSERT_TRUE(store_->WriteSequence(1, {100000, true}).ok());
  EXPECT_TRUE(store_->AdvanceSequence(1, PlusOne).status().Is(sqlstate::kSequenceLimit));
  ASSERT_TRUE(store_->DropSequence(1).ok());
  EXPECT_FALSE(store_->ReadSequence(1).ok());
}

}  // namespace
}  // namespace omen::rowstore
