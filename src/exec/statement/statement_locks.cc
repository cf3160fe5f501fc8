#include "exec/statement/statement_locks.h"

#include <fmt/format.h>

namespace omen::exec {
namespace {

// Outside every class PostgreSQL knows, so that it can never be mistaken for a user's error.
constexpr SqlState kStalePlanState{"ZZOMD"};

struct Needs {
  LockMode target = LockMode::kAccessShare;
  Oid target_table = 0;
  bool row_locks = false;
};

Needs NeedsOf(const sql::Statement& statement) {
  Needs needs;
  if (const auto* query = std::get_if<std::unique_ptr<sql::Query>>(&statement.body)) {
    needs.row_locks = !(*query)->locks.empty();
    if ((*query)->kind != sql::QueryKind::kSelect) {
      const sql::Relation& target =
          (*query)->relations[static_cast<size_t>((*query)->target_relation)];
      needs.target_table = target.table->oid;
      needs.target = LockMode::kRowExclusive;
    }
  }
  return needs;
}

// What was built from the present after the view was taken has no old versions to show.
Status CheckViewReaches(const sql::Statement& statement, const Transaction& transaction) {
  if (!transaction.repeatable() || !transaction.has_snapshot()) return Status::Ok();
  const auto now = transaction.catalog();
  for (Oid oid : statement.tables) {
    const catalog::Table* table = now->FindTable(oid);
    if (table == nullptr || transaction.SeesStorage(table->storage_id)) continue;
    return Status(sqlstate::kSerializationFailure,
                  "could not serialize access due to concurrent update")
        .Detail(fmt::format("Table \"{}\" was created or rewritten after the transaction's "
                            "snapshot was taken.",
                            table->name));
  }
  return Status::Ok();
}

// The same definition object, or one that differs in nothing a plan depends on.
bool IsUnchanged(const catalog::Snapshot& before, const catalog::Snapshot& now, Oid relation) {
  return before.FindRelation(relation) == now.FindRelation(relation);
}

}  // namespace

Status StalePlan() { return Status(kStalePlanState, "the plan is out of date"); }

bool IsStalePlan(const Status& status) { return status.Is(kStalePlanState); }

Status LockStatementTables(const sql::Statement& statement, const catalog::Snapshot& bound_against,
                           Transaction* transaction) {
  if (statement.tables.empty()) return Status::Ok();
  const Needs needs = NeedsOf(statement);
  for (Oid table : statement.tables) {
    LockMode mode = needs.row_locks ? LockMode::kRowShare : LockMode::kAccessShare;
    if (table == needs.target_table) mode = needs.target;
    OMEN_RETURN_IF_ERROR(transaction->LockRelation(table, mode));
  }
  OMEN_RETURN_IF_ERROR(CheckViewReaches(statement, *transaction));
  if (transaction->catalog_version() == bound_against.version()) return Status::Ok();
  const auto now = transaction->catalog();
  if (transaction->HidesIndexes()) return StalePlan();
  for (Oid table : statement.tables) {
    if (!IsUnchanged(bound_against, *now, table)) return StalePlan();
  }
  return Status::Ok();
}

}  // namespace omen::exec
