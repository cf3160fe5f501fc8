// The engine as `session` sees it: plan a bound statement, run it in a transaction, read its rows.
#pragma once

#include <memory>

#include "exec/statement/context.h"
#include "exec/statement/plan.h"

namespace omen::answers {
class Checker;
}
namespace omen::jobs {
class Runner;
}
namespace omen::memo {
class Memo;
}
namespace omen::obs {
class QueryHistory;
}
namespace omen::router {
class Router;
}
namespace omen::statistics {
class Statistics;
}

namespace omen::exec {

/// What an engine is made of. All outlive it.
struct DatabaseParts {
  rowstore::RowStore* rows = nullptr;
  replica::Replica* replica = nullptr;  // null: row path only (tests)
  catalog::Catalog* catalog = nullptr;
  router::Router* router = nullptr;  // null: the rules
  obs::QueryHistory* history = nullptr;
  answers::Checker* checker = nullptr;  // null: reads are not checked
  jobs::Runner* jobs = nullptr;         // null: nothing is done in the background
  memo::Memo* memo = nullptr;           // null: what is learned ends with the process
  const Clock* clock = nullptr;
  /// Measures the machine for the cost model at start.
  bool calibrates = false;
  /// Makes the SCRAM verifier that a role keeps instead of its password.
  Result<std::string> (*password_verifier)(std::string_view password) = nullptr;
};

struct Services;

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

  /// What outside any transaction is published.
  const catalog::Catalog& catalog() const;
  const Clock& clock() const;
  /// For sequences, which live outside transactions, and for sizes on disk.
  rowstore::RowStore& rows();
  /// Null where nothing is done in the background.
  jobs::Runner* jobs();
  /// Of tables' data.
  const statistics::Statistics& statistics() const;

 private:
  std::unique_ptr<Services> services_;
};

}  // namespace omen::exec
