// What the writing statements read: the rows UPDATE and DELETE act on, planned as SELECT
// is planned, and expressions over rows at hand (RETURNING, ON CONFLICT, CHECK, DEFAULT).
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "exec/statement/context.h"
#include "exec/write/write_services.h"
#include "sql/command/bind.h"
#include "sql/tree/query.h"

namespace omen::exec {

/// One row to change. Reading it has locked it.
struct SourceRow {
  std::string key;    // the target's full row key
  std::string bytes;  // its newest encoded value
  Row row;            // the same by attnum - 1
  Row set_values;     // one per Query.set over the newest row; null where the entry is DEFAULT
  Row scope;          // what Returning needs of the joined rows
};

/// The open read of an UPDATE or DELETE. One thread.
class RowSource {
 public:
  virtual ~RowSource() = default;
  /// The next target row that qualifies, locked (40001, 40P01, 55P03 pass through) and, in READ
  /// COMMITTED, checked again on its newest version. Each target row comes once. False at the
  /// end. Finish reading before the first write: iterators see own later writes.
  virtual Result<bool> Next(SourceRow* out) = 0;
  /// RETURNING's values, `written` (by attnum - 1) standing for the target row.
  virtual Status Returning(const SourceRow& source, const Row& written, Row* out) = 0;
};

/// Immutable; many sessions open one at once.
class RowSourcePlan {
 public:
  virtual ~RowSourcePlan() = default;
  virtual Result<std::unique_ptr<RowSource>> Open(const Row* params,
                                                  StatementContext* context) const = 0;
  virtual void Explain(std::vector<ExplainNode>* nodes) const = 0;
  /// At most a few rows, found by key.
  virtual bool is_key_lookup() const = 0;
};

/// `query` is an UPDATE or DELETE and outlives the plan.
Result<std::unique_ptr<RowSourcePlan>> MakeRowSource(
    const WriteServices& services, const sql::Query& query,
    std::shared_ptr<const catalog::Snapshot> catalog);

/// Evaluates RowExpressions over rows set by the caller. One thread.
class RowEvaluation {
 public:
  virtual ~RowEvaluation() = default;
  /// `row` is by attnum - 1 of a table relation (or `excluded`), by column otherwise.
  virtual void SetRow(int relation, const Row& row) = 0;
  /// From now on these are the parameters, as many as at first. Takes them.
  virtual void SetParams(std::span<Value> params) = 0;
  virtual Status Eval(size_t expression, Value* out) = 0;
};

/// Compiled expressions over whole rows; subqueries allowed. Immutable, shared.
class RowExpressions {
 public:
  virtual ~RowExpressions() = default;
  virtual std::unique_ptr<RowEvaluation> Open(const Row* params,
                                              StatementContext* context) const = 0;
};

/// Over the relations of `query` (INSERT's target, `excluded`); all outlive the result.
Result<std::unique_ptr<RowExpressions>> CompileRowExpressions(
    const WriteServices& services, const sql::Query& query,
    const std::vector<const sql::Expr*>& expressions,
    std::shared_ptr<const catalog::Snapshot> catalog);
/// Over one table as relation 0, as sql::BindTableExpr makes them (CHECK, DEFAULT, USING).
/// `table` may be null where no column is used.
Result<std::unique_ptr<RowExpressions>> CompileTableExpressions(
    const WriteServices& services, const catalog::Table* table,
    const std::vector<const sql::Expr*>& expressions,
    std::shared_ptr<const catalog::Snapshot> catalog);

}  // namespace omen::exec
