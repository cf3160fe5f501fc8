// The columns of a FROM item.
#pragma once

#include <string_view>

#include "sql/binding/scope.h"

namespace omen::sql {

/// `scope`: the level that has the item.
size_t ColumnCount(const Scope& scope, const NsItem& item);
std::string_view ColumnNameOf(const Scope& scope, const NsItem& item, size_t column);
/// As seen from `levels_up` levels further inside.
ExprPtr ColumnOf(const Scope& scope, const NsItem& item, size_t column, int levels_up,
                 int location);
ExprPtr WholeRow(const Scope& scope, const NsItem& item, int levels_up, int location);

}  // namespace omen::sql
