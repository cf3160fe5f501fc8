// Rows, index entries and the catalogue on RocksDB: transactions, snapshots, group
// commit and the change log. Keys and values are bytes here; key_codec.h and
// row_codec.h make them.
//
// A commit: transactions queue; whoever leads numbers them, writes their batches, the new
// `last_commit` and one log record each in a single synced write, runs the observers,
// publishes the id, releases the locks and tells those who wait.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/cancel.h"
#include "base/contention/wait_graph.h"
#include "base/memory_account.h"
#include "base/result.h"
#include "catalog/catalog.h"
#include "rowstore/change.h"
#include "rowstore/change_clock.h"
#include "rowstore/commit_way.h"
#include "rowstore/options.h"
#include "rowstore/row_batch.h"
#include "rowstore/view.h"

namespace omen::rowstore {

enum class IsolationLevel : uint8_t { kReadCommitted, kRepeatableRead };

/// One transaction: reads through a view plus its own writes, pessimistic locks, buffered
/// writes. One thread at a time. Destroying it rolls back.
class Transaction {
 public:
  virtual ~Transaction() = default;

  virtual IsolationLevel isolation() const = 0;
  /// READ COMMITTED: takes a new view; call before each statement. REPEATABLE READ: takes it
  /// the first time only.
  virtual void BeginStatement() = 0;
  virtual const std::shared_ptr<ReadView>& view() const = 0;
  bool has_writes() const { return write_count() > 0; }
  virtual uint64_t write_count() const = 0;

  /// The value this transaction sees (own writes included). False when there is none.
  virtual Result<bool> Get(std::string_view key, std::string* value) = 0;
  /// Locks the key to the end of the transaction, then reads the newest committed value (or
  /// own write). READ COMMITTED sees newer commits; REPEATABLE READ fails with 40001 when the
  /// key changed after its view. 40P01 on deadlock, 55P03 when nowait finds it locked.
  enum class Wait { kBlock, kNoWait };
  virtual Result<bool> GetForUpdate(std::string_view key, std::string* value,
                                    Wait wait = Wait::kBlock) = 0;
  /// The same of a key of which the view has shown `value`: it is read again only where a commit
  /// since the view may have written it.
  virtual Result<bool> RenewForUpdate(std::string_view key, std::string* value,
                                      Wait wait = Wait::kBlock) = 0;
  /// True when the last lock of those two had to be waited for.
  virtual bool waited() const = 0;
  /// False once a commit was published after the view.
  virtual bool ViewIsNewest() const = 0;
  /// The newest value, committed or own, neither locked nor bound to the view.
  virtual Result<bool> PeekNewest(std::string_view key, std::string* value) = 0;
  /// Takes one GetForUpdate of the key back: it is unlocked unless another, or a write, holds it.
  virtual void UndoGetForUpdate(std::string_view key) = 0;
  /// Locks the key to the end of the transaction, and reads nothing.
  virtual Status Lock(std::string_view key) = 0;
  /// Writes. The key was locked, or nobody else writes it now: an entry of an index that is not
  /// unique has its row's lock, and nobody knows a new hidden row's key. `kind` kNone for index
  /// entries.
  virtual Status Put(catalog::StorageId storage, std::string_view key, std::string_view value,
                     ChangeKind kind) = 0;
  virtual Status Delete(catalog::StorageId storage, std::string_view key, ChangeKind kind) = 0;
  /// Records that a bulk-loaded storage id becomes part of the database with this commit.
  virtual void NoteStorage(catalog::StorageId storage) = 0;
  virtual Status PutCatalog(const catalog::Mutation& mutation) = 0;

  /// Walks committed rows of the view merged with own writes made so far.
  virtual std::unique_ptr<Iterator> Scan(const KeyRange& range, bool backward = false) = 0;
  /// The storage ids this transaction has written rows of.
  virtual const std::vector<catalog::StorageId>& changed_storages() const = 0;

  /// A savepoint is a depth: 0 before the first. Rolling back keeps the savepoint itself.
  virtual void SetSavepoint() = 0;
  virtual Status RollbackToSavepoint() = 0;
  virtual void ReleaseSavepoint() = 0;

  /// Begins to commit. True when that is done. False: `way.waiting` is told when it is, and until
  /// then nothing but that may happen to the transaction.
  virtual bool StartCommit(const CommitWay& way) = 0;
  /// After it is done: ends the transaction. Without anything written: the view's id.
  virtual Result<CommitId> EndCommit() = 0;
  Result<CommitId> Commit() {
    (void)StartCommit({});
    return EndCommit();
  }
  virtual void Rollback() = 0;

