// Finding columns and FROM items by name, from the innermost query level outwards.
#pragma once

#include <string>
#include <string_view>

#include "sql/binding/binding.h"

namespace omen::sql {

/// Names as the current query level sees them. One thread, made where it is used.
class NameLookup {
 public:
  explicit NameLookup(Binding& binding) : binding_(binding) {}

  /// Null when no such column is visible; 42702 when several are.
  ExprResult FindColumn(std::string_view name, int location);
  ExprResult FindInItem(Scope* scope, const NsItem& item, int levels_up, std::string_view name,
                        int location);
  /// Null when no such item is visible, else its level and how far out that is.
  Result<const NsItem*> FindItem(std::string_view schema, std::string_view name, int location,
                                 Scope** scope, int* levels_up);
  /// The errors for what was not found.
  Status MissingRelation(std::string_view name, int location);
  Status MissingColumn(std::string_view relation, std::string_view name, int location);

 private:
  std::string ColumnHint(std::string_view relation, std::string_view name);

  Binding& binding_;
};

}  // namespace omen::sql
