// One session's transaction over both stores and the catalogue.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "base/cancel.h"
#include "base/result.h"
#include "catalog/catalog.h"
#include "exec/relation_locks.h"
#include "replica/replica.h"
#include "rowstore/rowstore.h"
#include "sql/statement.h"

namespace omen::exec {

class Database;

struct TransactionOptions {
  sql::Isolation isolation = sql::Isolation::kReadCommitted;
  bool read_only = false;
};

/// A transaction: row-store writes, a draft catalogue once it has DDL, relation locks, and a
/// pinned column snapshot where REPEATABLE READ uses columns. One thread. Destroying it rolls
/// back. SERIALIZABLE is refused with 0A000 by Database::Begin.
class Transaction {
 public:
  Transaction(Database* database, const TransactionOptions& options);
  ~Transaction();

  /// Call before each statement: READ COMMITTED takes a new view.
  void BeginStatement(const CancelToken* cancel);

  sql::Isolation isolation() const { return options_.isolation; }
  bool read_only() const { return options_.read_only; }
  bool has_snapshot() const;  // too late for SET TRANSACTION ISOLATION LEVEL
  Status SetIsolation(sql::Isolation isolation);
  Status SetReadOnly(bool read_only);

  /// The catalogue this transaction sees: its draft, or the published one.
  std::shared_ptr<const catalog::Snapshot> catalog() const;
  bool has_catalog_draft() const { return builder_ != nullptr; }
  /// The draft, made on first use. The relation locks that DDL needs come first.
  catalog::Builder& MutableCatalog();
  /// Storage ids to free if this commits (dropped, rewritten) or if it aborts (built).
  void DropStorageAtCommit(catalog::StorageId storage);
  void DropStorageAtAbort(catalog::StorageId storage);
  void DropSequenceAtCommit(Oid sequence);

  rowstore::Transaction& rows() { return *rows_; }
  /// Takes a relation lock in a PostgreSQL mode to the end of the transaction.
  Status LockRelation(Oid relation, LockMode mode, bool nowait = false);

  /// Tables it has changed (rows or definition), which columns do not show.
  bool HasChanged(catalog::StorageId storage) const;
  bool has_writes() const;

  /// The pinned pair of views, once one was taken; null before.
  replica::Pin* pin() { return pin_.get(); }
  /// Pins now (first use of columns in REPEATABLE READ, or one mixed statement). For READ
  /// COMMITTED the pin ends with the statement.
  Result<replica::Pin*> TakePin(const CancelToken* cancel);

  Status Savepoint(const std::string& name);
  Status RollbackTo(const std::string& name);  // 3B001 if there is none
  Status Release(const std::string& name);

  /// Commits both rows and catalogue in one row-store write; the id to wait for at `session`
  /// freshness. On error everything was rolled back.
  Result<rowstore::CommitId> Commit();
  void Rollback();

 private:
  struct SavepointState {
    std::string name;
    std::shared_ptr<const catalog::Snapshot> catalog;
    size_t commit_drops, abort_drops;
  };
  Database* database_;
  TransactionOptions options_;
  RelationLocks::Holder locks_;
  std::unique_ptr<rowstore::Transaction> rows_;
  std::unique_ptr<catalog::Builder> builder_;
  std::unique_ptr<replica::Pin> pin_;
  std::vector<SavepointState> savepoints_;
  std::vector<catalog::StorageId> drop_at_commit_, drop_at_abort_;
  std::vector<Oid> sequences_at_commit_;
  std::set<catalog::StorageId> redefined_;
  bool began_statement_ = false;
};

}  // namespace omen::exec
