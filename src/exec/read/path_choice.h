// Which way a read goes: what each path can do now, and who decides.
#pragma once

#include <chrono>

#include "exec/read/planned_read.h"

namespace omen::exec {

router::Path RouterPath(Path path);
Path ExecPath(router::Path path);

/// What the router is told of this read in this transaction.
router::Features FeaturesNow(const ReadRun& run, const StatementContext& context);

/// True where rows are taken without asking the router, unless it insists: nothing else could win,
/// and a point read must not pay.
bool AlwaysRow(const PlannedRead& read, const StatementContext& context);

/// The router's choice, or the one that omendb.route forces; 0A000 where that cannot be. What it
/// rested on is noted in the context's report.
Result<router::Choice> ChoosePath(const ReadRun& run, StatementContext* context);

/// How long rows, chosen, may work for their first rows before columns are taken in their place; 0:
/// for as long as they need.
std::chrono::nanoseconds PatienceWithRows(const router::Choice& choice,
                                          const StatementContext& context);

}  // namespace omen::exec
