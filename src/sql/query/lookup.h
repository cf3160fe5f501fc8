// Finding columns and FROM items by name, from the innermost query level outwards.
#pragma once

#include <string>
#include <string_view>

#include "sql/query/scope.h"
#include "sql/typing/state.h"

namespace omen::sql {

/// Names at the current query level. Part of one Binder.
class NameLookup {
 protected:
  explicit NameLookup(BindState* state) : state_(state) {}

  /// Null when no such column is visible; 42702 when several are.
  ExprResult FindColumn(std::string_view name, int location);
  ExprResult FindInItem(Scope* scope, const NsItem& item, int levels_up, std::string_view name,
                        int location);
  Result<const NsItem*> FindItem(std::string_view schema, std::string_view name, int location,
                                 Scope** scope, int* levels_up);
  ExprPtr ColumnOf(const Scope& scope, const NsItem& item, size_t column, int levels_up,
                   int location);
  size_t ColumnCount(const Scope& scope, const NsItem& item) const;
  std::string_view ColumnNameOf(const Scope& scope, const NsItem& item, size_t column) const;
  ExprPtr WholeRow(const Scope& scope, const NsItem& item, int levels_up, int location);
  Status MissingRelation(std::string_view name, int location);
  Status MissingColumn(std::string_view relation, std::string_view name, int location);
  std::string ColumnHint(std::string_view relation, std::string_view name);

  BindState* state_;
  Scope* scope_ = nullptr;
};

}  // namespace omen::sql
