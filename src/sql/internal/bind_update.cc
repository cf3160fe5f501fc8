// UPDATE and DELETE.

#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "sql/internal/rewrite.h"
#include "sql/internal/write_binder.h"

// PostgreSQL's headers come last.
#include "sql/internal/pg_nodes.h"

namespace omen::sql {
namespace {

/// The fields as written, or null where t.* stands for several.
const List* PlainFields(const RowExpr& row) {
  for (const Node* field : Items<>(row.args)) {
    if (IsStar(field)) return nullptr;
  }
  return row.args;
}

Status WrongWidth(int location) {
  return Status(sqlstate::kSyntaxError, "number of columns does not match number of values")
      .At(location);
}

}  // namespace

/// One column of SET (a, b) = source: a field of the row, or the source subquery bound
/// again for this column alone.
ExprResult Binder::MultiAssign(const MultiAssignRef& node) {
  if (const auto* row = NodeAs<RowExpr>(node.source, T_RowExpr)) {
    if (const List* plain = PlainFields(*row)) {
      if (Items<>(plain).size() != node.ncolumns) return WrongWidth(row->location);
      return Bind(Items<>(plain)[node.colno - 1]);
    }
    OMEN_ASSIGN_OR_RETURN(std::vector<ExprPtr> fields, BindFields(row->args));
    if (static_cast<int>(fields.size()) != node.ncolumns) return WrongWidth(row->location);
    return std::move(fields[static_cast<size_t>(node.colno) - 1]);
  }
  const auto* link = NodeAs<SubLink>(node.source, T_SubLink);
  if (link == nullptr || link->subLinkType != EXPR_SUBLINK) {
    return Status(
        sqlstate::kFeatureNotSupported,
        "source for a multiple-column UPDATE item must be a sub-SELECT or ROW() expression");
  }
  OMEN_ASSIGN_OR_RETURN(QueryPtr all, BindQuery(link->subselect));
  if (static_cast<int>(all->targets.size()) != node.ncolumns) return WrongWidth(link->location);
  QueryPtr one = WrapQuery(std::move(all));
  TargetEntry kept = std::move(one->targets[static_cast<size_t>(node.colno) - 1]);
  one->targets.clear();
  auto expr = std::make_unique<Expr>(ExprKind::kSubquery, kept.output.type, link->location);
  one->targets.push_back(std::move(kept));
  expr->subquery = std::move(one);
  return expr;
}

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
  OMEN_ASSIGN_OR_RETURN(ExprPtr expr, BindExpr(value, Clause::kUpdateSource));
  return CoerceToColumn(std::move(expr), column);
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
  scope_->items[0].lateral_only = true;
  scope_->items[0].lateral_ok = false;
  FromItem item;
  item.relation = scope_->query->target_relation;
  scope_->query->from.push_back(std::move(item));
  return BindFrom(from);
}

QueryResult WriteBinder::BindUpdate(const UpdateStmt& update) {
  auto query = std::make_unique<Query>();
  query->kind = QueryKind::kUpdate;
  ScopeFrame scope(this, query.get());
  if (update.withClause != nullptr) OMEN_RETURN_IF_ERROR(BindWith(*update.withClause));
  OMEN_ASSIGN_OR_RETURN(const catalog::Table* found, TargetTable(*update.relation, "UPDATE of"));
  // FROM adds relations and may move the list that holds the target.
  std::shared_ptr<const catalog::Table> table = query->relations.back().table;
  OMEN_CHECK(found == table.get());
  OMEN_RETURN_IF_ERROR(BindSources(*update.relation, update.fromClause));
  OMEN_RETURN_IF_ERROR(BindSetList(update.targetList, *table, &query->set));
  if (update.whereClause != nullptr) {
    OMEN_ASSIGN_OR_RETURN(query->where, BindBool(update.whereClause, Clause::kWhere));
  }
  OMEN_RETURN_IF_ERROR(BindReturning(update.returningList));
  return query;
}

QueryResult WriteBinder::BindDelete(const DeleteStmt& statement) {
  auto query = std::make_unique<Query>();
  query->kind = QueryKind::kDelete;
  ScopeFrame scope(this, query.get());
  if (statement.withClause != nullptr) OMEN_RETURN_IF_ERROR(BindWith(*statement.withClause));
  OMEN_ASSIGN_OR_RETURN([[maybe_unused]] const catalog::Table* table,
                        TargetTable(*statement.relation, "DELETE from"));
  OMEN_RETURN_IF_ERROR(BindSources(*statement.relation, statement.usingClause));
  if (statement.whereClause != nullptr) {
    OMEN_ASSIGN_OR_RETURN(query->where, BindBool(statement.whereClause, Clause::kWhere));
  }
  OMEN_RETURN_IF_ERROR(BindReturning(statement.returningList));
  return query;
}

}  // namespace omen::sql
