// The engine as `session` sees it: plan a bound statement, run it in a transaction,
// read its rows. Routes reads to rows, columns or both.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/cancel.h"
#include "base/clock.h"
#include "base/result.h"
#include "catalog/catalog.h"
#include "exec/options.h"
#include "exec/relation_locks.h"
#include "exec/transaction.h"
#include "functions/registry.h"
#include "obs/query_history.h"
#include "replica/replica.h"
#include "rowstore/rowstore.h"
#include "sql/statement.h"

namespace omen::answers {
class Checker;
}

namespace omen::exec {

/// Feeds COPY FROM STDIN: raw bytes as the client sent them.
class CopySource {
 public:
  virtual ~CopySource() = default;
  /// Appends the next chunk; false at CopyDone. 57014 with the client's text on CopyFail.
  virtual Result<bool> Read(std::string* chunk) = 0;
};

/// Takes COPY TO STDOUT: one row (or header) a call, blocking when the client is slow.
class CopySink {
 public:
  virtual ~CopySink() = default;
  virtual Status Write(std::string_view data) = 0;
};

/// How a statement was run, told by Open.
struct RunReport {
  Path path = Path::kUtility;
  std::string reason;
  rowstore::CommitId snapshot_commit = 0;  // of the rows read
  rowstore::CommitId watermark = 0;        // of the columns read

  /// Uses the memory of the last report again.
  void Begin(Path on, std::string_view why) {
    path = on;
    reason = why;
    snapshot_commit = watermark = 0;
  }
};

/// Everything one statement's run may use. One thread; outlives the cursor.
struct StatementContext {
  Transaction* transaction = nullptr;
  ExecOptions options;
  functions::CallContext call;
  CancelToken* cancel = nullptr;
  rowstore::CommitId session_commit = 0;  // the session's last own commit
  std::vector<std::string> search_path;
  std::string user;
  std::string_view text;  // the statement as written, for the history
  uint64_t session_id = 0;
  CopySource* copy_source = nullptr;
  CopySink* copy_sink = nullptr;
  std::function<void(const Status& notice)> notice;  // severity NOTICE/WARNING by SQLSTATE class
  RunReport report;
  AnswerCheck check = AnswerCheck::kNone;
};

/// An open execution. One thread. Destroying it abandons the rest.
class Cursor {
 public:
  virtual ~Cursor() = default;
  /// Replaces `rows` with at most `max` next rows; empty at the end. A DML statement has done
  /// all its work when Open returns; a read is done as it is pulled.
  virtual Status Next(std::vector<Row>* rows, size_t max) = 0;
  /// Rows affected (DML) or returned so far, for the command tag.
  virtual uint64_t row_count() const = 0;
};

/// A planned statement: immutable, shared between sessions, valid for one catalogue version.
class Plan {
 public:
  virtual ~Plan() = default;
  const std::shared_ptr<const sql::Statement>& statement() const { return statement_; }
  const std::vector<sql::OutputColumn>& outputs() const { return outputs_; }
  bool returns_rows() const { return returns_rows_; }

 protected:
  std::shared_ptr<const sql::Statement> statement_;
  std::vector<sql::OutputColumn> outputs_;
  bool returns_rows_ = false;
};

struct DatabaseParts {
  rowstore::RowStore* rows = nullptr;
  replica::Replica* replica = nullptr;  // null: row path only (tests)
  catalog::Catalog* catalog = nullptr;
  obs::QueryHistory* history = nullptr;
  answers::Checker* checker = nullptr;  // null: reads are not checked
  const Clock* clock = nullptr;
  /// Makes the SCRAM verifier that a role keeps instead of its password.
  Result<std::string> (*password_verifier)(std::string_view password) = nullptr;
};

class ReadServices;

/// The server's engine. Any thread.
class Database {
 public:
  explicit Database(const DatabaseParts& parts);
  ~Database();

  /// 0A000 for SERIALIZABLE. `ended`: one to use again, or null.
  Result<std::unique_ptr<Transaction>> Begin(const TransactionOptions& options,
                                             std::unique_ptr<Transaction> ended = nullptr);

  /// Plans SELECT, INSERT, UPDATE, DELETE, COPY, EXPLAIN and DDL. Session statements (SET, BEGIN,
  /// PREPARE, cursors...) never come here. `catalog` is what it was bound against.
  Result<std::shared_ptr<const Plan>> MakePlan(std::shared_ptr<const sql::Statement> statement,
                                               std::shared_ptr<const catalog::Snapshot> catalog);
  /// Runs it: locks, takes the statement's view, opens. Parameters are already of the statement's
  /// parameter types. IsStalePlan (statement_locks.h): bind and plan again. Destroy the cursor
  /// before the transaction and the context.
  Result<std::unique_ptr<Cursor>> Open(std::shared_ptr<const Plan> plan, Row params,
                                       StatementContext* context);

  const DatabaseParts& parts() const { return parts_; }
  RelationLocks& relation_locks() { return relation_locks_; }
  ReadServices& read_services() { return *read_services_; }

  /// Sequence functions, for SessionHooks.
  Result<int64_t> NextSequenceValue(const catalog::Sequence& sequence);

 private:
  DatabaseParts parts_;
  RelationLocks relation_locks_;
  std::unique_ptr<ReadServices> read_services_;
};

}  // namespace omen::exec
