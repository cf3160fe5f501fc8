// ORDER BY and DISTINCT.
#pragma once

#include "sql/binding/binding.h"
#include "sql/grammar/internal/node_names.h"

namespace omen::sql {

/// Binds what sorts a level's rows, and what makes them distinct. One thread; made and used at one
/// query level. 42883 for types without an order, 42P10 where the two do not fit.
class OrderBinder {
 public:
  explicit OrderBinder(Binding& binding) : binding_(binding), scope_(*binding.scope()) {}

  /// By outputs, as names and positions mean them, or by expressions.
  Status Bind(const ::List* clause);
  Status BindDistinct(const ::List* clause);

 private:
  Status BindPlainDistinct();
  Status BindDistinctOn(const ::List* clause);

  Binding& binding_;
  Scope& scope_;
};

}  // namespace omen::sql
