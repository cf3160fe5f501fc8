// Casts that the text asks for, and those to a type that several expressions share.
#pragma once

#include <string_view>
#include <vector>

#include "sql/typing/state.h"

namespace omen::sql {

/// CAST: 42846 at `location` when there is no way, or at the expression where that is -1.
ExprResult ExplicitCast(BindState* state, ExprPtr expr, Type target, int location);
/// Coerces all to their common type.
Status Unify(BindState* state, std::vector<ExprPtr>* exprs, std::string_view construct, Type* type);
/// Assignment of a value to a column: 42804 naming both types.
ExprResult CoerceToColumn(BindState* state, ExprPtr expr, const catalog::Column& column);

}  // namespace omen::sql