  /// What it keeps until it ends, writes and locks, is charged to the account from the next call
  /// on (53200); null: to nobody. Between transactions.
  virtual void set_memory(const MemoryAccountPtr& account) = 0;
  virtual void set_cancel(const CancelToken* cancel) = 0;
  virtual void set_lock_timeout(std::chrono::milliseconds timeout) = 0;  // 0: none
};

/// Builds a storage id's whole content outside the log: rows may come in any order, are
/// sorted (spilling to disk) and ingested at Finish, which tells what went wrong. One thread.
class BulkLoader {
 public:
  virtual ~BulkLoader() = default;
  virtual Status Add(std::string_view key, std::string_view value) = 0;
  virtual void Seal() = 0;  // nothing more is added: the rest of the work begins, in the background
  /// Visible at once, so the catalogue must not name it yet. 23505: the key is in `duplicate`.
  virtual Status Finish(std::string* duplicate = nullptr) = 0;
};

struct SequenceState {
  int64_t last_value = 0;
  bool is_called = false;
  bool operator==(const SequenceState&) const = default;
};

/// One of the store's caches: what it holds, and since the start how often something was found.
struct CacheState {
  std::string_view name;  // blocks, rows or ranges
  uint64_t bytes = 0, bytes_max = 0;
  std::optional<uint64_t> entries, found, missed;
};

/// Of the library that is running, "7.8.3".
std::string EngineVersion();

/// The row store of one data directory. Any thread.
class RowStore {
 public:
  static Result<std::unique_ptr<RowStore>> Open(const Options& options);
  virtual ~RowStore() = default;

  /// `party`: the transaction as a waiter, if it waits for more than rows; outlives it.
  virtual std::unique_ptr<Transaction> Begin(IsolationLevel isolation,
                                             WaitParty* party = nullptr) = 0;
  /// Where every wait for a lock is noted.
  virtual WaitGraph& waits() = 0;
  virtual std::shared_ptr<ReadView> View() = 0;
  virtual Result<bool> Get(const ReadView& view, std::string_view key, std::string* value) = 0;
  /// Sets what each key of the batch holds.
  virtual Status MultiGet(const ReadView& view, RowBatch* batch) = 0;
  virtual std::unique_ptr<Iterator> Scan(std::shared_ptr<ReadView> view, const KeyRange& range,
                                         bool backward = false) = 0;

  /// The last acknowledged (visible) commit.
  virtual CommitId last_commit() const = 0;
  /// The machine's loss of power leaves this one and all before it.
  virtual CommitId synced_commit() const = 0;
  /// Syncs the commits up to that visible one, unless they are. 53100: the disk is full, they are
  /// not.
  virtual Status SyncTo(CommitId commit) = 0;
  /// Raised by every start, so that ids of a lost log are told from new ones.
  virtual uint64_t epoch() const = 0;
  /// The epoch in which a commit was written; 0 when there is no such commit. Whoever remembers
  /// a commit id with another epoch remembers a lost log.
  virtual uint64_t EpochOf(CommitId commit) const = 0;
  /// Add before transactions begin; removed by destroying the store.
  virtual void AddObserver(CommitObserver* observer) = 0;
  /// The same; every view taken from now on has its companion under the number returned.
  virtual size_t AddViewExtender(ViewExtender* extender) = 0;
  virtual const ChangeClock& changes() const = 0;

  /// Replays commits `after < id <= last_commit()` from the log in order. False when the log no
  /// longer reaches back to `after`: copy from a view instead. `consume` may stop with an error.
  virtual Result<bool> ReadChanges(
      CommitId after,
      const std::function<Status(const std::shared_ptr<const CommitRecord>&)>& consume) = 0;

  /// The catalogue as of the last commit.
  virtual Result<std::vector<catalog::Object>> LoadCatalog() = 0;

  virtual Result<std::unique_ptr<BulkLoader>> NewBulkLoader(catalog::StorageId storage) = 0;
  /// Durable counters, synced before they answer a new range; never reused.
  virtual Result<Oid> NewOid() = 0;
  virtual Result<catalog::StorageId> NewStorageId() = 0;
  /// A fresh hidden row id for a table without a primary key.
  virtual Result<uint64_t> NewRowId(catalog::StorageId storage) = 0;

  /// Sequences live outside transactions; each change is synced before it returns.
  virtual Result<SequenceState> ReadSequence(Oid sequence) = 0;
  virtual Status WriteSequence(Oid sequence, SequenceState state) = 0;
  /// Reserves the next value after `advance` computes the new state from the old, durably and
  /// atomically. A block of values is reserved at once, lost ones are gaps: `advance` is pure and
  /// is called many times in one call, on states that may never be taken.
  virtual Result<SequenceState> AdvanceSequence(
      Oid sequence, const std::function<Result<SequenceState>(SequenceState)>& advance) = 0;
  virtual Status DropSequence(Oid sequence) = 0;

  /// Frees a storage id once no view older than now needs it.
  virtual void DropStorage(catalog::StorageId storage) = 0;
  /// Frees every storage id not in `live`. At start only.
  virtual Status DropOrphans(const std::vector<catalog::StorageId>& live) = 0;
  /// Rough number of entries and bytes under a storage id.
  virtual uint64_t EstimateRows(catalog::StorageId storage) = 0;
  virtual uint64_t EstimateBytes(catalog::StorageId storage) = 0;

  virtual std::vector<CacheState> caches() = 0;
  /// Flushes and checks checksums of every file; a line per fault.
  virtual Status VerifyChecksums(std::vector<std::string>* faults) = 0;
  /// Writes the clean-stop record. No transactions may be open.
  virtual Status Close() = 0;
};

}  // namespace omen::rowstore
