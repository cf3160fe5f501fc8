// What the column engine's run of a query has shown of its parts.
#pragma once

#include <vector>

#include "colstore/engine_plan.h"
#include "exec/statement/plan.h"
#include "sql/duckdb/duckdb_sql.h"

namespace omen::exec {

/// Rows of scans, joins and groupings that the engine counted whole: where a limit above may have
/// ended them early, or a join may have handed what it knows down to them, they are left out.
/// `tables`: of the query, by which storage ids are told. `row_scans`: of its text.
std::vector<PartRows> PartsOf(const colstore::PlanOperator& plan,
                              const std::vector<std::shared_ptr<const catalog::Table>>& tables,
                              const std::vector<sql::RowScan>& row_scans);

/// Of all operators and threads, in microseconds.
int64_t EngineMicros(const colstore::PlanOperator& plan);
/// That scans gave, after the conditions they hold themselves.
uint64_t RowsScanned(const colstore::PlanOperator& plan);

}  // namespace omen::exec
