// EXPLAIN of a read.
#pragma once

#include <string>
#include <vector>

#include "exec/read/planned_read.h"
#include "exec/statement/plan.h"

namespace omen::exec {

/// The plan on the path it would take, or took; then path, freshness and the other paths.
Status ExplainRead(const PlannedRead& read, const Row& params, StatementContext* context,
                   const ExplainOptions& options, ExplainReport* report);

}  // namespace omen::exec
