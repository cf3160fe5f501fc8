#include "sql/query/stored_text.h"

#include <fmt/format.h>

#include "sql/grammar/internal/parse_fields.h"
#include "sql/grammar/internal/parsed.h"
#include "sql/query/over_table.h"
#include "sql/query/query.h"
#include "sql/typing/coerce.h"

// PostgreSQL's headers come last.
#include "sql/grammar/internal/pg_nodes.h"

namespace omen::sql {

Result<ExprPtr> BindTableExpr(std::string_view expression_sql, const catalog::Table* table,
                              Type target, const BindContext& context) {
  OMEN_ASSIGN_OR_RETURN(auto parsed, Parse(fmt::format("SELECT {}", expression_sql)));
  const auto* select =
      parsed.size() == 1 ? NodeAs<SelectStmt>(parsed[0].impl()->tree, T_SelectStmt) : nullptr;
  if (select == nullptr || Items<>(select->targetList).size() != 1) {
    return InternalError(fmt::format("stored expression is damaged: {}", expression_sql));
  }
  Statement unused;
  BindState state(context, &unused);
  state.AddText(expression_sql.size());
  const Node* node = Items<ResTarget>(select->targetList)[0]->val;
  OMEN_ASSIGN_OR_RETURN(
      ExprPtr expr,
      BindOverTable(&state, node, table, table ? Clause::kCheck : Clause::kColumnDefault));
  if (target.oid == 0) return ResolveUnknown(&state, std::move(expr));
  Oid from = expr->type.oid;
  OMEN_ASSIGN_OR_RETURN(ExprPtr value,
                        Coerce(&state, std::move(expr), target, CastContext::kAssignment));
  if (value) return value;
  return Status(sqlstate::kDatatypeMismatch,
                fmt::format("cannot cast type {} to {}", NameOf(from), NameOf(target.oid)));
}

Result<std::unique_ptr<Query>> BindViewQuery(const catalog::View& view,
                                             const BindContext& context) {
  OMEN_ASSIGN_OR_RETURN(auto parsed, Parse(view.query_sql));
  const auto* select =
      parsed.size() == 1 ? NodeAs<SelectStmt>(parsed[0].impl()->tree, T_SelectStmt) : nullptr;
  if (select == nullptr || select->intoClause != nullptr) {
    return InternalError(fmt::format("stored query is damaged: {}", view.query_sql));
  }
  OMEN_RETURN_IF_ERROR(RefuseUnread(parsed[0].impl()->tree));
  Statement unused;
  BindState state(context, &unused);
  state.AddText(view.query_sql.size());
  return BindQuery(&state, parsed[0].impl()->tree);
}

}  // namespace omen::sql
