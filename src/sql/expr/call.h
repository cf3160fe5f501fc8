// Calls by name.
#pragma once

#include <vector>

#include "sql/expr/expr.h"
#include "sql/grammar/internal/node_names.h"
#include "sql/typing/resolve.h"

namespace omen::sql {

/// Binds calls of functions, aggregates and window functions by their names. One thread, made where
/// it is used. 42883 and 42725 for names, 42809 for options that the callee does not have.
class CallBinder {
 public:
  explicit CallBinder(Binding& binding) : binding_(binding), exprs_(binding) {}

  ExprResult Bind(const ::FuncCall& node);

 private:
  ExprResult BindFunction(const ::FuncCall& node, const Callee& callee, std::vector<ExprPtr> args,
                          Oid result);
  /// What WITHIN GROUP orders by comes last.
  Result<std::vector<ExprPtr>> BindArguments(const ::FuncCall& node);

  Binding& binding_;
  ExprBinder exprs_;
};

}  // namespace omen::sql
