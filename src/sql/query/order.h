// ORDER BY and DISTINCT.
#pragma once

#include <vector>

#include "sql/grammar/internal/node_names.h"
#include "sql/query/expr.h"

namespace omen::sql {

/// Binds what sorts a level's rows or a call's, and what makes the rows distinct. One thread; made
/// and used at one query level. 42883 for types without an order, 42P10 where the two do not fit.
class OrderBinder {
 public:
  explicit OrderBinder(Binding& binding)
      : binding_(binding), exprs_(binding), scope_(*binding.scope()) {}

  Status Bind(const ::List* clause, SortRule rule, Clause where, std::vector<SortKey>* out);
  Status BindDistinct(const ::List* clause);

 private:
  Status BindPlainDistinct();
  Status BindDistinctOn(const ::List* clause);

  Binding& binding_;
  ExprBinder exprs_;
  Scope& scope_;
};

}  // namespace omen::sql
