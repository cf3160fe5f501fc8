#include "sql/query/select.h"

#include <fmt/format.h>

#include <utility>

#include "sql/clause/group.h"
#include "sql/clause/group_check.h"
#include "sql/clause/limit.h"
#include "sql/clause/locks.h"
#include "sql/clause/order.h"
#include "sql/clause/set_returning.h"
#include "sql/clause/target.h"
#include "sql/expr/window.h"
#include "sql/from/from.h"
#include "sql/operand/casts.h"

// PostgreSQL's headers come last.
#include "sql/grammar/internal/pg_nodes.h"

namespace omen::sql {

Status SelectBinder::Bind(const SelectStmt& select) {
  Query* query = scope_.query;
  for (const ::WindowDef* window : Items<::WindowDef>(select.windowClause)) {
    scope_.windows.push_back({window});
  }
  OMEN_RETURN_IF_ERROR(FromBinder(binding_).Bind(select.fromClause));
  // WINDOW is written in its own order, not in that of its uses.
  if (binding_.as_written()) OMEN_RETURN_IF_ERROR(WindowBinder(binding_).BindNamed());
  OMEN_RETURN_IF_ERROR(
      TargetBinder(binding_).Bind(select.targetList, Clause::kTarget, &query->targets));
  if (select.whereClause != nullptr) {
    OMEN_ASSIGN_OR_RETURN(query->where, exprs_.BindBool(select.whereClause, Clause::kWhere));
  }
  if (select.havingClause != nullptr) {
    OMEN_ASSIGN_OR_RETURN(query->having, exprs_.BindBool(select.havingClause, Clause::kHaving));
  }
  const bool distinct =
      select.distinctClause != nullptr && Items<>(select.distinctClause)[0] == nullptr;
  if (!scope_.value_is_coerced || distinct) {
    OMEN_RETURN_IF_ERROR(ResolveUnknownTargets(binding_.state(), &query->targets));
  }
  OMEN_RETURN_IF_ERROR(GroupBinder(binding_).Bind(select.groupClause, select.groupDistinct));
  OMEN_RETURN_IF_ERROR(OrderBinder(binding_).Bind(select.sortClause));
  return Finish(select);
}

Status SelectBinder::Finish(const SelectStmt& select) {
  Query* query = scope_.query;
  OMEN_RETURN_IF_ERROR(OrderBinder(binding_).BindDistinct(select.distinctClause));
  OMEN_RETURN_IF_ERROR(BindLimit(binding_, select));
  OMEN_RETURN_IF_ERROR(WindowBinder(binding_).BindNamed());
  query->has_aggregates = scope_.has_aggregates || !query->group_by.empty() ||
                          !query->grouping_sets.empty() || query->having != nullptr;
  if (query->has_aggregates) OMEN_RETURN_IF_ERROR(CheckGroups(*query));
  if (binding_.as_written()) return BindLocks(binding_, select);
  if (query->having != nullptr && !scope_.has_aggregates && query->group_by.empty() &&
      query->grouping_sets.empty()) {
    // One row of constants or none: PostgreSQL does not look at what FROM and WHERE have.
    query->from.clear();
    query->where = nullptr;
  }
  if (scope_.has_sets) OMEN_RETURN_IF_ERROR(ExpandSets(query));
  return BindLocks(binding_, select);
}

Result<Relation> SelectBinder::BindRows(const List* rows) {
  Relation relation{RelationKind::kValues};
  relation.alias = "*VALUES*";
  size_t width = 0;
  for (const List* row : Items<List>(rows)) {
    const Clause outer = std::exchange(scope_.clause, Clause::kValues);
    auto cells = exprs_.BindAll(row);
    scope_.clause = outer;
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
    OMEN_RETURN_IF_ERROR(Unify(binding_.state(), &column, "VALUES", &type));
    for (size_t row = 0; row < column.size(); ++row) {
      relation.values[row][i] = std::move(column[row]);
    }
    relation.columns.push_back({fmt::format("column{}", i + 1), type});
  }
  return relation;
}

Status SelectBinder::BindValues(const SelectStmt& select) {
  Query* query = scope_.query;
  OMEN_ASSIGN_OR_RETURN(Relation relation, BindRows(select.valuesLists));
  query->relations.push_back(std::move(relation));
  FromItem item;
  item.relation = 0;
  query->from.push_back(std::move(item));
  NsItem names;
  names.alias = "*VALUES*";
  names.relation = 0;
  scope_.items.push_back(std::move(names));
  StarBinder(binding_).ExpandItem(scope_, scope_.items[0], 0, -1, &query->targets);
  OMEN_RETURN_IF_ERROR(OrderBinder(binding_).Bind(select.sortClause));
  OMEN_RETURN_IF_ERROR(BindLimit(binding_, select));
  return BindLocks(binding_, select);
}

}  // namespace omen::sql
