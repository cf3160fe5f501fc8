#include "exec/write/dml_plan.h"

#include <fmt/format.h>

namespace omen::exec {

int64_t BytesOf(const Row& row) {
  constexpr size_t kBlock = 16;  // what the allocator keeps for itself
  size_t bytes = sizeof(Row) + kBlock + row.capacity() * sizeof(Value);
  for (const Value& value : row) bytes += value.HeapBytes();
  return static_cast<int64_t>(bytes);
}

Status DmlCursor::Next(std::vector<Row>* rows, size_t max) {
  rows->clear();
  if (!returned_) return Status::Ok();
  std::vector<Row>& all = returned_->rows();
  while (next_ < all.size() && rows->size() < max) rows->push_back(std::move(all[next_++]));
  return Status::Ok();
}

Status DmlPlan::Init(const WriteServices& services, std::shared_ptr<const sql::Statement> statement,
                     const std::shared_ptr<const catalog::Snapshot>& catalog) {
  statement_ = std::move(statement);
  query_ = std::get<std::unique_ptr<sql::Query>>(statement_->body).get();
  catalog_ = catalog;
  for (const sql::TargetEntry& entry : query_->returning) outputs_.push_back(entry.output);
  returns_rows_ = !query_->returning.empty();
  OMEN_ASSIGN_OR_RETURN(write_plan_, TableWritePlan::Make(services, target().table, catalog));
  return Status::Ok();
}

Status CheckTransactionWritable(const StatementContext& context, std::string_view tag) {
  if (!context.transaction->options().read_only) return Status::Ok();
  return Status(sqlstate::kReadOnlyTransaction,
                fmt::format("cannot execute {} in a read-only transaction", tag));
}

PlanResult MakeDmlPlan(const WriteServices& services,
                       std::shared_ptr<const sql::Statement> statement,
                       std::shared_ptr<const catalog::Snapshot> catalog) {
  const auto& query = *std::get<std::unique_ptr<sql::Query>>(statement->body);
  switch (query.kind) {
    case sql::QueryKind::kInsert:
      return MakeInsertPlan(services, std::move(statement), std::move(catalog));
    case sql::QueryKind::kUpdate:
      return MakeUpdatePlan(services, std::move(statement), std::move(catalog));
    case sql::QueryKind::kDelete:
      return MakeDeletePlan(services, std::move(statement), std::move(catalog));
    case sql::QueryKind::kSelect:
      break;
  }
  return InternalError("not a writing statement");
}

}  // namespace omen::exec
