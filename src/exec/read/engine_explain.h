// The column engine's plan as EXPLAIN shows it: by the names of steps that PostgreSQL's readers
// know, tables and columns by those they have here.
#pragma once

#include <optional>
#include <vector>

#include "colstore/engine_plan.h"
#include "exec/columns/row_scan_source.h"
#include "exec/explain/explain_report.h"
#include "exec/read/planned_read.h"

namespace omen::exec {

/// `ran`: what the operators did is shown, too. `row_scans`: of the engine's text, `keys`: what is
/// read for each, by its number.
ExplainNode ExplainEnginePlan(const PlannedRead& read, const colstore::PlanOperator& plan,
                              const std::vector<sql::RowScan>& row_scans,
                              const std::vector<std::optional<ScannedKeys>>& keys, bool ran);

}  // namespace omen::exec
