// The star of a target list or row, and the outputs that it stands for.
#pragma once

#include <string>
#include <vector>

#include "sql/binding/lookup.h"
#include "sql/grammar/internal/node_names.h"

namespace omen::sql {

/// * or t.*
bool IsStar(const ::Node* node);
/// An output of a level, and the table's column that it is.
TargetEntry MakeTarget(const Scope& level, ExprPtr expr, std::string name);

/// Expands stars at a query level. One thread; made and used at that level. 42P01 for names that
/// mean nothing, 42601 where there is nothing to expand.
class StarBinder {
 public:
  explicit StarBinder(Binding& binding) : scope_(*binding.scope()), names_(binding) {}

  /// * and t.*
  Status Bind(const ::ColumnRef& node, std::vector<TargetEntry>* out);
  /// All columns of an item of `scope`.
  void ExpandItem(const Scope& scope, const NsItem& item, int levels_up, int location,
                  std::vector<TargetEntry>* out);

 private:
  Scope& scope_;
  NameLookup names_;
};

}  // namespace omen::sql
