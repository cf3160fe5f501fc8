// Which values of a query cannot be null, proven from what tables declare and conditions require.
#pragma once

#include "sql/tree/query.h"

namespace omen::sql {

/// Of an expression over the rows that the level's FROM and WHERE leave.
bool IsNeverNull(const Query& level, const Expr& expr);
/// The same of every column that the query returns.
bool ReturnsNoNulls(const Query& query);

}  // namespace omen::sql
