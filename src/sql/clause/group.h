// GROUP BY with grouping sets.
#pragma once

#include <vector>

#include "sql/binding/binding.h"
#include "sql/grammar/internal/node_names.h"

namespace omen::sql {

/// Binds GROUP BY of a level: its keys, and the sets of them. One thread, used once. 42803 for keys
/// that hold aggregates, 54011 for too many sets.
class GroupBinder {
 public:
  explicit GroupBinder(Binding& binding) : binding_(binding), scope_(*binding.scope()) {}

  Status Bind(const ::List* clause, bool distinct);

 private:
  /// The group key of an item, which may be a new one.
  Result<int> IndexOf(const ::Node* node);
  /// One expression, or each of a parenthesised list.
  Status BindKeys(const ::Node* node, std::vector<int>* indexes);
  /// The sets that one item of GROUP BY stands for.
  Status BindItem(const ::Node* node, std::vector<std::vector<int>>* sets);
  Status BindSet(const ::GroupingSet& node, std::vector<std::vector<int>>* sets);
  Status KeepWritten(const ::Node* node, bool outermost, std::vector<GroupingItem>* items);

  Binding& binding_;
  Scope& scope_;
};

}  // namespace omen::sql
