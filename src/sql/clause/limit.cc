#include "sql/clause/limit.h"

#include <fmt/format.h>

#include "sql/expr/expr.h"
#include "sql/operand/expr_search.h"
#include "sql/typing/coerce.h"

// PostgreSQL's headers come last.
#include "sql/grammar/internal/pg_nodes.h"

namespace omen::sql {
namespace {

/// SelectStmt.limitOption of WITH TIES. libpg_query 15 orders that enum differently from the
/// server's headers (DEFAULT, COUNT, WITH_TIES), so the header's constants are wrong here.
constexpr int kWithTies = 2;

ExprResult BindLimitExpr(Binding& binding, const Node* node, Clause clause) {
  OMEN_ASSIGN_OR_RETURN(ExprPtr expr, ExprBinder(binding).BindExpr(node, clause));
  OMEN_ASSIGN_OR_RETURN(expr,
                        CoerceTo(binding.state(), std::move(expr), oid::kInt8, ClauseName(clause)));
  if (const Expr* variable = FindVariable(*expr)) {
    return Status(sqlstate::kInvalidColumnReference,
                  fmt::format("argument of {} must not contain variables", ClauseName(clause)))
        .At(variable->location);
  }
  return expr;
}

}  // namespace

Status BindLimit(Binding& binding, const SelectStmt& select) {
  Query* query = binding.scope()->query;
  if (select.limitOffset != nullptr) {
    OMEN_ASSIGN_OR_RETURN(query->offset,
                          BindLimitExpr(binding, select.limitOffset, Clause::kOffset));
  }
  if (select.limitCount == nullptr) return Status::Ok();
  OMEN_ASSIGN_OR_RETURN(query->limit, BindLimitExpr(binding, select.limitCount, Clause::kLimit));
  query->with_ties = static_cast<int>(select.limitOption) == kWithTies;
  bool is_null = query->limit->kind == ExprKind::kConst && query->limit->value.is_null();
  if (query->with_ties && is_null) {
    return Status(SqlState("2201W"),
                  "row count cannot be null in FETCH FIRST ... WITH TIES clause");
  }
  if (is_null && !binding.as_written()) query->limit = nullptr;
  return Status::Ok();
}

}  // namespace omen::sql
