#include "exec/read/select_plan.h"

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
             std::shared_ptr<const sql::Query> query)
      : read_(services, *statement, std::move(query)) {
    statement_ = std::move(statement);
    outputs_ = read_.query->Outputs();
    returns_rows_ = true;
  }

  Status Prepare(uint64_t catalog_version) { return read_.Prepare(catalog_version); }

  Result<std::unique_ptr<Cursor>> Open(Row params, StatementContext* context) const override;
  Status Explain(const Row& params, StatementContext* context, const ExplainOptions& options,
                 std::vector<std::string>* lines) const override {
    return ExplainRead(read_, params, context, options, lines);
  }
  bool is_brief() const override { return read_.level != nullptr && read_.level->key_lookup; }
  Path path() const override { return Path::kRow; }
  const std::vector<PartRows>& estimated_parts() const override { return read_.expected; }

 private:
  using Tried = std::array<bool, router::kPaths>;
  std::optional<Path> NextPath(const Tried& tried) const;
  void Begin(RunReport* report, Path path, std::string_view reason) const;

  PlannedRead read_;
};

void SelectPlan::Begin(RunReport* report, Path path, std::string_view reason) const {
  report->Begin(path, reason);
  if (read_.level == nullptr) return;
  report->estimated_rows = read_.level->touched;
  report->estimated_us = read_.level->root->cost;
}

Result<std::unique_ptr<Cursor>> SelectPlan::Open(Row params, StatementContext* context) const {
  RunReport& report = context->report;
  if (AlwaysRow(read_, *context)) {
    Begin(&report, Path::kRow, read_.locks_rows ? "locks rows" : "finds its rows by key");
    return OpenOnRows(read_, std::move(params), context);
  }
  OMEN_ASSIGN_OR_RETURN(const router::Choice choice, ChoosePath(read_, *context));
  Begin(&report, ExecPath(choice.path), choice.reason);
  report.asked_router = context->options.route == Route::kAuto;
  Tried tried{};
  while (true) {
    const Path path = report.path;
    tried[static_cast<size_t>(RouterPath(path))] = true;
    auto cursor = OpenOn(path, read_, params, context, /*all_rows=*/path != ExecPath(choice.path));
    if (cursor.ok() || !IsOfPath(cursor.status())) return cursor;
    LogFault(path, cursor.status());
    const std::optional<Path> next = NextPath(tried);
    if (context->options.route != Route::kAuto || !next) return Settled(std::move(cursor).status());
    Begin(&report, *next, cursor.status().error().message);
  }
}

// After a path has refused or broken down: rows if they can, else the engine over rows.
std::optional<Path> SelectPlan::NextPath(const Tried& tried) const {
  if (read_.level != nullptr && !tried[static_cast<size_t>(router::Path::kRow)]) return Path::kRow;
  if (!tried[static_cast<size_t>(router::Path::kMixed)]) return Path::kMixed;
  return std::nullopt;
}

}  // namespace

PlanResult MakeSelectPlan(const ReadServices& services,
                          std::shared_ptr<const sql::Statement> statement,
                          std::shared_ptr<const sql::Query> query,
                          std::shared_ptr<const catalog::Snapshot> catalog) {
  auto plan = std::make_shared<SelectPlan>(services, std::move(statement), std::move(query));
  OMEN_RETURN_IF_ERROR(plan->Prepare(catalog->version()));
  return std::shared_ptr<const ExecutablePlan>(std::move(plan));
}

}  // namespace omen::exec
