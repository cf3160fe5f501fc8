// Rows against rows, field by field.
#pragma once

#include <string_view>
#include <vector>

#include "sql/typing/state.h"

namespace omen::sql {

ExprResult RowComparison(BindState* state, std::string_view name, std::vector<ExprPtr> left,
                         std::vector<ExprPtr> right, int location);
/// IS DISTINCT FROM.
ExprResult RowDistinct(BindState* state, std::vector<ExprPtr> left, std::vector<ExprPtr> right,
                       int location);
/// Only the operators of an order compare rows.
Status UnknownRowOperator(std::string_view name);

}  // namespace omen::sql
