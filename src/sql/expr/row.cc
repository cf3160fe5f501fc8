#include "sql/expr/row.h"

#include <memory>

#include "sql/binding/star.h"
#include "sql/grammar/internal/node_location.h"
#include "sql/operand/multi_assign.h"
#include "sql/typing/rewrite.h"

// PostgreSQL's headers come last.
#include "sql/grammar/internal/pg_nodes.h"

namespace omen::sql {

ExprResult RowBinder::BindRow(const RowExpr& node) {
  auto row = std::make_unique<Expr>(ExprKind::kRow, Type{oid::kRecord}, node.location);
  OMEN_ASSIGN_OR_RETURN(row->args, BindFields(node.args));
  return row;
}

Result<std::vector<ExprPtr>> RowBinder::BindFields(const List* nodes) {
  std::vector<ExprPtr> fields;
  for (const Node* node : Items<>(nodes)) {
    if (!IsStar(node)) {
      OMEN_ASSIGN_OR_RETURN(ExprPtr field, exprs_.Bind(node));
      fields.push_back(std::move(field));
      continue;
    }
    std::vector<TargetEntry> columns;
    OMEN_RETURN_IF_ERROR(StarBinder(binding_).Bind(As<ColumnRef>(node), &columns));
    for (TargetEntry& column : columns) fields.push_back(std::move(column.expr));
  }
  return fields;
}

ExprResult RowBinder::BindMultiAssign(const MultiAssignRef& node) {
  if (const auto* row = NodeAs<RowExpr>(node.source, T_RowExpr)) {
    if (const List* plain = PlainFields(*row)) {
      if (Items<>(plain).size() != node.ncolumns) return WrongWidth(row->location);
      return exprs_.Bind(Items<>(plain)[node.colno - 1]);
    }
    OMEN_ASSIGN_OR_RETURN(std::vector<ExprPtr> fields, BindFields(row->args));
    if (static_cast<int>(fields.size()) != node.ncolumns) return WrongWidth(row->location);
    return std::move(fields[static_cast<size_t>(node.colno) - 1]);
  }
  const auto* link = NodeAs<SubLink>(node.source, T_SubLink);
  if (link == nullptr || link->subLinkType != EXPR_SUBLINK) {
    return Status(
               sqlstate::kFeatureNotSupported,
               "source for a multiple-column UPDATE item must be a sub-SELECT or ROW() expression")
        .At(LeftmostLocation(node.source));
  }
  OMEN_ASSIGN_OR_RETURN(QueryPtr all, binding_.subqueries().Bind(binding_, link->subselect));
  if (static_cast<int>(all->targets.size()) != node.ncolumns) return WrongWidth(link->location);
  QueryPtr one = WrapQuery(std::move(all));
  TargetEntry kept = std::move(one->targets[static_cast<size_t>(node.colno) - 1]);
  one->targets.clear();
  auto expr = std::make_unique<Expr>(ExprKind::kSubquery, kept.output.type, link->location);
  one->targets.push_back(std::move(kept));
  expr->subquery = std::move(one);
  return expr;
}

}  // namespace omen::sql
