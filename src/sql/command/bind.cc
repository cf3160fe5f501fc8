#include "sql/command/bind.h"

#include <fmt/format.h>

#include <string>

#include "sql/command/bind_statement.h"
#include "sql/command/write_binder.h"
#include "sql/grammar/internal/parse_fields.h"
#include "sql/grammar/internal/parsed.h"
#include "sql/query/query.h"
#include "sql/tree/expr_walk.h"
#include "sql/typing/coerce.h"

// PostgreSQL's headers come last.
#include "sql/grammar/internal/pg_nodes.h"

namespace omen::sql {
namespace {

Status UntypedParam(SqlState state, size_t index, int location) {
  return Status(state, fmt::format("could not determine data type of parameter ${}", index + 1))
      .At(location);
}

/// A parameter used before anything gave it a type that it got later: PostgreSQL refuses it.
Status CheckParamUses(const Query& query, const std::vector<Type>& params) {
  Status status;
  const auto check = [&](const Expr& expr, int) {
    if (!status.ok() || expr.kind != ExprKind::kParam || !IsUnknown(expr)) return status.ok();
    const auto index = static_cast<size_t>(expr.param_index);
    if (params[index].oid == oid::kUnknown) return true;
    status = UntypedParam(sqlstate::kAmbiguousParameter, index, expr.location);
    return false;
  };
  WalkQuery(query, check, 0);
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
    OMEN_RETURN_IF_ERROR(CheckParamUses(*query, state->params));
  }
  for (size_t i = 0; i < state->params.size(); ++i) {
    if (state->params[i].oid != oid::kUnknown && state->params[i].oid != oid::kInvalid) continue;
    return UntypedParam(sqlstate::kIndeterminateDatatype, i, -1);
  }
  state->statement->param_types = state->params;
  return Status::Ok();
}

QueryResult BindQueryNode(BindState* state, const Node* node) {
  switch (nodeTag(node)) {
    case T_InsertStmt:
      return WriteBinder(state).BindInsert(*reinterpret_cast<const InsertStmt*>(node));
    case T_UpdateStmt:
      return WriteBinder(state).BindUpdate(*reinterpret_cast<const UpdateStmt*>(node));
    case T_DeleteStmt:
      return WriteBinder(state).BindDelete(*reinterpret_cast<const DeleteStmt*>(node));
    default:
      return BindQuery(state, node);
  }
}

Result<StatementBody> BindBody(BindState* state, const Node* node,
                               const ParsedStatement::Impl& parsed) {
  if (!IsQueryNode(node)) return BindUtility(state, node, parsed);
  OMEN_ASSIGN_OR_RETURN(QueryPtr query, BindQueryNode(state, node));
  OMEN_RETURN_IF_ERROR(FinishParams(state, query.get()));
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
  const ParsedStatement::Impl& impl = *parsed.impl();
  OMEN_ASSIGN_OR_RETURN(statement->body, BindBody(&state, impl.tree, impl));
  return std::shared_ptr<const Statement>(std::move(statement));
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
