// The entry points: Bind one statement, or one stored expression over a table.

#include <fmt/format.h>

#include <string>

#include "sql/internal/bind_statement.h"
#include "sql/internal/parse_fields.h"
#include "sql/internal/parsed.h"
#include "sql/internal/rewrite.h"
#include "sql/internal/write_binder.h"

// PostgreSQL's headers come last.
#include "sql/internal/pg_nodes.h"

namespace omen::sql {
namespace {

Status UntypedParam(SqlState state, size_t index, int location) {
  return Status(state, fmt::format("could not determine data type of parameter ${}", index + 1))
      .At(location);
}

/// A parameter used before anything gave it a type that it got later: PostgreSQL refuses it.
Status CheckParamUses(Query* query, const std::vector<Type>& params) {
  Status status;
  VisitNodes(query, [&](ExprPtr& expr, int) {
    if (expr->kind != ExprKind::kParam || !IsUnknown(*expr) || !status.ok()) return;
    size_t index = static_cast<size_t>(expr->param_index);
    if (params[index].oid == oid::kUnknown) return;
    status = UntypedParam(sqlstate::kAmbiguousParameter, index, expr->location);
  });
  return status;
}

bool IsQueryNode(const Node* node) {
  switch (nodeTag(node)) {
    case T_SelectStmt:
      return reinterpret_cast<const SelectStmt*>(node)->intoClause == nullptr;
    case T_InsertStmt:
    case T_UpdateStmt:
    case T_DeleteStmt:
      return true;
    default:
      return false;
  }
}

}  // namespace

Status FinishParams(BindState* state, Query* query) {
  if (query != nullptr && !state->params.empty()) {
    OMEN_RETURN_IF_ERROR(CheckParamUses(query, state->params));
  }
  for (size_t i = 0; i < state->params.size(); ++i) {
    if (state->params[i].oid != oid::kUnknown && state->params[i].oid != oid::kInvalid) continue;
    return UntypedParam(sqlstate::kIndeterminateDatatype, i, -1);
  }
  state->statement->param_types = state->params;
  return Status::Ok();
}

QueryResult BindQueryNode(Binder* binder, const Node* node) {
  switch (nodeTag(node)) {
    case T_InsertStmt:
      return WriteBinder(binder->state()).BindInsert(*reinterpret_cast<const InsertStmt*>(node));
    case T_UpdateStmt:
      return WriteBinder(binder->state()).BindUpdate(*reinterpret_cast<const UpdateStmt*>(node));
    case T_DeleteStmt:
      return WriteBinder(binder->state()).BindDelete(*reinterpret_cast<const DeleteStmt*>(node));
    default:
      return binder->BindQuery(node);
  }
}

Result<StatementBody> BindBody(Binder* binder, const Node* node,
                               const ParsedStatement::Impl& parsed) {
  if (!IsQueryNode(node)) return BindUtility(binder, node, parsed);
  OMEN_ASSIGN_OR_RETURN(QueryPtr query, BindQueryNode(binder, node));
  OMEN_RETURN_IF_ERROR(FinishParams(binder->state(), query.get()));
  return StatementBody(std::move(query));
}

Result<std::shared_ptr<const Statement>> Bind(const ParsedStatement& parsed,
                                              const BindContext& context) {
  auto statement = std::make_shared<Statement>();
  statement->tag = parsed.tag();
  statement->catalog_version = context.catalog->version();
  if (parsed.is_empty()) return std::shared_ptr<const Statement>(std::move(statement));
  OMEN_RETURN_IF_ERROR(RefuseUnread(parsed.impl()->tree));
  BindState state(context, statement.get());
  state.AddText(parsed.text().size());
  Binder binder(&state);
  const ParsedStatement::Impl& impl = *parsed.impl();
  OMEN_ASSIGN_OR_RETURN(statement->body, BindBody(&binder, impl.tree, impl));
  return std::shared_ptr<const Statement>(std::move(statement));
}

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
  Binder binder(&state);
  const Node* node = Items<ResTarget>(select->targetList)[0]->val;
  OMEN_ASSIGN_OR_RETURN(
      ExprPtr expr,
      binder.BindOverTable(node, table, table ? Clause::kCheck : Clause::kColumnDefault));
  if (target.oid == 0) return ResolveUnknown(&state, std::move(expr));
  Oid from = expr->type.oid;
  OMEN_ASSIGN_OR_RETURN(ExprPtr value,
                        Coerce(&state, std::move(expr), target, CastContext::kAssignment));
  if (value) return value;
  return Status(sqlstate::kDatatypeMismatch,
                fmt::format("cannot cast type {} to {}", NameOf(from), NameOf(target.oid)));
}

Result<ExprPtr> CoerceExecuteArgument(ExprPtr argument, Type target, size_t number,
                                      const BindContext& context) {
  Statement unused;
  BindState state(context, &unused);
  state.AddText(0);
  const Type from = argument->type;
  const int location = LocationOf(*argument);
  OMEN_ASSIGN_OR_RETURN(ExprPtr value,
                        Coerce(&state, std::move(argument), target, CastContext::kAssignment));
  if (value) return value;
  return Status(sqlstate::kDatatypeMismatch,
                fmt::format("parameter ${} of type {} cannot be coerced to the expected type {}",
                            number, FormatType(from), FormatType(target)))
      .Hint("You will need to rewrite or cast the expression.")
      .At(location);
}

}  // namespace omen::sql
