// A whole query, at the top or inside another.
#pragma once

#include "sql/binding/binding.h"
#include "sql/grammar/internal/node_names.h"

namespace omen::sql {

/// SELECT, a set operation or VALUES, as a statement of its own.
QueryResult BindQuery(BindState* state, const ::Node* node);
/// What every Binding is given, for the queries inside of others.
const Subqueries& TheSubqueries();

/// Binds queries, each at a level of its own. One thread, made where it is used. 54001 for those
/// nested too deep.
class QueryBinder {
 public:
  explicit QueryBinder(Binding& binding) : binding_(binding) {}

  QueryResult Bind(const ::Node* node);
  /// `coerce_later`: unknown outputs are left for the caller to type. `with`: one around the query
  /// that belongs to it, or null.
  QueryResult BindSelect(const ::SelectStmt& select, bool coerce_later,
                         const ::WithClause* with = nullptr);

 private:
  Binding& binding_;
};

}  // namespace omen::sql
