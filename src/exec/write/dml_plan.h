// Plans and cursors that INSERT, UPDATE and DELETE share.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "exec/statement/plan.h"
#include "exec/statement/statement_run.h"
#include "exec/write/table_writer.h"

namespace omen::exec {

int64_t BytesOf(const Row& row);

/// Rows that a writing statement keeps, charged to it. One thread.
class ChargedRows {
 public:
  explicit ChargedRows(const StatementContext& context) : memory_(StatementMeter(context)) {}
  Status Add(Row row) {
    OMEN_RETURN_IF_ERROR(memory_.Charge(BytesOf(row)));
    rows_.push_back(std::move(row));
    return Status::Ok();
  }
  std::vector<Row>& rows() { return rows_; }

 private:
  MemoryMeter memory_;
  std::vector<Row> rows_;
};

/// Rows of RETURNING, and the count for the command tag. One thread.
class DmlCursor final : public Cursor {
 public:
  explicit DmlCursor(uint64_t affected) : affected_(affected) {}
  DmlCursor(ChargedRows returned, uint64_t affected)
      : returned_(std::move(returned)), affected_(affected) {}
  Status Next(std::vector<Row>* rows, size_t max) override;
  uint64_t row_count() const override { return affected_; }

 private:
  std::optional<ChargedRows> returned_;
  size_t next_ = 0;
  uint64_t affected_;
};

/// What every DML plan holds. Immutable.
class DmlPlan : public ExecutablePlan {
 public:
  Path path() const override { return Path::kRow; }

 protected:
  const sql::Query& query() const { return *query_; }
  Status Init(const WriteServices& services, std::shared_ptr<const sql::Statement> statement,
              const std::shared_ptr<const catalog::Snapshot>& catalog);
  const sql::Relation& target() const {
    return query_->relations[static_cast<size_t>(query_->target_relation)];
  }

  const sql::Query* query_ = nullptr;
  std::shared_ptr<const catalog::Snapshot> catalog_;
  std::shared_ptr<const TableWritePlan> write_plan_;
};

/// INSERT, UPDATE, DELETE (the body is a sql::Query of that kind). `services` outlives the plan.
PlanResult MakeDmlPlan(const WriteServices& services,
                       std::shared_ptr<const sql::Statement> statement,
                       std::shared_ptr<const catalog::Snapshot> catalog);
PlanResult MakeInsertPlan(const WriteServices& services,
                          std::shared_ptr<const sql::Statement> statement,
                          std::shared_ptr<const catalog::Snapshot> catalog);
PlanResult MakeUpdatePlan(const WriteServices& services,
                          std::shared_ptr<const sql::Statement> statement,
                          std::shared_ptr<const catalog::Snapshot> catalog);
PlanResult MakeDeletePlan(const WriteServices& services,
                          std::shared_ptr<const sql::Statement> statement,
                          std::shared_ptr<const catalog::Snapshot> catalog);

/// 25006 when the transaction is read only.
Status CheckTransactionWritable(const StatementContext& context, std::string_view tag);

}  // namespace omen::exec
