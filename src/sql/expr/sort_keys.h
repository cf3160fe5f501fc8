// ORDER BY inside calls and windows, and what any ORDER BY sorts by.
#pragma once

#include <vector>

#include "sql/expr/expr.h"
#include "sql/grammar/internal/node_names.h"

namespace omen::sql {

/// Binds the ORDER BY of a call or window, whose items are expressions: no output's name, no
/// position. 42883 for types without an order.
Status BindSortKeys(Binding& binding, const ::List* clause, Clause where,
                    std::vector<SortKey>* keys);
/// Adds what an item sorts by, unless that is a key already.
Status AddSortKey(BindState* state, const ::SortBy& item, ExprPtr expr, std::vector<SortKey>* keys);

}  // namespace omen::sql
