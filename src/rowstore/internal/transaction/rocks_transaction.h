// A transaction on RocksDB: reads through its view, locks, buffered writes, a place in the commit
// queue.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <unordered_set>
#include <vector>

#include "base/memory_meter.h"
#include "rowstore/internal/commit/commit_queue.h"
#include "rowstore/internal/engine/engine.h"
#include "rowstore/internal/lock/lock_table.h"
#include "rowstore/internal/lookup/committed_rows.h"
#include "rowstore/internal/transaction/own_writes.h"
#include "rowstore/internal/view/view_set.h"
#include "rowstore/rowstore.h"

namespace omen::rowstore {

/// What a transaction has from its first lock on.
struct WriteSpace {
  explicit WriteSpace(LockTable* table) : locks(table) {}
  HeldLocks locks;
  OwnWrites writes;
};

/// Spaces to use again: making one anew costs more than a small commit's CPU.
class WriteSpaces {
 public:
  explicit WriteSpaces(LockTable* locks) : locks_(locks) {}
  std::unique_ptr<WriteSpace> Take();
  /// Of a transaction that has ended: its locks were given back.
  void Give(std::unique_ptr<WriteSpace> space);

 private:
  LockTable* const locks_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<WriteSpace>> idle_;
};

/// What one transaction holds in memory: buffered writes and locked keys, charged to its session
/// and limited by the store. One thread.
class TransactionCharges {
 public:
  /// What to cut back to.
  struct Mark {
    size_t bytes;
    int64_t charged;
  };

  explicit TransactionCharges(size_t bytes_max) : bytes_max_(bytes_max) {}
  void set_memory(const MemoryAccountPtr& account) {
    if (memory_.account() != account) memory_ = MemoryMeter(account);
  }

  void BeginStatement() { written_before_ = written_; }
  /// A write to be buffered. 53200, or 54000 beyond the store's limit.
  Status Write(std::string_view key, size_t value_bytes);
  /// A lock that was taken, for the first time or again. 53200.
  Status Lock(bool is_new);
  /// One that was taken back.
  void Unlock(bool was_new);
  /// A key kept as unchanged since the view. 53200.
  Status Unchanged(std::string_view key);
  Mark mark() const { return {bytes_, memory_.used()}; }
  void RollBackTo(const Mark& mark);
  void Clear();

 private:
  const size_t bytes_max_;
  size_t bytes_ = 0;
  int64_t written_ = 0, written_before_ = 0;  // keys and values: of all, before this statement
  MemoryMeter memory_;
};

/// What all transactions of a store share. A transaction that has ended no longer uses it.
struct TransactionParts {
  Engine* engine;
  const CommittedRows* committed;
  ViewSet* views;
  CommitQueue* commits;
  WriteSpaces* spaces;
  WaitGraph* waits;
};

class RocksTransaction final : public Transaction {
 public:
  RocksTransaction(const TransactionParts& parts, IsolationLevel isolation, WaitParty* party)
      : parts_(parts),
        isolation_(isolation),
        party_(party != nullptr ? party : &own_party_),
        charges_(parts.engine->options().transaction_bytes_max) {}
  ~RocksTransaction() override { Rollback(); }

  IsolationLevel isolation() const override { return isolation_; }
  void BeginStatement() override;
  const std::shared_ptr<ReadView>& view() const override { return view_; }
  uint64_t write_count() const override {
    return kinds_.size() + mutations_.size() + filled_.size();
  }

  Result<bool> Get(std::string_view key, std::string* value) override;
  Result<bool> GetForUpdate(std::string_view key, std::string* value, Wait wait) override;
  Result<bool> RenewForUpdate(std::string_view key, std::string* value, Wait wait) override;
  bool waited() const override { return waited_; }
  bool ViewIsNewest() const override;
  Result<bool> PeekNewest(std::string_view key, std::string* value) override;
  void UndoGetForUpdate(std::string_view key) override;
  Status Lock(std::string_view key) override;
  Status Put(catalog::StorageId storage, std::string_view key, std::string_view value,
             ChangeKind kind) override;
  Status Delete(catalog::StorageId storage, std::string_view key, ChangeKind kind) override;
  void NoteStorage(catalog::StorageId storage) override { filled_.push_back(storage); }
  Status PutCatalog(const catalog::Mutation& mutation) override;

  std::unique_ptr<Iterator> Scan(const KeyRange& range, bool backward) override;
  const std::vector<catalog::StorageId>& changed_storages() const override { return changed_; }

  void SetSavepoint() override;
  Status RollbackToSavepoint() override;
  void ReleaseSavepoint() override;

  bool StartCommit(const CommitWay& way) override;
  Result<CommitId> EndCommit() override;
  void Rollback() override;

  void set_memory(const MemoryAccountPtr& account) override { charges_.set_memory(account); }
  void set_cancel(const CancelToken* cancel) override { cancel_ = cancel; }
  void set_lock_timeout(std::chrono::milliseconds timeout) override { lock_timeout_ = timeout; }

 private:
  /// What to cut back to.
  struct Savepoint {
    size_t kinds, changed, filled, mutations;
    TransactionCharges::Mark charges;
  };

  WriteSpace& Open();
  const rocksdb::ReadOptions& ReadOptionsNow();
  /// 40P01, 55P03, or the token's reason.
  Status LockIn(const rocksdb::ColumnFamilyHandle& family, std::string_view key, Wait wait);
  Status WaitForLock(uint64_t fingerprint);
  LockTable::Taken AwaitLock(LockTable::Waiter* waiter, const WaitGraph::Wait& waiting);
  /// Asked by the wait graph's thread.
  WaitGraph::Blockers BlockersOf(uint64_t fingerprint) const;
  /// REPEATABLE READ: 40001 when the key changed after the view.
  Status LockRow(std::string_view key, Wait wait);
  /// The newest write of its own; null where it wrote none of that key.
  std::optional<OwnWrites::Write> OwnWrite(std::string_view key) const;
  void RecordChange(catalog::StorageId storage, ChangeKind kind);
  void GiveBack();
  void End();

  const TransactionParts parts_;
  const IsolationLevel isolation_;
  WaitParty own_party_;
  WaitParty* const party_;
  bool waited_ = false;
  const CancelToken* cancel_ = nullptr;
  std::chrono::milliseconds lock_timeout_{0};
  std::shared_ptr<ReadView> view_;
  RocksView* rocks_view_ = nullptr;    // view_, as what it is
  std::unique_ptr<WriteSpace> space_;  // null before the first lock
  std::string kinds_;                  // a ChangeKind per operation on rows
  std::vector<catalog::StorageId> changed_, filled_;
  std::vector<catalog::Mutation> mutations_;
  std::vector<Savepoint> savepoints_;
  std::unordered_set<std::string> unchanged_;  // keys that LockRow has passed
  TransactionCharges charges_;
  CommitRequest commit_;
};

}  // namespace omen::rowstore
