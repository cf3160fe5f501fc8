// The rule that every column is grouped or aggregated.
#pragma once

#include "sql/tree/query.h"

namespace omen::sql {

/// 42803 for a column of a grouped query that no group has one value of.
Status CheckGroups(const Query& query);
/// 42803 or 42P20 for an output that GROUP BY cannot mean.
Status CheckGroupTarget(const Expr& expr);

}  // namespace omen::sql
