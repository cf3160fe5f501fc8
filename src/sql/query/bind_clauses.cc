// ORDER BY, DISTINCT, LIMIT and row locks.

#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "sql/grammar/internal/node_location.h"
#include "sql/query/binder.h"

// PostgreSQL's headers come last.
#include "sql/grammar/internal/pg_nodes.h"

namespace omen::sql {
namespace {

/// SelectStmt.limitOption of WITH TIES. libpg_query 15 orders that enum differently from the
/// server's headers (DEFAULT, COUNT, WITH_TIES), so the header's constants are wrong here.
constexpr int kWithTies = 2;

/// The name of an unqualified column reference, else null.
const char* BareName(const Node* node) {
  const auto* column = NodeAs<ColumnRef>(node, T_ColumnRef);
  if (column == nullptr || Items<>(column->fields).size() != 1) return nullptr;
  const Node* field = Items<>(column->fields)[0];
  return NodeAs<::String>(field, T_String) ? Text(field) : nullptr;
}

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

bool HasColumnHere(const Expr& expr) {
  if (expr.kind == ExprKind::kColumn && expr.levels_up == 0) return true;
  return std::any_of(expr.args.begin(), expr.args.end(),
                     [](const ExprPtr& arg) { return HasColumnHere(*arg); });
}

/// Whether a sort item is written with an operator (USING) that means DESC.
Result<bool> IsDescending(const SortBy& item) {
  if (item.sortby_dir == SORTBY_DESC) return true;
  if (item.sortby_dir != SORTBY_USING) return false;
  std::string_view name = Text(Items<>(item.useOp).back());
  if (name == ">") return true;
  if (name == "<") return false;
  return Status(sqlstate::kWrongObjectType,
                fmt::format("operator {} is not a valid ordering operator", name))
      .Hint("Ordering operators must be \"<\" or \">\" members of btree operator families.")
      .At(item.location);
}

}  // namespace

Status Binder::NeedEquality(const Expr& expr) {
  auto found = FindOperator("=", expr.type.oid, expr.type.oid);
  if ((found.ok() && *found != nullptr) || expr.type.oid == oid::kRecord) return Status::Ok();
  return Status(sqlstate::kUndefinedFunction,
                fmt::format("could not identify an equality operator for type {}",
                            NameOf(expr.type.oid)))
      .At(LocationOf(expr));
}

Status Binder::NeedOrdering(const Expr& expr) {
  auto found = FindOperator("<", expr.type.oid, expr.type.oid);
  if ((found.ok() && *found != nullptr) || expr.type.oid == oid::kRecord) return Status::Ok();
  return Status(sqlstate::kUndefinedFunction,
                fmt::format("could not identify an ordering operator for type {}",
                            NameOf(expr.type.oid)))
      .Hint("Use an explicit ordering operator or modify the query.")
      .At(LocationOf(expr));
}

/// The output that an item of ORDER BY, GROUP BY or DISTINCT ON names, or counts to, by SQL-92's
/// rule; -1 where it is an expression.
Result<int> Binder::TargetNamed(const Node* node, Clause clause) {
  std::vector<TargetEntry>& targets = scope_->query->targets;
  int found = -1;
  if (const char* name = BareName(node)) {
    int location = reinterpret_cast<const ColumnRef*>(node)->location;
    if (clause == Clause::kGroupBy) {
      // In GROUP BY a column of FROM at this level wins over an output's name.
      OMEN_ASSIGN_OR_RETURN(ExprPtr column, FindColumn(name, location));
      if (column && column->levels_up == 0) return -1;
    }
    for (size_t i = 0; i < targets.size(); ++i) {
      if (targets[i].output.name != name) continue;
      if (found < 0) found = static_cast<int>(i);
      if (SameExpr(*targets[static_cast<size_t>(found)].expr, *targets[i].expr)) continue;
      return Status(sqlstate::kAmbiguousColumn,
                    fmt::format("{} \"{}\" is ambiguous", ClauseName(clause), name))
          .At(location);
    }
  }
  if (const auto* constant = NodeAs<A_Const>(node, T_A_Const); constant && !constant->isnull) {
    if (nodeTag(&constant->val) != T_Integer) {
      return Status(sqlstate::kSyntaxError,
                    fmt::format("non-integer constant in {}", ClauseName(clause)))
          .At(constant->location);
    }
    int position = constant->val.ival.ival;
    if (position < 1 || position > static_cast<int>(targets.size())) {
      return Status(
                 sqlstate::kInvalidColumnReference,
                 fmt::format("{} position {} is not in select list", ClauseName(clause), position))
          .At(constant->location);
    }
    found = position - 1;
  }
  if (found >= 0 && clause == Clause::kGroupBy) {
    OMEN_RETURN_IF_ERROR(CheckGroupTarget(*targets[static_cast<size_t>(found)].expr));
  }
  return found;
}

/// What such an item stands for. Outputs that match are returned as copies.
ExprResult Binder::MatchTarget(const Node* node, Clause clause) {
  OMEN_ASSIGN_OR_RETURN(int target, TargetNamed(node, clause));
  if (target >= 0) {
    return CopyAt(*scope_->query->targets[static_cast<size_t>(target)].expr,
                  LeftmostLocation(node));
  }
  OMEN_ASSIGN_OR_RETURN(ExprPtr expr, BindExpr(node, clause));
  return AsGroupKey(*scope_->query, std::move(expr));
}

ExprPtr Binder::CopyAt(const Expr& expr, int location) {
  ExprPtr copy = Copy(expr);
  copy->location = location;
  return copy;
}

Status Binder::BindOrderBy(const List* clause, SortRule rule, Clause where,
                           std::vector<SortKey>* out) {
  for (const SortBy* item : Items<SortBy>(clause)) {
    ExprPtr expr;
    if (rule == SortRule::kTargets) {
      OMEN_ASSIGN_OR_RETURN(expr, MatchTarget(item->node, where));
    } else {
      OMEN_ASSIGN_OR_RETURN(expr, BindExpr(item->node, where));
    }
    OMEN_ASSIGN_OR_RETURN(expr, ResolveUnknown(state_, std::move(expr)));
    OMEN_RETURN_IF_ERROR(NeedOrdering(*expr));
    OMEN_ASSIGN_OR_RETURN(bool descending, IsDescending(*item));
    bool nulls_first = item->sortby_nulls == SORTBY_NULLS_FIRST ||
                       (item->sortby_nulls == SORTBY_NULLS_DEFAULT && descending);
    bool repeated = std::any_of(out->begin(), out->end(),
                                [&](const SortKey& key) { return SameExpr(*key.expr, *expr); });
    if (!repeated) out->push_back({std::move(expr), descending, nulls_first});
  }
  return Status::Ok();
}

Status Binder::BindDistinct(const List* clause) {
  if (clause == nullptr) return Status::Ok();
  Query* query = scope_->query;
  bool plain = Items<>(clause)[0] == nullptr;
  if (plain) {
    query->distinct = true;
    for (const TargetEntry& entry : query->targets) OMEN_RETURN_IF_ERROR(NeedEquality(*entry.expr));
    for (const SortKey& key : query->order_by) {
      bool listed =
          std::any_of(query->targets.begin(), query->targets.end(),
                      [&](const TargetEntry& entry) { return SameExpr(*entry.expr, *key.expr); });
      if (listed) continue;
      return Status(sqlstate::kInvalidColumnReference,
                    "for SELECT DISTINCT, ORDER BY expressions must appear in select list")
          .At(key.expr->location);
    }
    return Status::Ok();
  }
  for (const Node* item : Items<>(clause)) {
    OMEN_ASSIGN_OR_RETURN(ExprPtr expr, MatchTarget(item, Clause::kDistinctOn));
    OMEN_ASSIGN_OR_RETURN(expr, ResolveUnknown(state_, std::move(expr)));
    OMEN_RETURN_IF_ERROR(NeedEquality(*expr));
    bool repeated = std::any_of(query->distinct_on.begin(), query->distinct_on.end(),
                                [&](const ExprPtr& other) { return SameExpr(*other, *expr); });
    if (!repeated) query->distinct_on.push_back(std::move(expr));
  }
  // The initial ORDER BY keys must be exactly the DISTINCT ON expressions.
  size_t covered = std::min(query->order_by.size(), query->distinct_on.size());
  for (size_t i = 0; i < covered; ++i) {
    const Expr& key = *query->order_by[i].expr;
    bool listed = std::any_of(query->distinct_on.begin(), query->distinct_on.end(),
                              [&](const ExprPtr& expr) { return SameExpr(*expr, key); });
    if (listed) continue;
    return Status(sqlstate::kInvalidColumnReference,
                  "SELECT DISTINCT ON expressions must match initial ORDER BY expressions")
        .At(query->distinct_on[0]->location);
  }
  return Status::Ok();
}

ExprResult Binder::BindLimitExpr(const Node* node, Clause clause) {
  OMEN_ASSIGN_OR_RETURN(ExprPtr expr, BindExpr(node, clause));
  OMEN_ASSIGN_OR_RETURN(expr, CoerceTo(state_, std::move(expr), oid::kInt8, ClauseName(clause)));
  if (HasColumnHere(*expr)) {
    return Status(sqlstate::kInvalidColumnReference,
                  fmt::format("argument of {} must not contain variables", ClauseName(clause)))
        .At(expr->location);
  }
  return expr;
}

Status Binder::BindLimit(const SelectStmt& select) {
  Query* query = scope_->query;
  if (select.limitOffset != nullptr) {
    OMEN_ASSIGN_OR_RETURN(query->offset, BindLimitExpr(select.limitOffset, Clause::kOffset));
  }
  if (select.limitCount == nullptr) return Status::Ok();
  OMEN_ASSIGN_OR_RETURN(query->limit, BindLimitExpr(select.limitCount, Clause::kLimit));
  query->with_ties = static_cast<int>(select.limitOption) == kWithTies;
  bool is_null = query->limit->kind == ExprKind::kConst && query->limit->value.is_null();
  if (query->with_ties && is_null) {
    return Status(SqlState("2201W"),
                  "row count cannot be null in FETCH FIRST ... WITH TIES clause");
  }
  if (is_null && !state_->as_written()) query->limit = nullptr;
  return Status::Ok();
}

Status Binder::BindLocks(const SelectStmt& select) {
  if (select.lockingClause == nullptr) return Status::Ok();
  const Query& query = *scope_->query;
  std::string_view bad = query.set_op != SetOp::kNone                   ? "UNION/INTERSECT/EXCEPT"
                         : query.distinct || !query.distinct_on.empty() ? "DISTINCT clause"
                         : !query.group_by.empty() || !query.grouping_sets.empty()
                             ? "GROUP BY clause"
                         : query.having           ? "HAVING clause"
                         : query.has_aggregates   ? "aggregate functions"
                         : !query.windows.empty() ? "window functions"
                         : scope_->has_sets       ? "set-returning functions in the target list"
                                                  : "";
  for (const LockingClause* clause : Items<LockingClause>(select.lockingClause)) {
    if (!bad.empty()) {
      return Status(sqlstate::kFeatureNotSupported,
                    fmt::format("{} is not allowed with {}", StrengthName(clause->strength), bad));
    }
    OMEN_RETURN_IF_ERROR(LockRelations(*clause, scope_->query, clause->lockedRels == nullptr));
  }
  return Status::Ok();
}

Status Binder::LockRelations(const LockingClause& clause, Query* query, bool all) {
  RowLock lock{LockStrengthOf(clause.strength)};
  lock.wait = clause.waitPolicy == LockWaitSkip    ? LockWait::kSkip
              : clause.waitPolicy == LockWaitError ? LockWait::kError
                                                   : LockWait::kBlock;
  auto add = [&](size_t index) -> Status {
    Relation& relation = query->relations[index];
    const bool inner = relation.kind == RelationKind::kSubquery;
    if (relation.kind == RelationKind::kTable || (inner && state_->as_written())) {
      lock.relations.push_back(static_cast<int>(index));
    }
    if (!inner || state_->as_written()) return Status::Ok();
    return LockRelations(clause, relation.subquery.get(), true);
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

}  // namespace omen::sql
