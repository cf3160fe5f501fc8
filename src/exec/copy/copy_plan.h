// COPY in both directions as plans.
#pragma once

#include <memory>
#include <vector>

#include "exec/write/dml_plan.h"

namespace omen::exec {

/// Both directions. `services` outlives the plan.
PlanResult MakeCopyPlan(const WriteServices& services,
                        std::shared_ptr<const sql::Statement> statement,
                        std::shared_ptr<const catalog::Snapshot> catalog);

/// COPY table FROM STDIN. Immutable; shared.
class CopyFromPlan final : public ExecutablePlan {
 public:
  Status Prepare(const WriteServices& services, std::shared_ptr<const sql::Statement> statement,
                 const std::shared_ptr<const catalog::Snapshot>& catalog,
                 std::shared_ptr<const catalog::Table> table, std::vector<int> attnums);
  Result<std::unique_ptr<Cursor>> Open(Row params, StatementContext* context) const override;
  Path path() const override { return Path::kRow; }

  const sql::Copy& copy() const { return std::get<sql::Copy>(statement_->body); }
  rowstore::RowStore* store() const { return store_; }
  const std::vector<int>& attnums() const { return attnums_; }
  const std::shared_ptr<const TableWritePlan>& write_plan() const { return write_plan_; }

 private:
  rowstore::RowStore* store_ = nullptr;
  std::vector<int> attnums_;
  std::shared_ptr<const TableWritePlan> write_plan_;
};

/// COPY table or (query) TO STDOUT: a SELECT whose rows are formatted as they come.
class CopyToPlan final : public ExecutablePlan {
 public:
  CopyToPlan(std::shared_ptr<const sql::Statement> statement,
             std::shared_ptr<const ExecutablePlan> source);
  Result<std::unique_ptr<Cursor>> Open(Row params, StatementContext* context) const override;
  Path path() const override { return source_->path(); }

 private:
  const sql::Copy& copy() const { return std::get<sql::Copy>(statement_->body); }
  std::shared_ptr<const ExecutablePlan> source_;
};

}  // namespace omen::exec
