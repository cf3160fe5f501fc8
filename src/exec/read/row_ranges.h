// Which keys of its tables the mixed path reads, by the conditions that a table is read under.
#pragma once

#include <optional>
#include <vector>

#include "exec/columns/row_scan_source.h"
#include "exec/planner/planner.h"
#include "sql/duckdb/duckdb_sql.h"

namespace omen::exec {

/// For each of the scans, in their order; nothing where a table is read whole. `params`: of the
/// statement. Any thread.
Result<std::vector<std::optional<ScannedKeys>>> KeysOfScans(const PlanningServices& services,
                                                            const std::vector<sql::RowScan>& scans,
                                                            const Row& params,
                                                            StatementContext* context);

}  // namespace omen::exec
