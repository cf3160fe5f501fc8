// Queries inside expressions.
#pragma once

#include <string>
#include <vector>

#include "sql/expr/expr.h"
#include "sql/grammar/internal/node_names.h"

namespace omen::sql {

/// The values against the rows of a query: `name` ANY or ALL of them, or the only one.
ExprResult CompareWithRows(BindState* state, std::vector<ExprPtr> lefts, std::string name,
                           Quantifier quantifier, QueryPtr query, int location);

/// Binds EXISTS, ANY, ALL, ARRAY() and queries as values. One thread, made where it is used. 42601
/// for queries of too many columns.
class SublinkBinder {
 public:
  explicit SublinkBinder(Binding& binding) : binding_(binding), exprs_(binding) {}

  ExprResult Bind(const ::SubLink& node);
  /// The query itself; 0A000 where the clause takes none.
  QueryResult BindQuery(const ::Node* node);

 private:
  ExprResult BindQuantified(const ::SubLink& node, QueryPtr query);

  Binding& binding_;
  ExprBinder exprs_;
};

}  // namespace omen::sql
