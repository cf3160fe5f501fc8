// Calls that a LIMIT spares: what is computed for each group, and is not sorted by, is computed
// for the groups that are left.
#pragma once

#include "duckdb.hpp"
#include "duckdb/optimizer/optimizer.hpp"

namespace omen::colstore {

/// Rewrites LIMIT over ORDER BY over a projection, wherever in the plan. Only calls that never
/// fail are moved: an error of a group that LIMIT leaves out is the statement's all the same.
void DeferPastLimits(duckdb::Optimizer& optimizer,
                     duckdb::unique_ptr<duckdb::LogicalOperator>* plan);

}  // namespace omen::colstore
