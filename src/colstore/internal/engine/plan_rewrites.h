// What statistics of stored columns prove of a plan before the engine optimizes it.
//
// Generated text guards what the engine computes otherwise than PostgreSQL (CASE WHEN c BETWEEN
// low AND high THEN its own ELSE our kernel), and says where nulls are sorted. Where a column has
// no value outside of the range, or no null, that costs the engine its own rewrites for nothing:
// filters that a top-N list sends to the scan, groups in an array, statistics of expressions.
#pragma once

#include "duckdb.hpp"

namespace omen::colstore {

/// Has every plan rewritten so. Once, before the engine runs any.
void InstallPlanRewrites(duckdb::DatabaseInstance& database);

}  // namespace omen::colstore
