// Target lists.
#pragma once

#include <string>
#include <vector>

#include "sql/binding/lookup.h"
#include "sql/grammar/internal/node_names.h"
#include "sql/query/expr.h"

namespace omen::sql {

/// Outputs of unknown type become text.
Status ResolveUnknownTargets(BindState* state, std::vector<TargetEntry>* targets);

/// Binds what a query returns. One thread; made and used at one query level. 54011 for too many
/// outputs.
class TargetBinder {
 public:
  explicit TargetBinder(Binding& binding)
      : exprs_(binding), scope_(*binding.scope()), names_(binding) {}

  Status Bind(const ::List* targets, Clause clause, std::vector<TargetEntry>* out);
  /// * and t.*
  Status BindStar(const ::ColumnRef& node, std::vector<TargetEntry>* out);
  /// All columns of an item of `scope`.
  void ExpandItem(const Scope& scope, const NsItem& item, int levels_up, int location,
                  std::vector<TargetEntry>* out);

 private:
  /// An output and where it comes from.
  TargetEntry MakeTarget(ExprPtr expr, std::string name);

  ExprBinder exprs_;
  Scope& scope_;
  NameLookup names_;
};

}  // namespace omen::sql
