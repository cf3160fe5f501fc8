// The row store: its parts put together, and the jobs that keep its house.
#pragma once

#include <atomic>
#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "jobs/runner.h"
#include "rowstore/internal/commit/change_log.h"
#include "rowstore/internal/commit/commit_queue.h"
#include "rowstore/internal/commit/last_commit_file.h"
#include "rowstore/internal/counter/counters.h"
#include "rowstore/internal/counter/sequences.h"
#include "rowstore/internal/engine/engine.h"
#include "rowstore/internal/lookup/committed_rows.h"
#include "rowstore/internal/storage/estimates.h"
#include "rowstore/internal/storage/quiet_flush.h"
#include "rowstore/internal/storage/storage_reaper.h"
#include "rowstore/internal/transaction/rocks_transaction.h"
#include "rowstore/internal/view/view_set.h"
#include "rowstore/rowstore.h"

namespace omen::rowstore {

/// How often LAST_COMMIT is written and freed storage looked for.
inline constexpr std::chrono::milliseconds kHousekeeping{500};

/// RowStore::Open with planted faults, for tests. `faults` may be null and outlives the store.
Result<std::unique_ptr<RowStore>> OpenRocksStore(
    const Options& options, FileFaults* faults,
    std::chrono::milliseconds housekeeping = kHousekeeping);

/// What start-up learned from the meta column family.
struct Origin {
  LastCommit last;
  std::map<uint64_t, CommitId> epochs;  // epoch -> first commit id it could write
  ManifestMark manifest;
  bool commits_lost = false;  // and the operator accepted that
};

class RocksStore final : public RowStore {
 public:
  RocksStore(std::shared_ptr<Engine> engine, std::unique_ptr<LastCommitFile> last_commit_file,
             Origin origin, std::chrono::milliseconds housekeeping);
  ~RocksStore() override;

  std::unique_ptr<Transaction> Begin(IsolationLevel isolation, WaitParty* party) override;
  WaitGraph& waits() override { return waits_; }
  std::shared_ptr<ReadView> View() override { return views_.Current(); }
  Result<bool> Get(const ReadView& view, std::string_view key, std::string* value) override;
  Status MultiGet(const ReadView& view, RowBatch* batch) override;
  std::unique_ptr<Iterator> Scan(std::shared_ptr<ReadView> view, const KeyRange& range,
                                 bool backward) override;

  CommitId last_commit() const override { return commits_.last_commit(); }
  CommitId synced_commit() const override { return commits_.synced_commit(); }
  Status SyncTo(CommitId commit) override {
    return commit <= synced_commit() ? Status::Ok() : commits_.Sync();
  }
  uint64_t epoch() const override { return commits_.epoch(); }
  uint64_t EpochOf(CommitId commit) const override;
  void AddObserver(CommitObserver* observer) override { commits_.AddObserver(observer); }
  size_t AddViewExtender(ViewExtender* extender) override;
  const ChangeClock& changes() const override { return changes_; }
  Result<bool> ReadChanges(CommitId after, const ChangeLog::Consume& consume) override {
    return change_log_.Read(after, last_commit(), consume);
  }

  Result<std::vector<catalog::Object>> LoadCatalog() override;

  Result<std::unique_ptr<BulkLoader>> NewBulkLoader(catalog::StorageId storage) override;
  Result<Oid> NewOid() override { return counters_.NewOid(); }
  Result<catalog::StorageId> NewStorageId() override { return counters_.NewStorageId(); }
  Result<uint64_t> NewRowId(catalog::StorageId storage) override {
    return counters_.NewRowId(storage);
  }

  Result<SequenceState> ReadSequence(Oid sequence) override { return sequences_.Read(sequence); }
  Status WriteSequence(Oid sequence, SequenceState state) override {
    return sequences_.Write(sequence, state);
  }
  Result<SequenceState> AdvanceSequence(Oid sequence, const Sequences::Advance& advance) override {
    return sequences_.Next(sequence, advance);
  }
  Status DropSequence(Oid sequence) override { return sequences_.Drop(sequence); }

  void DropStorage(catalog::StorageId storage) override {
    reaper_.Drop(storage);
    changes_.Forget(storage);
  }
  Status DropOrphans(const std::vector<catalog::StorageId>& live) override {
    return commits_lost_ ? reaper_.KeepOrphans(live) : reaper_.DropOrphans(live);
  }
  uint64_t EstimateRows(catalog::StorageId storage) override { return estimates_.Rows(storage); }
  uint64_t EstimateBytes(catalog::StorageId storage) override { return estimates_.Bytes(storage); }

  std::vector<CacheState> caches() override;
  Status VerifyChecksums(std::vector<std::string>* faults) override;
  Status Close() override;

 private:
  void KeepHouse(std::chrono::milliseconds housekeeping);
  Status RecordMark();
  /// Before what was not synced is: the disk may now hold any part of it.
  Status SyncLog();

  const std::shared_ptr<Engine> engine_;
  const std::map<uint64_t, CommitId> epochs_;
  WaitGraph waits_;
  LockTable locks_;
  ViewSet views_;
  ReadCache cache_;
  CommitQueue commits_;
  const CommittedRows committed_;
  ChangeClock changes_;
  WriteSpaces spaces_;
  ChangeLog change_log_;
  Counters counters_;
  Sequences sequences_;
  StorageReaper reaper_;
  QuietFlush quiet_flush_;
  Estimates estimates_;

  const std::unique_ptr<LastCommitFile> last_commit_file_;
  std::mutex mark_mutex_;  // held while the mark is written
  CommitId recorded_;
  ManifestMark manifest_;
  std::atomic<bool> recorded_unsynced_{false};
  const bool commits_lost_;
  bool closed_ = false;
  std::vector<std::unique_ptr<jobs::Job>> jobs_;
};

}  // namespace omen::rowstore
