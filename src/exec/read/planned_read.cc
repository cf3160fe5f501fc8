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
  tables_alone = sql::ReadsTablesAlone(*query);
  has_parts = sql::HasPlainParts(*query);
  OMEN_RETURN_IF_ERROR(rows.Prepare(catalog_version));
  const RowPlanPtr general = rows.General();
  key_lookup = general->level != nullptr && general->level->key_lookup;
  if (general->level != nullptr || (services.has_columns() && !locks_rows)) return Status::Ok();
  return Settled(general->refusal.Clone());
}

std::vector<Oid> PlannedRead::ChangedTables(const StatementContext& context) const {
  std::vector<Oid> changed;
  for (const auto& table : tables) {
    if (context.transaction->HasChanged(table->storage_id)) changed.push_back(table->oid);
  }
  return changed;
}

std::vector<Oid> PlannedRead::RowTables(const StatementContext& context) const {
  Transaction& transaction = *context.transaction;
  const bool no_pin =
      transaction.repeatable() && transaction.has_snapshot() && transaction.pin() == nullptr;
  const bool forced = context.options.route != Route::kAuto;
  return forced || no_pin ? AllTables() : ChangedTables(context);
}

std::vector<Oid> PlannedRead::AllTables() const {
  std::vector<Oid> all;
  for (const auto& table : tables) all.push_back(table->oid);
  return all;
}

}  // namespace omen::exec
