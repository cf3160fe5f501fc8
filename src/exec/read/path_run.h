// Opens a read on one path.
#pragma once

#include <chrono>
#include <memory>
#include <vector>

#include "exec/read/planned_read.h"

namespace omen::exec {

/// Operators over rows. The read has a level.
Result<std::unique_ptr<Cursor>> OpenOnRows(const ReadRun& run, Row params,
                                           StatementContext* context);
/// The same, given up with 55000, of this path, where its first rows take longer than `limit`.
Result<std::unique_ptr<Cursor>> OpenOnRowsWithin(std::chrono::nanoseconds limit, const ReadRun& run,
                                                 Row params, StatementContext* context);
/// `all_rows`: a mixed run that reads no columns.
Result<std::unique_ptr<Cursor>> OpenOn(Path path, const ReadRun& run, const Row& params,
                                       StatementContext* context, bool all_rows);
/// On the column engine with these tables read from rows, not yet started.
Result<std::unique_ptr<EngineCursor>> MakeEngineCursor(const PlannedRead& read, const Row& params,
                                                       StatementContext* context,
                                                       const std::vector<Oid>& row_tables,
                                                       rowstore::CommitId at_least);

}  // namespace omen::exec
