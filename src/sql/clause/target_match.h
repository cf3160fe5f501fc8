// Outputs that ORDER BY, GROUP BY and DISTINCT ON mean.
#pragma once

#include "sql/expr/expr.h"
#include "sql/grammar/internal/node_names.h"

namespace omen::sql {

/// Finds items among the outputs of a level. One thread; made and used at one query level. 42702
/// for names of several outputs, 42P10 for positions that there are not.
class TargetMatcher {
 public:
  explicit TargetMatcher(Binding& binding)
      : binding_(binding), exprs_(binding), scope_(*binding.scope()) {}

  /// The output that an item names, or counts to, by SQL-92's rule; -1 where it is an expression.
  Result<int> IndexOf(const ::Node* node, Clause clause);
  /// What such an item stands for. Outputs that match are returned as copies.
  ExprResult Match(const ::Node* node, Clause clause);

 private:
  Binding& binding_;
  ExprBinder exprs_;
  Scope& scope_;
};

}  // namespace omen::sql
