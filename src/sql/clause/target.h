// Target lists.
#pragma once

#include <vector>

#include "sql/binding/star.h"
#include "sql/expr/expr.h"
#include "sql/grammar/internal/node_names.h"

namespace omen::sql {

/// Outputs of unknown type become text.
Status ResolveUnknownTargets(BindState* state, std::vector<TargetEntry>* targets);

/// Binds what a query returns. One thread; made and used at one query level. 54011 for too many
/// outputs.
class TargetBinder {
 public:
  explicit TargetBinder(Binding& binding)
      : exprs_(binding), scope_(*binding.scope()), stars_(binding) {}

  Status Bind(const ::List* targets, Clause clause, std::vector<TargetEntry>* out);

 private:
  ExprBinder exprs_;
  Scope& scope_;
  StarBinder stars_;
};

}  // namespace omen::sql
