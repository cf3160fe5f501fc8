// A planned statement and its open execution. The rooms above make plans; Database opens them.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "exec/statement/options.h"
#include "sql/tree/statement.h"

namespace omen::exec {

struct StatementContext;

/// An open execution. One thread. Destroying it abandons the rest.
class Cursor {
 public:
  virtual ~Cursor() = default;
  /// Replaces `rows` with at most `max` next rows; empty at the end. A DML statement has done
  /// all its work when Open returns; a read is done as it is pulled.
  virtual Status Next(std::vector<Row>* rows, size_t max) = 0;
  /// Rows affected (DML) or returned so far, for the command tag.
  virtual uint64_t row_count() const = 0;
  /// What that has taken so far.
  struct Spent {
    uint64_t rows_read = 0;  // from storage
    uint64_t bytes = 0;      // of what has no fixed size in the rows returned
  };
  virtual Spent spent() const { return {}; }
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

/// What EXPLAIN shows of a plan: lines of a tree, two spaces deeper per level.
struct ExplainOptions {
  bool analyze = false, verbose = false, costs = true, timing = true;
};

/// Every plan of `exec`: it was given what it uses when it was made. Immutable; many sessions
/// open one at once. The caller keeps the plan alive for as long as the cursor.
class ExecutablePlan : public Plan {
 public:
  virtual Result<std::unique_ptr<Cursor>> Open(Row params, StatementContext* context) const = 0;
  /// Appends the plan tree for EXPLAIN. The default says only the command tag.
  virtual Status Explain(const Row& params, StatementContext* context,
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

}  // namespace omen::exec
