#include "exec/read/select_explain.h"

#include <fmt/format.h>

#include <algorithm>

#include "exec/read/path_choice.h"
#include "exec/read/path_run.h"

namespace omen::exec {
namespace {

Status ExplainTree(const ReadRun& run, const Row& params, StatementContext* context,
                   const ExplainOptions& options, Path path, std::vector<std::string>* lines) {
  const PlannedRead& read = run.read;
  if (path == Path::kRow) {
    ExplainWriter writer(lines, options.costs, nullptr, false);
    run.level()->root->Explain(&writer);
    return Status::Ok();
  }
  lines->push_back(path == Path::kColumn ? "Column Scan" : "Mixed Scan");
  for (const auto& table : read.tables) lines->push_back("  on " + table->name);
  if (!options.verbose) return Status::Ok();
  const std::vector<Oid> row_tables = path == Path::kMixed ? read.AllTables() : std::vector<Oid>{};
  OMEN_ASSIGN_OR_RETURN(auto cursor,
                        MakeEngineCursor(read, params, context, row_tables,
                                         RequiredCommit(read.services.columns, *context)));
  return Status::Ok();
}

Status Analyze(const ReadRun& run, const Row& params, StatementContext* context,
               const ExplainOptions& options, Path path, std::vector<std::string>* lines) {
  const PlannedRead& read = run.read;
  const Clock& clock = *read.services.clock;
  const int64_t start = clock.MonotonicNanos();
  std::vector<NodeStatistics> statistics(static_cast<size_t>(run.rows->nodes));
  std::unique_ptr<Cursor> cursor;
  if (path == Path::kRow) {
    context->transaction->BeginStatement();
    StatementRun statement(read.services.rows, context, params);
    statement.statistics = &statistics;
    statement.clock = &clock;
    LevelRun level(*run.level(), &statement, nullptr);
    OMEN_RETURN_IF_ERROR(level.Open());
    Row row;
    while (true) {
      OMEN_ASSIGN_OR_RETURN(const bool more, level.Next());
      if (!more) break;
      OMEN_RETURN_IF_ERROR(level.OutputRow(&row));
    }
    ExplainWriter writer(lines, options.costs, &statistics, options.timing);
    run.level()->root->Explain(&writer);
  } else {
    OMEN_ASSIGN_OR_RETURN(cursor, OpenOn(path, run, params, context, false));
    std::vector<Row> rows;
    do {
      OMEN_RETURN_IF_ERROR(cursor->Next(&rows, 2048));
    } while (!rows.empty());
    lines->push_back(fmt::format("{} (actual rows={})",
                                 path == Path::kColumn ? "Column Scan" : "Mixed Scan",
                                 cursor->row_count()));
    for (const auto& table : read.tables) lines->push_back("  on " + table->name);
  }
  if (options.timing) {
    lines->push_back(
        fmt::format("Execution Time: {:.3f} ms", (clock.MonotonicNanos() - start) / 1e6));
  }
  return Status::Ok();
}

}  // namespace

Status ExplainRead(const PlannedRead& read, const Row& params, StatementContext* context,
                   const ExplainOptions& options, std::vector<std::string>* lines) {
  const ReadRun run{read, read.rows.For(params)};
  const router::Features features = FeaturesNow(run, *context);
  OMEN_ASSIGN_OR_RETURN(const router::Choice choice, ChoosePath(run, *context));
  const Path path = ExecPath(choice.path);
  context->report.Begin(path, choice.reason);
  const rowstore::CommitId required = RequiredCommit(read.services.columns, *context);
  if (options.analyze) {
    OMEN_RETURN_IF_ERROR(Analyze(run, params, context, options, path, lines));
  } else {
    OMEN_RETURN_IF_ERROR(ExplainTree(run, params, context, options, path, lines));
  }
  lines->push_back(fmt::format("Path: {} ({})", PathName(path), choice.reason));
  const replica::Replica* replica = read.services.columns.replica;
  lines->push_back(fmt::format("Freshness: commit {} required, columns at {}", required,
                               replica != nullptr ? replica->watermark() : 0));
  for (const Path other : {Path::kRow, Path::kColumn, Path::kMixed}) {
    if (other == path) continue;
    const router::Ability& ability = features.on(RouterPath(other));
    lines->push_back(
        fmt::format("Alternative: {} ({})", PathName(other),
                    ability.possible ? "possible" : "not possible: " + ability.why_not));
  }
  return Status::Ok();
}

}  // namespace omen::exec
