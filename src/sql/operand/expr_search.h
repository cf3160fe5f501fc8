// Finding a kind of call, or a column, in an expression.
#pragma once

#include "sql/tree/query.h"

namespace omen::sql {

/// The first node of this query level (not inside subqueries) that satisfies `test`, or null.
const Expr* FindNode(const Expr& expr, bool (*test)(const Expr&));

/// A column of this query level, also inside subqueries, or null.
const Expr* FindVariable(const Expr& expr);

bool IsAggregateNode(const Expr& expr);
bool IsWindowNode(const Expr& expr);
/// A call that returns a set.
bool IsSetNode(const Expr& expr);

}  // namespace omen::sql
