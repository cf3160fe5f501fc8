#include "sql/clause/locks.h"

#include <fmt/format.h>

// PostgreSQL's headers come last.
#include "sql/grammar/internal/pg_nodes.h"

namespace omen::sql {
namespace {

LockStrength LockStrengthOf(LockClauseStrength strength) {
  switch (strength) {
    case LCS_FORKEYSHARE:
      return LockStrength::kKeyShare;
    case LCS_FORSHARE:
      return LockStrength::kShare;
    case LCS_FORNOKEYUPDATE:
      return LockStrength::kNoKeyUpdate;
    case LCS_FORUPDATE:
      return LockStrength::kUpdate;
    default:
      return LockStrength::kNone;
  }
}

std::string_view StrengthName(LockClauseStrength strength) {
  switch (strength) {
    case LCS_FORKEYSHARE:
      return "FOR KEY SHARE";
    case LCS_FORSHARE:
      return "FOR SHARE";
    case LCS_FORNOKEYUPDATE:
      return "FOR NO KEY UPDATE";
    default:
      return "FOR UPDATE";
  }
}

/// What of a query makes its rows no rows of tables, or nothing.
std::string_view Unlockable(const Query& query) {
  if (query.set_op != SetOp::kNone) return "UNION/INTERSECT/EXCEPT";
  if (query.distinct || !query.distinct_on.empty()) return "DISTINCT clause";
  if (!query.group_by.empty() || !query.grouping_sets.empty()) return "GROUP BY clause";
  if (query.having) return "HAVING clause";
  if (query.has_aggregates) return "aggregate functions";
  return query.windows.empty() ? "" : "window functions";
}

Status NotAllowedWith(const LockingClause& clause, std::string_view what) {
  return Status(sqlstate::kFeatureNotSupported,
                fmt::format("{} is not allowed with {}", StrengthName(clause.strength), what));
}

std::string_view KindName(RelationKind kind) {
  if (kind == RelationKind::kFunction) return "a function";
  if (kind == RelationKind::kCte) return "a WITH query";
  return kind == RelationKind::kValues ? "VALUES" : "this kind of FROM item";
}

Status LockRelations(Binding& binding, const LockingClause& clause, Query* query, bool all) {
  RowLock lock{LockStrengthOf(clause.strength)};
  lock.wait = clause.waitPolicy == LockWaitSkip    ? LockWait::kSkip
              : clause.waitPolicy == LockWaitError ? LockWait::kError
                                                   : LockWait::kBlock;
  auto add = [&](size_t index) -> Status {
    Relation& relation = query->relations[index];
    const bool inner = relation.kind == RelationKind::kSubquery;
    if (relation.kind == RelationKind::kTable || (inner && binding.as_written())) {
      lock.relations.push_back(static_cast<int>(index));
    }
    if (!inner || binding.as_written()) return Status::Ok();
    const std::string_view bad = Unlockable(*relation.subquery);
    if (!bad.empty()) return NotAllowedWith(clause, bad);
    return LockRelations(binding, clause, relation.subquery.get(), true);
  };
  if (all) {
    for (size_t i = 0; i < query->relations.size(); ++i) OMEN_RETURN_IF_ERROR(add(i));
  } else {
    for (const RangeVar* name : Items<RangeVar>(clause.lockedRels)) {
      if (name->schemaname != nullptr) {
        return Status(sqlstate::kSyntaxError,
                      fmt::format("{} must specify unqualified relation names",
                                  StrengthName(clause.strength)))
            .At(name->location);
      }
      bool found = false;
      for (size_t i = 0; i < query->relations.size(); ++i) {
        if (query->relations[i].alias != name->relname) continue;
        found = true;
        if (query->relations[i].kind != RelationKind::kTable &&
            query->relations[i].kind != RelationKind::kSubquery) {
          return Status(sqlstate::kFeatureNotSupported,
                        fmt::format("{} cannot be applied to {}", StrengthName(clause.strength),
                                    KindName(query->relations[i].kind)))
              .At(name->location);
        }
        OMEN_RETURN_IF_ERROR(add(i));
      }
      if (found) continue;
      return Status(sqlstate::kUndefinedTable,
                    fmt::format("relation \"{}\" in {} clause not found in FROM clause",
                                name->relname, StrengthName(clause.strength)))
          .At(name->location);
    }
  }
  if (!lock.relations.empty()) query->locks.push_back(std::move(lock));
  return Status::Ok();
}

}  // namespace

Status BindLocks(Binding& binding, const SelectStmt& select) {
  if (select.lockingClause == nullptr) return Status::Ok();
  if (select.valuesLists != nullptr) {
    const auto* clause = Items<LockingClause>(select.lockingClause)[0];
    return Status(sqlstate::kFeatureNotSupported,
                  fmt::format("{} cannot be applied to VALUES", StrengthName(clause->strength)));
  }
  const Query& query = *binding.scope()->query;
  std::string_view bad = Unlockable(query);
  if (bad.empty() && binding.scope()->has_sets) bad = "set-returning functions in the target list";
  for (const LockingClause* clause : Items<LockingClause>(select.lockingClause)) {
    if (!bad.empty()) return NotAllowedWith(*clause, bad);
    OMEN_RETURN_IF_ERROR(
        LockRelations(binding, *clause, binding.scope()->query, clause->lockedRels == nullptr));
  }
  return Status::Ok();
}

}  // namespace omen::sql
