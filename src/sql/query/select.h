// SELECT without set operations.
#pragma once

#include "sql/expr/expr.h"
#include "sql/grammar/internal/node_names.h"

namespace omen::sql {

/// Binds the clauses of a level's SELECT in PostgreSQL's order, or its VALUES. One thread, used
/// once. The clauses' errors.
class SelectBinder {
 public:
  explicit SelectBinder(Binding& binding)
      : binding_(binding), exprs_(binding), scope_(*binding.scope()) {}

  Status Bind(const ::SelectStmt& select);
  Status BindValues(const ::SelectStmt& select);

 private:
  /// What follows ORDER BY, and the rules over all clauses.
  Status Finish(const ::SelectStmt& select);
  Result<Relation> BindRows(const ::List* rows);

  Binding& binding_;
  ExprBinder exprs_;
  Scope& scope_;
};

}  // namespace omen::sql
