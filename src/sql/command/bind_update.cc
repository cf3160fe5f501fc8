// UPDATE and DELETE.

#include <fmt/format.h>

#include "sql/command/write_binder.h"
#include "sql/from/from.h"
#include "sql/operand/casts.h"
#include "sql/operand/multi_assign.h"
#include "sql/query/with.h"

// PostgreSQL's headers come last.
#include "sql/grammar/internal/pg_nodes.h"

namespace omen::sql {
ExprResult WriteBinder::SetValue(const ResTarget& target, const catalog::Column& column) {
  const Node* value = target.val;
  if (const auto* multi = NodeAs<MultiAssignRef>(value, T_MultiAssignRef)) {
    const auto* row = NodeAs<RowExpr>(multi->source, T_RowExpr);
    if (const List* fields = row == nullptr ? nullptr : PlainFields(*row)) {
      if (Items<>(fields).size() != multi->ncolumns) return WrongWidth(row->location);
      value = Items<>(fields)[multi->colno - 1];
    }
  }
  if (const auto* keyword = NodeAs<SetToDefault>(value, T_SetToDefault)) {
    return std::make_unique<Expr>(ExprKind::kDefault, column.type, keyword->location);
  }
  if (column.identity == catalog::Identity::kAlways) {
    return Status(sqlstate::kGeneratedAlways,
                  fmt::format("column \"{}\" can only be updated to DEFAULT", column.name))
        .Detail(fmt::format("Column \"{}\" is an identity column defined as GENERATED ALWAYS.",
                            column.name));
  }
  OMEN_ASSIGN_OR_RETURN(ExprPtr expr, exprs_.BindExpr(value, Clause::kUpdateSource));
  return CoerceToColumn(binding_.state(), std::move(expr), column);
}

Status WriteBinder::BindSetList(const List* targets, const catalog::Table& table,
                                std::vector<std::pair<int, ExprPtr>>* out) {
  for (const ResTarget* target : Items<ResTarget>(targets)) {
    const catalog::Column* column = table.FindColumn(target->name);
    if (column == nullptr) {
      return Status(sqlstate::kUndefinedColumn,
                    fmt::format("column \"{}\" of relation \"{}\" does not exist", target->name,
                                table.name))
          .At(target->location);
    }
    if (target->indirection != nullptr) {
      return NotSupported("assignment to a part of a column").At(target->location);
    }
    for (const auto& [attnum, expr] : *out) {
      if (attnum != column->attnum) continue;
      return Status(sqlstate::kSyntaxError,
                    fmt::format("multiple assignments to same column \"{}\"", column->name));
    }
    OMEN_ASSIGN_OR_RETURN(ExprPtr value, SetValue(*target, *column));
    out->emplace_back(column->attnum, std::move(value));
  }
  return Status::Ok();
}

/// FROM or USING of a DML statement: the target comes first, hidden from its siblings.
Status WriteBinder::BindSources(const RangeVar& target, const List* from) {
  ShowTarget(target);
  Scope& scope = *binding_.scope();
  scope.items[0].lateral_only = true;
  scope.items[0].lateral_ok = false;
  FromItem item;
  item.relation = scope.query->target_relation;
  scope.query->from.push_back(std::move(item));
  return FromBinder(binding_).Bind(from);
}

QueryResult WriteBinder::BindUpdate(const UpdateStmt& update) {
  auto query = std::make_unique<Query>();
  query->kind = QueryKind::kUpdate;
  ScopeFrame scope(binding_, query.get());
  if (update.withClause != nullptr) {
    OMEN_RETURN_IF_ERROR(WithBinder(binding_).Bind(*update.withClause));
  }
  OMEN_ASSIGN_OR_RETURN(const catalog::Table* found, TargetTable(*update.relation, "UPDATE of"));
  // FROM adds relations and may move the list that holds the target.
  std::shared_ptr<const catalog::Table> table = query->relations.back().table;
  OMEN_CHECK(found == table.get());
  OMEN_RETURN_IF_ERROR(BindSources(*update.relation, update.fromClause));
  OMEN_RETURN_IF_ERROR(BindSetList(update.targetList, *table, &query->set));
  if (update.whereClause != nullptr) {
    OMEN_ASSIGN_OR_RETURN(query->where, exprs_.BindBool(update.whereClause, Clause::kWhere));
  }
  OMEN_RETURN_IF_ERROR(BindReturning(update.returningList));
  return query;
}

QueryResult WriteBinder::BindDelete(const DeleteStmt& statement) {
  auto query = std::make_unique<Query>();
  query->kind = QueryKind::kDelete;
  ScopeFrame scope(binding_, query.get());
  if (statement.withClause != nullptr) {
    OMEN_RETURN_IF_ERROR(WithBinder(binding_).Bind(*statement.withClause));
  }
  OMEN_ASSIGN_OR_RETURN([[maybe_unused]] const catalog::Table* table,
                        TargetTable(*statement.relation, "DELETE from"));
  OMEN_RETURN_IF_ERROR(BindSources(*statement.relation, statement.usingClause));
  if (statement.whereClause != nullptr) {
    OMEN_ASSIGN_OR_RETURN(query->where, exprs_.BindBool(statement.whereClause, Clause::kWhere));
  }
  OMEN_RETURN_IF_ERROR(BindReturning(statement.returningList));
  return query;
}

}  // namespace omen::sql
