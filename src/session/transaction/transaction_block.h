// The transaction block of a session, as PostgreSQL's xact.c moves it.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/cancel.h"
#include "base/memory_account.h"
#include "exec/database/database.h"
#include "session/portal/portals.h"
#include "session/setting/settings.h"
#include "session/transaction/notices.h"

namespace omen::session {

/// Where a session stands between its statements.
enum class BlockState : uint8_t {
  kNone,      // nothing begun
  kImplicit,  // begun by a statement, ends with it (or with its message, or at Sync)
  kExplicit,  // between BEGIN and COMMIT
  kFailed,    // the same after an error
};

/// Owns the transaction of the engine, and ends with it what stands on it: portals, savepoints,
/// changes of settings. One thread.
class TransactionBlock {
 public:
  /// All outlive it.
  struct Parts {
    exec::Database* database;
    Settings* settings;
    Portals* portals;
    Notices* notices;
    const CancelToken* token;
    MemoryAccountPtr memory;  // what its transactions keep is charged there
    int32_t backend_pid;
    Resumable* client;  // who can wait for a commit without a thread; null: nobody
  };
  explicit TransactionBlock(Parts parts) : parts_(std::move(parts)) {}

  // Where it stands.
  bool failed() const { return state_ == BlockState::kFailed; }
  /// Between BEGIN and its end, or in a message of several statements.
  bool InBlock() const;
  /// As ReadyForQuery says it: 'I', 'T' or 'E'.
  char status() const;
  /// Null: none has begun.
  exec::Transaction* transaction() { return transaction_.get(); }
  const exec::Transaction* transaction() const { return transaction_.get(); }
  /// The catalogue that a statement sees now.
  std::shared_ptr<const catalog::Snapshot> Catalog() const;
  uint64_t CatalogVersion() const;
  size_t savepoint_depth() const { return savepoints_.size(); }
  /// Of what the session itself has committed: what it reads is no older.
  rowstore::CommitId session_commit() const { return session_commit_; }
  int64_t transaction_micros() const { return transaction_micros_; }  // PostgreSQL epoch
  int64_t statement_micros() const { return statement_micros_; }
  /// now() for a statement that may not have begun its transaction yet.
  int64_t now_micros() const {
    return state_ == BlockState::kNone ? statement_micros_ : transaction_micros_;
  }
  /// 25P02 for what a failed block refuses.
  Status CheckNotFailed(bool transaction_exit) const;

  // What messages and statements do to it.
  void BeginMessage(int64_t statement_micros);
  /// Whether an implicit block spans a message of several statements.
  void SetSeveralStatements(bool several) { several_statements_ = several; }
  bool several_statements() const { return several_statements_; }
  /// For a statement of the engine: begins an implicit one where none has begun.
  Status Ensure();
  /// From now on it is too late to choose the isolation level.
  void NoteQuery() { ran_query_ = true; }
  /// After a statement: lets go of what only it needed, unless a cursor is still open.
  void EndStatement();
  /// Commits what a statement or pipeline began by itself.
  Status EndImplicit();
  /// Whether the next commit is the last that its message does: then it need not be done when the
  /// call that makes it returns. Until the next message or call.
  void LetCommitWait(bool may_wait) { commit_may_wait_ = may_wait; }
  /// A commit is not done yet: the client is told when it is, and EndCommit ends it. Nothing else
  /// may be asked for until then.
  bool commits() const { return commits_; }
  Status EndCommit();
  /// After an error: ends an implicit transaction, marks an explicit one failed.
  void Fail();
  /// After a fault: nothing of the transaction is trusted, savepoints go with it.
  void Abandon();

  /// BEGIN, COMMIT, ROLLBACK, SAVEPOINT... `tag`: what CommandComplete says, where it differs.
  Status Run(const sql::TransactionControl& control, std::string* tag);
  /// SET TRANSACTION, SET SESSION CHARACTERISTICS.
  Status Set(const sql::SetTransaction& set);

 private:
  struct SavepointMark {
    std::string name;
    size_t settings_mark;
  };
  exec::TransactionOptions DefaultOptions() const;
  Status Begin(BlockState state, const exec::TransactionOptions& options);
  Status Commit();
  void Rollback();
  /// Back to the last savepoint, so that what was locked since is free for others.
  Status UndoToSavepoint();
  void SetWaits();
  bool IsImplicit() const { return state_ == BlockState::kNone || state_ == BlockState::kImplicit; }

  // transaction_control.cc
  Status RunBegin(const sql::TransactionControl& control);
  Status RunCommit(const sql::TransactionControl& control, std::string* tag);
  Status RunRollback(const sql::TransactionControl& control);
  Status RunSavepoint(const sql::TransactionControl& control);
  Status SetDefaults(const sql::SetTransaction& set);

  const Parts parts_;
  BlockState state_ = BlockState::kNone;
  bool ran_query_ = false;
  bool several_statements_ = false;
  bool commit_may_wait_ = false;
  bool commits_ = false;
  bool wrote_ = false;  // what is being committed
  exec::TransactionOptions options_;
  std::vector<SavepointMark> savepoints_;
  rowstore::CommitId session_commit_ = 0;
  int64_t transaction_micros_ = 0;
  int64_t statement_micros_ = 0;
  std::unique_ptr<exec::Transaction> transaction_;
  std::unique_ptr<exec::Transaction> ended_;  // for the next
};

}  // namespace omen::session
