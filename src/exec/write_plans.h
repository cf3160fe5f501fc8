// The seam inside this folder: Database dispatches a bound statement to one of these
// makers, and opens what they return.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "exec/database.h"

namespace omen::exec {

/// What EXPLAIN shows of a plan: lines of a tree, two spaces deeper per level.
struct ExplainOptions {
  bool analyze = false, verbose = false, costs = true, timing = true;
};

/// Every plan of this folder. Immutable; many sessions open one at once. The caller keeps
/// the plan alive for as long as the cursor.
class ExecutablePlan : public Plan {
 public:
  virtual Result<std::unique_ptr<Cursor>> Open(Database* database, Row params,
                                               StatementContext* context) const = 0;
  /// Appends the plan tree for EXPLAIN. The default says only the command tag.
  virtual Status Explain(Database* database, const Row& params, StatementContext* context,
                         const ExplainOptions& options, std::vector<std::string>* lines) const;
  /// How the last part of the work is named in the query history when the plan is not a read.
  virtual Path path() const { return Path::kUtility; }
  /// Known to touch only a few rows, found by key: done in microseconds unless it must wait.
  virtual bool is_brief() const { return false; }

  void set_statement(std::shared_ptr<const sql::Statement> statement) {
    statement_ = std::move(statement);
  }
};

using PlanResult = Result<std::shared_ptr<const ExecutablePlan>>;

/// INSERT, UPDATE, DELETE (body is a sql::Query of that kind). dml_*.cc.
PlanResult MakeDmlPlan(Database* database, std::shared_ptr<const sql::Statement> statement,
                       std::shared_ptr<const catalog::Snapshot> catalog);
/// CREATE/ALTER/DROP/TRUNCATE, roles, VACUUM, LOCK TABLE, COMMENT. ddl_*.cc.
PlanResult MakeDdlPlan(Database* database, std::shared_ptr<const sql::Statement> statement,
                       std::shared_ptr<const catalog::Snapshot> catalog);
/// COPY in both directions. copy_*.cc.
PlanResult MakeCopyPlan(Database* database, std::shared_ptr<const sql::Statement> statement,
                        std::shared_ptr<const catalog::Snapshot> catalog);
/// A SELECT: a statement of its own, or the query inside INSERT ... SELECT, CREATE TABLE AS,
/// COPY (query) TO; `query` may alias a part of `statement` (shared_ptr's aliasing constructor).
PlanResult MakeSelectPlan(Database* database, std::shared_ptr<const sql::Statement> statement,
                          std::shared_ptr<const sql::Query> query,
                          std::shared_ptr<const catalog::Snapshot> catalog);

}  // namespace omen::exec
