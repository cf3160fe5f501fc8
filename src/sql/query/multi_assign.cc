#include "sql/query/multi_assign.h"

#include <string>

#include "sql/query/binder.h"
#include "sql/typing/rewrite.h"

// PostgreSQL's headers come last.
#include "sql/grammar/internal/pg_nodes.h"

namespace omen::sql {

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

}  // namespace omen::sql
