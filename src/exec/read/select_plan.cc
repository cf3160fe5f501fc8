#include "exec/read/select_plan.h"

#include <fmt/format.h>

#include <array>
#include <optional>

#include "base/blame.h"
#include "exec/read/path_choice.h"
#include "exec/read/path_run.h"
#include "exec/read/select_explain.h"
#include "obs/log.h"

namespace omen::exec {
namespace {

void LogFault(Path path, const Status& status) {
  if (BlameOf(status) != Blame::kFault) return;
  obs::Log(obs::LogLevel::kError, "path_failed",
           {{"path", PathName(path)}, {"error", status.error().message}});
}

class SelectPlan final : public ExecutablePlan {
 public:
  SelectPlan(const ReadServices& services, std::shared_ptr<const sql::Statement> statement,
             std::shared_ptr<const sql::Query> query, RowsFor rows_for)
      : read_(services, *statement, std::move(query)) {
    read_.gives_fields = rows_for == RowsFor::kClient;
    statement_ = std::move(statement);
    outputs_ = read_.query->Outputs();
    returns_rows_ = true;
  }

  Status Prepare(uint64_t catalog_version) { return read_.Prepare(catalog_version); }

  Result<std::unique_ptr<Cursor>> Open(Row params, StatementContext* context) const override;
  Status Explain(const Row& params, StatementContext* context, const ExplainOptions& options,
                 ExplainReport* report) const override {
    return ExplainRead(read_, params, context, options, report);
  }
  bool is_brief() const override { return read_.key_lookup; }
  bool polls() const override { return read_.tables_alone; }
  Path path() const override { return Path::kRow; }

 private:
  Result<std::unique_ptr<Cursor>> TryRows(std::chrono::nanoseconds limit, const ReadRun& run,
                                          const Row& params, StatementContext* context) const;
  using Tried = std::array<bool, router::kPaths>;
  static std::optional<Path> NextPath(const ReadRun& run, const Tried& tried);
  static void Begin(const ReadRun& run, RunReport* report, Path path, std::string_view reason);

  PlannedRead read_;
};

void SelectPlan::Begin(const ReadRun& run, RunReport* report, Path path, std::string_view reason) {
  report->Begin(path, reason);
  if (run.level() == nullptr) return;
  report->estimated_rows = run.level()->touched;
  report->estimated_us = path == Path::kRow ? run.level()->root->cost : run.engine_us();
  if (!run.level()->key_lookup) report->expected = run.rows->expected;
}

Result<std::unique_ptr<Cursor>> SelectPlan::Open(Row params, StatementContext* context) const {
  RunReport& report = context->report;
  const ReadRun run{read_, read_.rows.For(params, context->options.work_memory_bytes)};
  if (AlwaysRow(read_, *context)) {
    Begin(run, &report, Path::kRow, read_.locks_rows ? "locks rows" : "finds its rows by key");
    return OpenOnRows(run, std::move(params), context);
  }
  OMEN_ASSIGN_OR_RETURN(const router::Choice choice, ChoosePath(run, context));
  Begin(run, &report, ExecPath(choice.path), choice.reason);
  report.asked_router = context->options.route == Route::kAuto;
  if (const auto limit = PatienceWithRows(choice, *context); limit.count() > 0) {
    auto cursor = TryRows(limit, run, params, context);
    if (cursor.ok() || !IsOfPath(cursor.status())) return cursor;
  }
  Tried tried{};
  while (true) {
    const Path path = report.path;
    tried[static_cast<size_t>(RouterPath(path))] = true;
    auto cursor = OpenOn(path, run, params, context, /*all_rows=*/path != ExecPath(choice.path));
    if (cursor.ok() || !IsOfPath(cursor.status())) return cursor;
    LogFault(path, cursor.status());
    const std::optional<Path> next = NextPath(run, tried);
    if (context->options.route != Route::kAuto || !next) return Settled(std::move(cursor).status());
    Begin(run, &report, *next, cursor.status().error().message);
  }
}

// What rows are expected to take may be far off, and nothing has been answered yet: who waits for
// as long as the other path would have taken, and then takes it, waits twice as long as he had to
// at most (ski rental: Karlin et al., "Competitive snoopy caching", 1988).
Result<std::unique_ptr<Cursor>> SelectPlan::TryRows(std::chrono::nanoseconds limit,
                                                    const ReadRun& run, const Row& params,
                                                    StatementContext* context) const {
  const Clock& clock = *read_.services.clock;
  const int64_t began = clock.MonotonicNanos();
  auto cursor = OpenOnRowsWithin(limit, run, params, context);
  if (cursor.ok() || !IsOfPath(cursor.status())) return cursor;
  const double took_us = static_cast<double>(clock.MonotonicNanos() - began) / 1000;
  Begin(run, &context->report, Path::kColumn,
        fmt::format("given up on rows after {:.0f} us: {}", took_us,
                    cursor.status().error().message));
  context->report.given_up_us = took_us;
  return cursor;
}

// After a path has refused or broken down: rows if they can, else the engine over rows.
std::optional<Path> SelectPlan::NextPath(const ReadRun& run, const Tried& tried) {
  if (run.level() != nullptr && !tried[static_cast<size_t>(router::Path::kRow)]) return Path::kRow;
  if (!tried[static_cast<size_t>(router::Path::kMixed)]) return Path::kMixed;
  return std::nullopt;
}

}  // namespace

PlanResult MakeSelectPlan(const ReadServices& services,
                          std::shared_ptr<const sql::Statement> statement,
                          std::shared_ptr<const sql::Query> query,
                          std::shared_ptr<const catalog::Snapshot> catalog, RowsFor rows_for) {
  auto plan =
      std::make_shared<SelectPlan>(services, std::move(statement), std::move(query), rows_for);
  OMEN_RETURN_IF_ERROR(plan->Prepare(catalog->version()));
  return std::shared_ptr<const ExecutablePlan>(std::move(plan));
}

}  // namespace omen::exec
