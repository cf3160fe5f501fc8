// SELECT: the order in which its clauses are bound, VALUES, and what follows.

#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "sql/query/binder.h"
#include "sql/typing/rewrite.h"

// PostgreSQL's headers come last.
#include "sql/grammar/internal/pg_nodes.h"

namespace omen::sql {
namespace {

bool IsSet(const Expr& expr) {
  return expr.kind == ExprKind::kFunction && expr.function->returns_set;
}

/// The set-returning calls of this query level among the targets.
std::vector<const Expr*> FindSets(Query* query) {
  std::vector<const Expr*> found;
  for (TargetEntry& entry : query->targets) {
    VisitNodes(entry.expr, [&](ExprPtr& expr, int depth) {
      if (depth == 0 && IsSet(*expr)) found.push_back(expr.get());
    });
  }
  return found;
}

/// Does the order of the rows or what makes them distinct depend on a set? It is made before, then.
bool SortsBySets(const Query& query) {
  bool found = false;
  const NodeVisit visit = [&](ExprPtr& expr, int depth) {
    found = found || (depth == 0 && IsSet(*expr));
  };
  const auto look = [&](const Expr& expr) {
    ExprPtr copy = CloneExpr(expr);
    VisitNodes(copy, visit);
  };
  for (const SortKey& key : query.order_by) look(*key.expr);
  for (const ExprPtr& expr : query.distinct_on) look(*expr);
  return found;
}

}  // namespace

QueryResult Binder::BindQuery(const Node* node, bool coerce_later) {
  const auto* select = NodeAs<SelectStmt>(node, T_SelectStmt);
  if (select == nullptr) return NotSupported("a data-modifying statement in WITH");
  return BindSelect(*select, coerce_later);
}

QueryResult Binder::BindSelect(const SelectStmt& select, bool coerce_later) {
  DepthGuard guard(state_, select.op == SETOP_NONE ? kQueryDepth : 1);
  OMEN_RETURN_IF_ERROR(guard.Check(-1));
  auto query = std::make_unique<Query>();
  ScopeFrame scope(this, query.get());
  scope->value_is_coerced = coerce_later;
  if (select.intoClause != nullptr && state_->into_select != &select) {
    return Status(sqlstate::kSyntaxError, "SELECT ... INTO is not allowed here");
  }
  if (const ::WithClause* outer = std::exchange(pending_with_, nullptr)) {
    OMEN_RETURN_IF_ERROR(BindWith(*outer));
  }
  if (select.withClause != nullptr) OMEN_RETURN_IF_ERROR(BindWith(*select.withClause));
  if (select.op != SETOP_NONE) {
    OMEN_RETURN_IF_ERROR(BindSetOperation(select));
  } else if (select.valuesLists != nullptr) {
    OMEN_RETURN_IF_ERROR(BindValues(select));
  } else {
    OMEN_RETURN_IF_ERROR(BindPlainSelect(select));
  }
  return query;
}

Status Binder::BindPlainSelect(const SelectStmt& select) {
  Query* query = scope_->query;
  for (const ::WindowDef* window : Items<::WindowDef>(select.windowClause)) {
    scope_->windows.push_back({window});
  }
  OMEN_RETURN_IF_ERROR(BindFrom(select.fromClause));
  // WINDOW is written in its own order, not in that of its uses.
  if (state_->as_written()) OMEN_RETURN_IF_ERROR(BindWindows(select));
  OMEN_RETURN_IF_ERROR(BindTargets(select.targetList, Clause::kTarget, &query->targets));
  if (select.whereClause != nullptr) {
    OMEN_ASSIGN_OR_RETURN(query->where, BindBool(select.whereClause, Clause::kWhere));
  }
  if (select.havingClause != nullptr) {
    OMEN_ASSIGN_OR_RETURN(query->having, BindBool(select.havingClause, Clause::kHaving));
  }
  const bool distinct =
      select.distinctClause != nullptr && Items<>(select.distinctClause)[0] == nullptr;
  if (!scope_->value_is_coerced || distinct) OMEN_RETURN_IF_ERROR(ResolveUnknownTargets());
  OMEN_RETURN_IF_ERROR(BindGroupBy(select.groupClause, select.groupDistinct));
  OMEN_RETURN_IF_ERROR(
      BindOrderBy(select.sortClause, SortRule::kTargets, Clause::kOrderBy, &query->order_by));
  return FinishSelect(select);
}

Status Binder::FinishSelect(const SelectStmt& select) {
  Query* query = scope_->query;
  OMEN_RETURN_IF_ERROR(BindDistinct(select.distinctClause));
  OMEN_RETURN_IF_ERROR(BindLimit(select));
  OMEN_RETURN_IF_ERROR(BindWindows(select));
  query->has_aggregates = scope_->has_aggregates || !query->group_by.empty() ||
                          !query->grouping_sets.empty() || query->having != nullptr;
  if (query->has_aggregates) OMEN_RETURN_IF_ERROR(CheckGroups());
  if (state_->as_written()) return BindLocks(select);
  if (query->having != nullptr && !scope_->has_aggregates && query->group_by.empty() &&
      query->grouping_sets.empty()) {
    // One row of constants or none: PostgreSQL does not look at what FROM and WHERE have.
    query->from.clear();
    query->where = nullptr;
  }
  if (scope_->has_sets) OMEN_RETURN_IF_ERROR(ExpandSets());
  return BindLocks(select);
}

Status Binder::BindWindows(const SelectStmt& select) {
  for (size_t i = 0; i < scope_->windows.size(); ++i) {
    const ::WindowDef* node = scope_->windows[i].node;
    for (size_t j = 0; j < i; ++j) {
      if (std::string_view(scope_->windows[j].node->name) != node->name) continue;
      return Status(sqlstate::kWindowingError,
                    fmt::format("window \"{}\" is already defined", node->name))
          .At(node->location);
    }
    OMEN_ASSIGN_OR_RETURN([[maybe_unused]] int index, NamedWindowIndex(node->name, node->location));
  }
  return Status::Ok();
}

Status Binder::ResolveUnknownTargets() {
  for (TargetEntry& entry : scope_->query->targets) {
    OMEN_ASSIGN_OR_RETURN(entry.expr, ResolveUnknown(state_, std::move(entry.expr)));
    entry.output.type = entry.expr->type;
  }
  return Status::Ok();
}

Status Binder::BindValues(const SelectStmt& select) {
  Query* query = scope_->query;
  Relation relation{RelationKind::kValues};
  relation.alias = "*VALUES*";
  size_t width = 0;
  for (const List* row : Items<List>(select.valuesLists)) {
    Clause outer = scope_->clause;
    scope_->clause = Clause::kValues;
    auto cells = BindList(row);
    scope_->clause = outer;
    if (!cells.ok()) return std::move(cells).status();
    if (!relation.values.empty() && cells->size() != width) {
      return Status(sqlstate::kSyntaxError, "VALUES lists must all be the same length")
          .At(cells->empty() ? -1 : cells->front()->location);
    }
    width = cells->size();
    relation.values.push_back(std::move(*cells));
  }
  for (size_t i = 0; i < width; ++i) {
    std::vector<ExprPtr> column;
    for (auto& row : relation.values) column.push_back(std::move(row[i]));
    Type type;
    OMEN_RETURN_IF_ERROR(Unify(&column, "VALUES", &type));
    for (size_t row = 0; row < column.size(); ++row) {
      relation.values[row][i] = std::move(column[row]);
    }
    relation.columns.push_back({fmt::format("column{}", i + 1), type});
  }
  query->relations.push_back(std::move(relation));
  FromItem item;
  item.relation = 0;
  query->from.push_back(std::move(item));
  NsItem names;
  names.alias = "*VALUES*";
  names.relation = 0;
  scope_->items.push_back(std::move(names));
  ExpandItem(*scope_, scope_->items[0], 0, -1, &query->targets);
  OMEN_RETURN_IF_ERROR(
      BindOrderBy(select.sortClause, SortRule::kTargets, Clause::kOrderBy, &query->order_by));
  return BindLimit(select);
}

/// SELECT f(...) with f returning a set becomes FROM ..., LATERAL f(...).
Status Binder::ExpandSets() {
  Query* query = scope_->query;
  std::vector<const Expr*> sets = FindSets(query);
  if (sets.empty()) return Status::Ok();
  int location = sets[0]->location;
  if (query->has_aggregates || !query->windows.empty()) {
    return NotSupported("a set-returning function in a grouped or windowed select list")
        .At(location);
  }
  for (const Expr* set : sets) {
    if (SameExpr(*set, *sets[0])) continue;
    return NotSupported("several set-returning functions in one select list").At(location);
  }
  if (!query->distinct_on.empty() && !query->order_by.empty() && !SortsBySets(*query)) {
    return NotSupported("a set-returning function beside DISTINCT ON and ORDER BY").At(location);
  }
  Relation relation{RelationKind::kFunction};
  relation.alias = std::string(sets[0]->function->name);
  relation.columns.push_back({relation.alias, sets[0]->type});
  relation.function_call = CloneExpr(*sets[0]);
  relation.lateral = true;
  int index = static_cast<int>(query->relations.size());
  ExprPtr pattern = CloneExpr(*sets[0]);
  auto replace = [&](ExprPtr& expr, int depth) {
    if (depth != 0 || !IsSet(*expr) || !SameExpr(*expr, *pattern)) return;
    auto column = std::make_unique<Expr>(ExprKind::kColumn, expr->type, expr->location);
    column->rel = index;
    column->column = 0;
    expr = std::move(column);
  };
  for (TargetEntry& entry : query->targets) VisitNodes(entry.expr, replace);
  for (SortKey& key : query->order_by) VisitNodes(key.expr, replace);
  for (ExprPtr& expr : query->distinct_on) VisitNodes(expr, replace);
  query->relations.push_back(std::move(relation));
  FromItem item;
  item.relation = index;
  query->from.push_back(std::move(item));
  return Status::Ok();
}

}  // namespace omen::sql
