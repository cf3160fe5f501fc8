// Rows and what is assigned from them.
#pragma once

#include <vector>

#include "sql/expr/expr.h"
#include "sql/grammar/internal/node_names.h"

namespace omen::sql {

/// Binds row constructors. One thread, made where it is used. 42601 where a row has not as many
/// fields as columns take them.
class RowBinder {
 public:
  explicit RowBinder(Binding& binding) : binding_(binding), exprs_(binding) {}

  ExprResult BindRow(const ::RowExpr& node);
  /// One column of SET (a, b) = source: a field of the row, or the source subquery bound again for
  /// this column alone.
  ExprResult BindMultiAssign(const ::MultiAssignRef& node);

 private:
  /// t.* stands for t's columns.
  Result<std::vector<ExprPtr>> BindFields(const ::List* nodes);

  Binding& binding_;
  ExprBinder exprs_;
};

}  // namespace omen::sql
