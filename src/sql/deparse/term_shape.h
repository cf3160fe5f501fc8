// Which parentheses an expression needs.
#pragma once

#include "sql/tree/query.h"

namespace omen::sql {

/// What PostgreSQL has as a plain column reference.
bool IsVariable(const Expr& expr);
/// True where an expression may stand beside `parent`'s operator or keyword as it is.
bool IsSimpleOperand(const Expr& expr, const Expr& parent, bool pretty);

}  // namespace omen::sql
