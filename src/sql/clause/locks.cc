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
    return LockRelations(binding, clause, relation.subquery.get(), true);
  };
  if (all) {
    for (size_t i = 0; i < query->relations.size(); ++i) OMEN_RETURN_IF_ERROR(add(i));
  } else {
    for (const RangeVar* name : Items<RangeVar>(clause.lockedRels)) {
      bool found = false;
      for (size_t i = 0; i < query->relations.size(); ++i) {
        if (query->relations[i].alias != name->relname) continue;
        found = true;
        if (query->relations[i].kind != RelationKind::kTable &&
            query->relations[i].kind != RelationKind::kSubquery) {
          return Status(sqlstate::kFeatureNotSupported,
                        fmt::format("{} cannot be applied to this kind of FROM item",
                                    StrengthName(clause.strength)))
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
  const Query& query = *binding.scope()->query;
  std::string_view bad = query.set_op != SetOp::kNone                   ? "UNION/INTERSECT/EXCEPT"
                         : query.distinct || !query.distinct_on.empty() ? "DISTINCT clause"
                         : !query.group_by.empty() || !query.grouping_sets.empty()
                             ? "GROUP BY clause"
                         : query.having              ? "HAVING clause"
                         : query.has_aggregates      ? "aggregate functions"
                         : !query.windows.empty()    ? "window functions"
                         : binding.scope()->has_sets ? "set-returning functions in the target list"
                                                     : "";
  for (const LockingClause* clause : Items<LockingClause>(select.lockingClause)) {
    if (!bad.empty()) {
      return Status(sqlstate::kFeatureNotSupported,
                    fmt::format("{} is not allowed with {}", StrengthName(clause->strength), bad));
    }
    OMEN_RETURN_IF_ERROR(
        LockRelations(binding, *clause, binding.scope()->query, clause->lockedRels == nullptr));
  }
  return Status::Ok();
}

}  // namespace omen::sql
