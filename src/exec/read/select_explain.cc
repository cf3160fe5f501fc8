#include "exec/read/select_explain.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "exec/read/engine_explain.h"
#include "exec/read/path_choice.h"
#include "exec/read/path_run.h"

namespace omen::exec {
namespace {

/// One EXPLAIN of a read.
class ReadExplainer {
 public:
  ReadExplainer(const ReadRun& run, const Row& params, StatementContext* context, Path path,
                ExplainReport* report)
      : run_(run), params_(params), context_(context), path_(path), report_(*report) {}

  Status Plan();
  Status Analyze();

 private:
  Result<std::unique_ptr<EngineCursor>> EngineCursorNow();
  Status AnalyzeRows();
  Status AnalyzeEngine();
  void AddEnginePlan(const EngineCursor& cursor, const colstore::PlanOperator& plan, bool ran);

  const ReadRun& run_;
  const Row& params_;
  StatementContext* const context_;
  const Path path_;
  ExplainReport& report_;
};

Result<std::unique_ptr<EngineCursor>> ReadExplainer::EngineCursorNow() {
  const PlannedRead& read = run_.read;
  const std::vector<Oid> row_tables =
      path_ == Path::kMixed ? read.RowTables(*context_) : std::vector<Oid>{};
  return MakeEngineCursor(read, params_, context_, row_tables,
                          RequiredCommit(read.services.columns, *context_));
}

// What the planner expects of the whole is told at its top: the engine counts no microseconds.
void ReadExplainer::AddEnginePlan(const EngineCursor& cursor, const colstore::PlanOperator& plan,
                                  bool ran) {
  ExplainNode node =
      ExplainEnginePlan(run_.read, plan, cursor.query().row_scans, cursor.keys(), ran);
  if (run_.level() != nullptr) {
    node.expected = {0, run_.engine_us(), run_.level()->root->rows};
  }
  report_.plans.push_back(std::move(node));
}

Status ReadExplainer::Plan() {
  if (path_ == Path::kRow) {
    ExplainWriter writer(&report_.plans, nullptr);
    run_.level()->root->Explain(&writer);
    return Status::Ok();
  }
  OMEN_ASSIGN_OR_RETURN(auto cursor, EngineCursorNow());
  OMEN_ASSIGN_OR_RETURN(const colstore::PlanOperator plan, cursor->Plan());
  AddEnginePlan(*cursor, plan, false);
  return Status::Ok();
}

Status ReadExplainer::AnalyzeRows() {
  std::vector<NodeStatistics> statistics(static_cast<size_t>(run_.rows->nodes));
  context_->transaction->BeginStatement();
  StatementRun statement(run_.read.services.rows, context_, params_);
  statement.statistics = &statistics;
  statement.clock = run_.read.services.clock;
  LevelRun level(*run_.level(), &statement, nullptr);
  OMEN_RETURN_IF_ERROR(level.Open());
  Row row;
  while (true) {
    OMEN_ASSIGN_OR_RETURN(const bool more, level.Next());
    if (!more) break;
    OMEN_RETURN_IF_ERROR(level.OutputRow(&row));
  }
  ExplainWriter writer(&report_.plans, &statistics);
  run_.level()->root->Explain(&writer);
  return Status::Ok();
}

Status ReadExplainer::AnalyzeEngine() {
  OMEN_ASSIGN_OR_RETURN(auto cursor, EngineCursorNow());
  cursor->AddDetails();
  OMEN_RETURN_IF_ERROR(cursor->Start());
  std::vector<Row> rows;
  do {
    OMEN_RETURN_IF_ERROR(cursor->Next(&rows, 2048));
  } while (!rows.empty());
  if (cursor->ran() != nullptr) AddEnginePlan(*cursor, *cursor->ran(), true);
  return Status::Ok();
}

Status ReadExplainer::Analyze() { return path_ == Path::kRow ? AnalyzeRows() : AnalyzeEngine(); }

void AddAlternatives(const router::Features& features, Path path, ExplainReport* report) {
  std::string text;
  for (const Path other : {Path::kRow, Path::kColumn, Path::kMixed}) {
    if (other == path) continue;
    const router::Ability& ability = features.on(RouterPath(other));
    text += fmt::format("{}{} ({})", text.empty() ? "" : ", ", PathName(other),
                        ability.possible ? "possible" : "not possible: " + ability.why_not);
  }
  report->properties.emplace_back("Alternatives", std::move(text));
}

/// What was predicted of each path, from what, and how often that was right.
void AddPredictions(const router::Choice& choice, const router::Router& router,
                    ExplainReport* report) {
  std::string text;
  const std::vector<router::SourceRecord> records = router.Records();
  for (const Path path : {Path::kRow, Path::kColumn, Path::kMixed}) {
    const router::Prediction& prediction = choice.on(RouterPath(path));
    if (prediction.us <= 0) continue;
    text += fmt::format("{}{} {:.3f} ms (by {}", text.empty() ? "" : ", ", PathName(path),
                        prediction.us / 1000, router::SourceName(prediction.source));
    const router::SourceRecord& record = records[static_cast<size_t>(prediction.source)];
    if (record.predictions > 0) {
      text += fmt::format(
          ", {:.0f}% of {} right",
          100.0 * static_cast<double>(record.right) / static_cast<double>(record.predictions),
          record.predictions);
    }
    text += ")";
  }
  if (!text.empty()) report->properties.emplace_back("Predicted", std::move(text));
}

}  // namespace

Status ExplainRead(const PlannedRead& read, const Row& params, StatementContext* context,
                   const ExplainOptions& options, ExplainReport* report) {
  const ReadRun run{read, read.rows.For(params, context->options.work_memory_bytes)};
  OMEN_ASSIGN_OR_RETURN(const router::Choice choice, ChoosePath(run, context));
  const router::Features features = *std::exchange(context->report.features, std::nullopt);
  const Path path = ExecPath(choice.path);
  context->report.Begin(path, choice.reason);
  const rowstore::CommitId required = RequiredCommit(read.services.columns, *context);
  const Clock& clock = *read.services.clock;
  const int64_t start = clock.MonotonicNanos();
  ReadExplainer explainer(run, params, context, path, report);
  OMEN_RETURN_IF_ERROR(options.analyze ? explainer.Analyze() : explainer.Plan());
  if (options.analyze && options.timing) {
    report->properties.emplace_back(
        "Execution Time", fmt::format("{:.3f} ms", (clock.MonotonicNanos() - start) / 1e6));
  }
  report->properties.emplace_back("Path", fmt::format("{} ({})", PathName(path), choice.reason));
  const replica::Replica* replica = read.services.columns.replica;
  report->properties.emplace_back("Freshness",
                                  fmt::format("commit {} required, columns at {}", required,
                                              replica != nullptr ? replica->watermark() : 0));
  AddAlternatives(features, path, report);
  AddPredictions(choice, *read.services.router, report);
  return Status::Ok();
}

}  // namespace omen::exec
