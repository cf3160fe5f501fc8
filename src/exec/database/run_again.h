// A read that may be run again later, as its session would have run it then.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "exec/database/database.h"

namespace omen::exec {

/// Holds by value what the session knew. Any thread, one at a time.
class RunAgain {
 public:
  RunAgain(Database* database, std::shared_ptr<const Plan> plan, Row params,
           const StatementContext& first);

  /// One run under way, neither recorded nor checked. Immovable: the parts refer to each other.
  struct Run {
    std::unique_ptr<Transaction> transaction;
    StatementContext context;
    std::unique_ptr<Cursor> cursor;
  };
  /// On that path, of what `at` shows, or of the latest where there is none. A schema change goes
  /// first: 55P03 where it has what the read needs.
  Status Open(Route route, std::shared_ptr<rowstore::ReadView> at, CancelToken* cancel,
              Run* run) const;

  const Plan& plan() const { return *plan_; }

 private:
  Database* database_;
  std::shared_ptr<const Plan> plan_;
  Row params_;
  ExecOptions options_;
  functions::CallContext call_;
  std::vector<std::string> search_path_;
  std::string user_;
  uint64_t values_;
};

/// The query of a statement that is a SELECT; else null.
const sql::Query* ReadOf(const Plan& plan);

}  // namespace omen::exec
