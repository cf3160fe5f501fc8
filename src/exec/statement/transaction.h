// One session's transaction over both stores and the catalogue.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/cancel.h"
#include "base/contention/wait_graph.h"
#include "base/memory_meter.h"
#include "base/result.h"
#include "catalog/catalog.h"
#include "exec/statement/internal/catalog_draft.h"
#include "exec/statement/internal/end_work.h"
#include "exec/statement/internal/seen_catalog.h"
#include "exec/statement/relation_locks.h"
#include "exec/statement/storage_ages.h"
#include "replica/replica.h"
#include "rowstore/rowstore.h"
#include "sql/tree/statement.h"

namespace omen::statistics {
class Statistics;
}

namespace omen::exec {

/// What the transactions of one server work on; outlives them.
struct TransactionServices {
  rowstore::RowStore* rows = nullptr;
  replica::Replica* replica = nullptr;  // null: there are no columns
  catalog::Catalog* catalog = nullptr;
  RelationLocks* locks = nullptr;
  const StorageAges* ages = nullptr;
  HiddenIndexes* hidden = nullptr;
  statistics::Statistics* statistics = nullptr;  // null: rows are not counted
};

struct TransactionOptions {
  sql::Isolation isolation = sql::Isolation::kReadCommitted;
  bool read_only = false;
};

/// A transaction: row-store writes, a draft catalogue once it has DDL, relation locks, and a
/// pinned column snapshot where REPEATABLE READ uses columns. One thread. Destroying it rolls
/// back. SERIALIZABLE is refused with 0A000 before one is made.
class Transaction {
 public:
  Transaction(const TransactionServices& services, const TransactionOptions& options);
  ~Transaction();
  /// After it has ended: begins another, for less than a new one costs.
  void Restart(const TransactionOptions& options);

  /// The backend's number, for messages about deadlocks.
  void SetPid(int32_t pid) { party_.pid.store(pid); }
  /// What it keeps until it ends is charged to the account, by 53200. Before it has begun.
  void SetMemory(const MemoryAccountPtr& account);
  /// What a statement waits by; kept until the next call.
  void SetWaits(const CancelToken* cancel, int64_t lock_timeout_ms);
  /// After the statement's relation locks are held: READ COMMITTED takes a new view.
  void BeginStatement();
  /// A REPEATABLE READ transaction that will only read: as of this view. Before it reads.
  void ReadAt(std::shared_ptr<rowstore::ReadView> view);
  /// After a statement ended: lets go of what only that statement needed.
  void EndStatement();

  const TransactionOptions& options() const { return options_; }
  bool repeatable() const { return options_.isolation == sql::Isolation::kRepeatableRead; }
  bool has_snapshot() const { return began_statement_; }
  Status SetIsolation(sql::Isolation isolation);  // 25001 after the first statement
  Status SetReadOnly(bool read_only);

  /// The catalogue this transaction sees: the published one, with its own changes over it.
  /// REPEATABLE READ whose view is older than an index gets a version of its own, under which
  /// plans do not read that index.
  std::shared_ptr<const catalog::Snapshot> catalog() const;
  uint64_t catalog_version() const;
  /// False when the view is older than what the storage holds (REPEATABLE READ).
  bool SeesStorage(catalog::StorageId storage) const;
  /// True when catalog() is a version of this transaction's own for the sake of its view.
  bool HidesIndexes() const { return seen_.hides(); }
  /// What this transaction has changed in it.
  const CatalogDraft& draft() const { return draft_; }
  /// The draft, made on first use and brought up to the published catalogue. Take the relation
  /// locks that the change needs first.
  catalog::Builder& MutableCatalog() { return draft_.Change(); }
  /// Charges for the definitions that a statement has put into the draft behind the first so many.
  /// 54000 for one that is too large.
  Status ChargeCatalog(size_t before) { return draft_.Charge(before, &memory_); }
  /// Storages to free and actions to run when it ends.
  EndWork& end_work() { return end_work_; }

  rowstore::Transaction& rows() { return *rows_; }
  const std::shared_ptr<rowstore::ReadView>& view() const {
    return given_view_ != nullptr ? given_view_ : rows_->view();
  }
  /// Takes a lock in a PostgreSQL mode to the end of the transaction.
  Status Lock(LockTag tag, LockMode mode, bool nowait = false);
  Status LockRelation(Oid relation, LockMode mode, bool nowait = false) {
    return Lock(RelationTag(relation), mode, nowait);
  }

  /// A new storage id of a table, filled from outside the log with so many rows.
  void NoteFill(catalog::StorageId storage, uint64_t rows);
  /// True for tables it has changed (rows or definition), which columns do not show.
  bool HasChanged(catalog::StorageId storage) const;
  bool has_writes() const { return rows_->has_writes() || draft_.begun(); }

  /// The pinned pair of views; null when none was taken.
  replica::Pin* pin() { return pin_.get(); }
  /// Pins now: for a mixed statement, or before the first statement of a REPEATABLE READ
  /// transaction that will use columns (its row view is then the pin's). READ COMMITTED lets go
  /// of it at EndStatement.
  Result<replica::Pin*> TakePin();

  Status Savepoint(const std::string& name);
  Status RollbackTo(const std::string& name);  // 3B001 if there is none
  Status Release(const std::string& name);

  /// Begins to commit rows and catalogue, in one row-store write. True when that is done. False:
  /// `way.waiting` is told when it is, until when the transaction is to be left alone.
  bool StartCommit(const rowstore::CommitWay& way);
  /// After it is done. On error everything was rolled back.
  Result<rowstore::CommitId> EndCommit();
  void Rollback();

 private:
  struct SavepointState {
    std::string name;
    bool read_only, had_draft;
    CatalogDraft::Mutations mutations;
    EndWork::Mark end_work;
    int64_t charged, draft_bytes;
  };
  Result<size_t> FindSavepoint(const std::string& name) const;
  void PopSavepoint();
  void End();

  const TransactionServices& services_;
  TransactionOptions options_;
  WaitParty party_;
  RelationLocks::Holder locks_;
  std::unique_ptr<rowstore::Transaction> rows_;
  CatalogDraft draft_;
  mutable SeenCatalog seen_;
  EndWork end_work_;
  std::unique_ptr<replica::Pin> pin_;
  std::shared_ptr<rowstore::ReadView> given_view_;
  std::vector<SavepointState> savepoints_;
  MemoryMeter memory_;  // of savepoints and the draft; rows_ has its own
  const CancelToken* cancel_ = nullptr;
  int64_t lock_timeout_ms_ = 0;
  uint64_t view_catalog_version_ = 0;  // published when the view was taken, or before
  bool began_statement_ = false;
  Status commit_failure_;  // before there was anything to wait for
};

/// The thread waits.
Result<rowstore::CommitId> CommitNow(Transaction* transaction);

}  // namespace omen::exec
