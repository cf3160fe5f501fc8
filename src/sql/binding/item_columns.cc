#include "sql/binding/item_columns.h"

#include <memory>

namespace omen::sql {
namespace {

/// Moves an expression's column references `levels` query levels outwards.
void RaiseLevels(Expr* expr, int levels) {
  if (expr->kind == ExprKind::kColumn) expr->levels_up += levels;
  for (ExprPtr& arg : expr->args) RaiseLevels(arg.get(), levels);
}

}  // namespace

size_t ColumnCount(const Scope& scope, const NsItem& item) {
  if (item.relation < 0 || !item.columns.empty()) return item.columns.size();
  return scope.query->relations[static_cast<size_t>(item.relation)].columns.size();
}

std::string_view ColumnNameOf(const Scope& scope, const NsItem& item, size_t column) {
  if (item.relation < 0 || !item.columns.empty()) return item.columns[column].name;
  return scope.query->relations[static_cast<size_t>(item.relation)].columns[column].name;
}

ExprPtr ColumnOf(const Scope& scope, const NsItem& item, size_t column, int levels_up,
                 int location) {
  if (item.relation < 0 || !item.columns.empty()) {
    ExprPtr expr = CloneExpr(*item.columns[column].expr);
    if (levels_up > 0) RaiseLevels(expr.get(), levels_up);
    expr->location = location;
    return expr;
  }
  const Relation& relation = scope.query->relations[static_cast<size_t>(item.relation)];
  auto expr = std::make_unique<Expr>(ExprKind::kColumn, relation.columns[column].type, location);
  expr->levels_up = levels_up;
  expr->rel = item.relation;
  expr->column = static_cast<int>(column);
  return expr;
}

ExprPtr WholeRow(const Scope& scope, const NsItem& item, int levels_up, int location) {
  auto row = std::make_unique<Expr>(ExprKind::kRow, Type{oid::kRecord}, location);
  for (size_t i = 0; i < ColumnCount(scope, item); ++i) {
    row->args.push_back(ColumnOf(scope, item, i, levels_up, location));
  }
  return row;
}

}  // namespace omen::sql
