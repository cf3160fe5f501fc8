#include "exec/read/path_run.h"

#include "base/blame.h"
#include "exec/read/row_cursor.h"
#include "exec/read/row_ranges.h"

namespace omen::exec {
namespace {

Result<std::unique_ptr<Cursor>> OpenColumn(const PlannedRead& read, Row params,
                                           StatementContext* context) {
  const rowstore::CommitId latest = read.services.rows->last_commit();
  const rowstore::CommitId required = RequiredCommit(read.services.columns, *context);
  OMEN_ASSIGN_OR_RETURN(auto cursor, MakeEngineCursor(read, params, context, {}, required));
  Status started = cursor->Start();
  // Columns older than the last change of a table's definition do not know it yet.
  if (BlameOf(started) == Blame::kRefusal && required < latest) {
    OMEN_ASSIGN_OR_RETURN(cursor, MakeEngineCursor(read, params, context, {}, latest));
    started = cursor->Start();
  }
  OMEN_RETURN_IF_ERROR(std::move(started));
  return std::unique_ptr<Cursor>(std::move(cursor));
}

// Where columns have failed, every table is read from rows.
Result<std::unique_ptr<Cursor>> OpenMixed(const PlannedRead& read, Row params,
                                          StatementContext* context, bool all_rows) {
  const std::vector<Oid> row_tables = all_rows ? read.AllTables() : read.RowTables(*context);
  OMEN_ASSIGN_OR_RETURN(auto cursor, MakeEngineCursor(read, params, context, row_tables,
                                                      read.services.rows->last_commit()));
  OMEN_RETURN_IF_ERROR(cursor->Start());
  return std::unique_ptr<Cursor>(std::move(cursor));
}

}  // namespace

Result<std::unique_ptr<Cursor>> OpenOnRows(const ReadRun& run, Row params,
                                           StatementContext* context) {
  context->transaction->BeginStatement();
  auto cursor = std::make_unique<RowCursor>(run, context, std::move(params));
  context->report.snapshot_commit = context->transaction->view()->commit_id();
  OMEN_RETURN_IF_ERROR(cursor->Open());
  return std::unique_ptr<Cursor>(std::move(cursor));
}

Result<std::unique_ptr<Cursor>> OpenOnRowsWithin(std::chrono::nanoseconds limit, const ReadRun& run,
                                                 Row params, StatementContext* context) {
  context->transaction->BeginStatement();
  auto cursor = std::make_unique<RowCursor>(run, context, std::move(params));
  context->report.snapshot_commit = context->transaction->view()->commit_id();
  OMEN_RETURN_IF_ERROR(cursor->OpenWithin(run.read.services.clock, limit));
  return std::unique_ptr<Cursor>(std::move(cursor));
}

Result<std::unique_ptr<EngineCursor>> MakeEngineCursor(const PlannedRead& read, const Row& params,
                                                       StatementContext* context,
                                                       const std::vector<Oid>& row_tables,
                                                       rowstore::CommitId at_least) {
  OMEN_ASSIGN_OR_RETURN(std::shared_ptr<const sql::DuckdbQuery> query,
                        read.texts.For(row_tables, params));
  const bool columns = row_tables.size() < read.tables.size();
  OMEN_ASSIGN_OR_RETURN(EngineSource source, OpenEngine(read.services.columns, context, columns,
                                                        !row_tables.empty(), at_least));
  context->report.snapshot_commit = source.snapshot_commit;
  context->report.watermark = source.watermark;
  OMEN_ASSIGN_OR_RETURN(auto keys,
                        KeysOfScans(read.services.planning, query->row_scans, params, context));
  auto cursor =
      std::make_unique<EngineCursor>(read.services.columns, std::move(query), params, context,
                                     std::move(source), read.has_parts ? &read.tables : nullptr);
  cursor->ReadOnly(std::move(keys));
  return cursor;
}

Result<std::unique_ptr<Cursor>> OpenOn(Path path, const ReadRun& run, const Row& params,
                                       StatementContext* context, bool all_rows) {
  if (path == Path::kColumn) return OpenColumn(run.read, params, context);
  if (path == Path::kMixed) return OpenMixed(run.read, params, context, all_rows);
  return OpenOnRows(run, params, context);
}

}  // namespace omen::exec
