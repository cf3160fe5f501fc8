// Plans and cursors that INSERT, UPDATE and DELETE share.
#pragma once

#include <memory>
#include <vector>

#include "exec/table_writer.h"
#include "exec/write_plans.h"

namespace omen::exec {

/// Rows of RETURNING, and the count for the command tag. One thread.
class DmlCursor final : public Cursor {
 public:
  DmlCursor(std::vector<Row> returned, uint64_t affected)
      : returned_(std::move(returned)), affected_(affected) {}
  Status Next(std::vector<Row>* rows, size_t max) override;
  uint64_t row_count() const override { return affected_; }

 private:
  std::vector<Row> returned_;
  size_t next_ = 0;
  uint64_t affected_;
};

/// What every DML plan holds. Immutable.
class DmlPlan : public ExecutablePlan {
 public:
  Path path() const override { return Path::kRow; }

 protected:
  const sql::Query& query() const { return *query_; }
  Status Init(Database* database, std::shared_ptr<const sql::Statement> statement,
              const std::shared_ptr<const catalog::Snapshot>& catalog);
  const sql::Relation& target() const {
    return query_->relations[static_cast<size_t>(query_->target_relation)];
  }

  const sql::Query* query_ = nullptr;
  std::shared_ptr<const catalog::Snapshot> catalog_;
  std::shared_ptr<const TableWritePlan> write_plan_;
};

PlanResult MakeInsertPlan(Database* database, std::shared_ptr<const sql::Statement> statement,
                          std::shared_ptr<const catalog::Snapshot> catalog);
PlanResult MakeUpdatePlan(Database* database, std::shared_ptr<const sql::Statement> statement,
                          std::shared_ptr<const catalog::Snapshot> catalog);
PlanResult MakeDeletePlan(Database* database, std::shared_ptr<const sql::Statement> statement,
                          std::shared_ptr<const catalog::Snapshot> catalog);

/// 25006 when the transaction is read only.
Status CheckTransactionWritable(const StatementContext& context, std::string_view tag);

}  // namespace omen::exec
