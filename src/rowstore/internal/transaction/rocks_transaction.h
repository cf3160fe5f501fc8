// A transaction on RocksDB's TransactionDB: its locks and its write buffer, our views, our
// commit queue.
#pragma once

#include <rocksdb/utilities/transaction.h>

#include <memory>
#include <mutex>
#include <string>
#include <unordered_set>
#include <vector>

#include "base/memory_meter.h"
#include "rowstore/internal/commit/commit_queue.h"
#include "rowstore/internal/engine/engine.h"
#include "rowstore/internal/view/view_set.h"
#include "rowstore/rowstore.h"

namespace omen::rowstore {

/// RocksDB transactions to use again: making one anew costs more than a small commit's CPU.
class TransactionPool {
 public:
  explicit TransactionPool(std::shared_ptr<Engine> engine) : engine_(std::move(engine)) {}
  std::unique_ptr<rocksdb::Transaction> Take();
  /// Of a transaction that was rolled back.
  void Give(std::unique_ptr<rocksdb::Transaction> transaction);

 private:
  const std::shared_ptr<Engine> engine_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<rocksdb::Transaction>> idle_;
};

/// What one transaction holds in memory: buffered writes and locked keys, charged to its session
/// and limited by the store. One thread.
class TransactionCharges {
 public:
  /// What to cut back to.
  struct Mark {
    size_t bytes, lock_count;
    int64_t lock_bytes, charged;
  };

  explicit TransactionCharges(size_t bytes_max) : bytes_max_(bytes_max) {}
  void set_memory(const MemoryAccountPtr& account) {
    if (memory_.account() != account) memory_ = MemoryMeter(account);
  }

  void BeginStatement() { written_before_ = written_; }
  /// A write to be buffered. 53200, or 54000 beyond the store's limit.
  Status Write(std::string_view key, size_t value_bytes);
  /// A key to be locked for reading, by `transaction`; null: it has locked none yet. 53200.
  Status Lock(std::string_view key, const rocksdb::Transaction* transaction);
  /// A key kept as unchanged since the view. 53200.
  Status Unchanged(std::string_view key);
  Mark mark() const { return {bytes_, lock_count_, lock_bytes_, memory_.used()}; }
  void RollBackTo(const Mark& mark);
  void Clear();

 private:
  void RecountLocks(const rocksdb::Transaction* transaction);

  const size_t bytes_max_;
  size_t bytes_ = 0;
  int64_t written_ = 0, written_before_ = 0;  // keys and values: of all, before this statement
  MemoryMeter memory_;
  // Of keys locked for reading: how many and how large, as far as they were told apart.
  size_t lock_count_ = 0;
  int64_t lock_bytes_ = 0, recount_at_ = kFirstRecount;
  static constexpr int64_t kFirstRecount = 4 << 20;
};

/// What all transactions of a store share. A transaction that has ended no longer uses it.
struct TransactionParts {
  Engine* engine;
  ViewSet* views;
  CommitQueue* commits;
  TransactionPool* pool;
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
  bool waited() const override { return waited_; }
  bool ViewIsNewest() const override;
  Result<bool> PeekNewest(std::string_view key, std::string* value) override;
  void UndoGetForUpdate(std::string_view key) override;
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

  rocksdb::Transaction& Open();
  const rocksdb::ReadOptions& ReadOptionsNow();
  /// Before a wait for a lock: how long until the next look at token and time limit.
  std::chrono::milliseconds NextWait(bool first,
                                     std::chrono::steady_clock::time_point* deadline) const;
  /// Runs `attempt`, which takes a lock, until it has it or must give up.
  template <typename Attempt>
  Status WithLock(Wait wait, Attempt attempt);
  /// What the lock table says this transaction waits for, asked by the wait graph's thread.
  WaitGraph::Blockers RowBlockers() const;
  Status LockFailure(const rocksdb::Status& status) const;
  /// REPEATABLE READ, key locked: 40001 when it changed after the view.
  Status CheckUnchanged(std::string_view key);
  Status LockUnchanged(std::string_view key);
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
  RocksView* rocks_view_ = nullptr;                    // view_, as what it is
  std::unique_ptr<rocksdb::Transaction> transaction_;  // null before the first lock
  std::string kinds_;                                  // a ChangeKind per operation on rows
  std::vector<catalog::StorageId> changed_, filled_;
  std::vector<catalog::Mutation> mutations_;
  std::vector<Savepoint> savepoints_;
  std::unordered_set<std::string> unchanged_;  // keys that CheckUnchanged has passed
  TransactionCharges charges_;
  CommitRequest commit_;
};

}  // namespace omen::rowstore
