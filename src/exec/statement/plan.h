// A planned statement and its open execution. The rooms above make plans; Database opens them.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "exec/explain/explain_report.h"
#include "exec/statement/options.h"
#include "sql/traits/traits.h"
#include "sql/tree/statement.h"
#include "types/field_rows.h"

namespace omen::exec {

struct StatementContext;

/// Rows of a scan, a join or a grouping, estimated or counted. Which of the statement's parts
/// (sql/traits) it is, its kind and tables tell where they tell it of one part alone.
struct PartRows {
  sql::PlanPart::Kind kind;
  std::vector<Oid> tables;  // sorted
  double rows = 0;
};

/// An open execution. One thread. Destroying it abandons the rest.
class Cursor {
 public:
  virtual ~Cursor() = default;
  /// Replaces `rows` with at most `max` next rows; empty at the end. A DML statement has done
  /// all its work when Open returns; a read is done as it is pulled.
  virtual Status Next(std::vector<Row>* rows, size_t max) = 0;
  /// Whether NextFields may be called, in Next's place.
  virtual bool has_fields() const { return false; }
  /// The next rows, as many as the store gives at once; none at the end. They live until the next
  /// call.
  virtual Result<FieldRange> NextFields();
  /// Rows affected (DML) or returned so far, for the command tag.
  virtual uint64_t row_count() const = 0;
  /// What that has taken so far.
  struct Spent {
    uint64_t rows_read = 0;  // from storage
    uint64_t bytes = 0;      // of what has no fixed size in the rows returned
    int64_t engine_us = 0;   // of the column engine's operators on all threads
    /// Of those parts that were counted whole.
    std::vector<PartRows> parts;
  };
  virtual Spent spent() const { return {}; }
};

/// Bytes of what has no fixed size in a row.
size_t PayloadBytes(const Row& row, const std::vector<Type>& types);

/// A planned statement: immutable, shared between sessions, valid for one catalogue version.
class Plan {
 public:
  virtual ~Plan() = default;
  const std::shared_ptr<const sql::Statement>& statement() const { return statement_; }
  const std::vector<sql::OutputColumn>& outputs() const { return outputs_; }
  bool returns_rows() const { return returns_rows_; }
  /// Known to touch only a few rows, found by key: done in microseconds unless it must wait.
  virtual bool is_brief() const { return false; }

 protected:
  std::shared_ptr<const sql::Statement> statement_;
  std::vector<sql::OutputColumn> outputs_;
  bool returns_rows_ = false;
};

/// Every plan of `exec`: it was given what it uses when it was made. Immutable; many sessions
/// open one at once. The caller keeps the plan alive for as long as the cursor.
class ExecutablePlan : public Plan {
 public:
  virtual Result<std::unique_ptr<Cursor>> Open(Row params, StatementContext* context) const = 0;
  /// Adds the plan for EXPLAIN. The default says only the command tag.
  virtual Status Explain(const Row& params, StatementContext* context,
                         const ExplainOptions& options, ExplainReport* report) const;
  /// How the last part of the work is named in the query history when the plan is not a read.
  virtual Path path() const { return Path::kUtility; }
  /// Polls for each row it reads (StatementRun), so that it passes its place on by itself when
  /// there are many.
  virtual bool polls() const { return false; }

  void set_statement(std::shared_ptr<const sql::Statement> statement) {
    statement_ = std::move(statement);
  }
};

using PlanResult = Result<std::shared_ptr<const ExecutablePlan>>;

}  // namespace omen::exec
