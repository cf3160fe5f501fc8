#include "exec/read/planned_read.h"

#include <algorithm>

#include "base/blame.h"

namespace omen::exec {

Status PlannedRead::Prepare(uint64_t catalog_version) {
  WalkQueries(*query, [&](const sql::Query& part) {
    locks_rows = locks_rows || !part.locks.empty();
    for (const sql::Relation& relation : part.relations) {
      if (relation.kind != sql::RelationKind::kTable) continue;
      const bool known = std::ranges::any_of(
          tables, [&](const auto& table) { return table->oid == relation.table->oid; });
      if (!known) tables.push_back(relation.table);
    }
  });
  PlanEnvironment environment(services.planning, catalog_version, query.get());
  has_parts = environment.parts_of != nullptr;
  LevelPlanner planner(&environment, *query, nullptr);
  Result<std::unique_ptr<LevelPlan>> planned = planner.PlanSelect();
  nodes = environment.nodes;
  if (planned.ok()) {
    parts = std::move(environment.parts);
    for (const PlannedPart& part : parts) expected.push_back(part.expected);
    level = std::move(planned).value();
    return Status::Ok();
  }
  if (!IsOfPath(planned.status())) return std::move(planned).status();
  row_why_not = planned.status().error().message;
  if (!services.has_columns() || locks_rows) return Settled(std::move(planned).status());
  return Status::Ok();
}

std::vector<Oid> PlannedRead::ChangedTables(const StatementContext& context) const {
  std::vector<Oid> changed;
  for (const auto& table : tables) {
    if (context.transaction->HasChanged(table->storage_id)) changed.push_back(table->oid);
  }
  return changed;
}

std::vector<Oid> PlannedRead::AllTables() const {
  std::vector<Oid> all;
  for (const auto& table : tables) all.push_back(table->oid);
  return all;
}

}  // namespace omen::exec
