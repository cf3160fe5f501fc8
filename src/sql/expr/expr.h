// Any expression, by its node.
#pragma once

#include <vector>

#include "sql/binding/binding.h"
#include "sql/grammar/internal/node_names.h"

namespace omen::sql {

/// Binds expressions at the current query level, each kind by the part that knows it. One thread; a
/// reference to the binding that it is for. PostgreSQL's errors, 54001 for what is nested too deep
/// or grows too large, 0A000 for what is not built.
class ExprBinder {
 public:
  explicit ExprBinder(Binding& binding) : binding_(binding) {}

  /// In the clause that is being bound.
  ExprResult Bind(const ::Node* node);
  Result<std::vector<ExprPtr>> BindAll(const ::List* nodes);
  ExprResult BindExpr(const ::Node* node, Clause clause);
  /// What a clause takes as its condition.
  ExprResult BindBool(const ::Node* node, Clause clause);

 private:
  ExprResult BindNode(const ::Node* node);
  ExprResult BindTypeCast(const ::TypeCast& node);
  ExprResult BindCollate(const ::CollateClause& node);

  Binding& binding_;
};

}  // namespace omen::sql
