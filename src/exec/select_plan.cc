#include "exec/select_plan.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/blame.h"
#include "exec/engine_run.h"
#include "exec/planner.h"
#include "exec/read_services.h"
#include "obs/log.h"

namespace omen::exec {
namespace {

using router::Ability;
using router::Choice;
using router::Features;

// What a batch of rows holds at most, beyond one row.
constexpr size_t kBatchBytes = 1 << 20;

size_t PayloadOf(const Row& row, const std::vector<Type>& types) {
  size_t bytes = 0;
  for (size_t i = 0; i < row.size(); ++i) {
    const Carrier carrier = InfoOf(types[i].oid).carrier;
    if (row[i].is_null()) continue;
    if (carrier == Carrier::kBytes) bytes += row[i].AsBytes().size();
    if (carrier == Carrier::kArray) bytes += row[i].AsArray().elements.size() * sizeof(Value);
  }
  return bytes;
}

// Rows of a level on the row path. One thread.
class RowCursor final : public Cursor {
 public:
  RowCursor(const LevelPlan& plan, Database* database, StatementContext* context, Row params)
      : run_(database, context, std::move(params)), level_(plan, &run_, nullptr) {}

  Status Open() { return level_.Open(); }
  void CountInto(std::vector<NodeStatistics>* statistics) { run_.statistics = statistics; }

  Status Next(std::vector<Row>* rows, size_t max) override {
    size_t got = 0, bytes = 0;
    if (std::exchange(large_, false)) rows->clear();
    while (!done_ && got < max && !large_) {
      OMEN_ASSIGN_OR_RETURN(const bool more, level_.Next());
      if (!more) {
        done_ = true;
        break;
      }
      if (rows->size() == got) rows->emplace_back();
      OMEN_RETURN_IF_ERROR(level_.OutputRow(&(*rows)[got]));
      bytes += PayloadOf((*rows)[got++], level_.plan().output_types);
      large_ = bytes > kBatchBytes;
    }
    rows->resize(got);
    count_ += got;
    return Status::Ok();
  }
  uint64_t row_count() const override { return count_; }

 private:
  StatementRun run_;
  LevelRun level_;
  bool done_ = false, large_ = false;  // the last batch was cut short
  uint64_t count_ = 0;
};

router::Path RouterPath(Path path) {
  return path == Path::kColumn  ? router::Path::kColumn
         : path == Path::kMixed ? router::Path::kMixed
                                : router::Path::kRow;
}

Path ExecPath(router::Path path) {
  return path == router::Path::kColumn  ? Path::kColumn
         : path == router::Path::kMixed ? Path::kMixed
                                        : Path::kRow;
}

// Small enough to stand in a text as literals.
bool FitsText(const Row& params, const std::vector<Type>& types) {
  constexpr size_t kElementsMax = 1000, kBytesMax = size_t{64} << 10;
  for (size_t i = 0; i < params.size() && i < types.size(); ++i) {
    if (params[i].is_null()) continue;
    const Carrier carrier = InfoOf(types[i].oid).carrier;
    if (carrier == Carrier::kArray && params[i].AsArray().elements.size() > kElementsMax) {
      return false;
    }
    if (carrier == Carrier::kBytes && params[i].AsBytes().size() > kBytesMax) return false;
  }
  return true;
}

void LogFault(Path path, const Status& status) {
  if (BlameOf(status) != Blame::kFault) return;
  obs::Log(obs::LogLevel::kError, "path_failed",
           {{"path", PathName(path)}, {"error", status.error().message}});
}

}  // namespace

SelectPlan::SelectPlan(std::shared_ptr<const sql::Statement> statement,
                       std::shared_ptr<const sql::Query> query)
    : query_(std::move(query)) {
  statement_ = std::move(statement);
  outputs_ = query_->Outputs();
  returns_rows_ = true;
}

Status SelectPlan::Prepare(Database* database, uint64_t catalog_version) {
  WalkQueries(*query_, [&](const sql::Query& query) {
    locks_rows_ = locks_rows_ || !query.locks.empty();
    for (const sql::Relation& relation : query.relations) {
      if (relation.kind != sql::RelationKind::kTable) continue;
      const bool known = std::ranges::any_of(
          tables_, [&](const auto& table) { return table->oid == relation.table->oid; });
      if (!known) tables_.push_back(relation.table);
    }
  });
  PlanEnvironment environment;
  environment.statistics = &database->read_services().statistics;
  environment.hidden = database->read_services().hidden.Of(catalog_version);
  LevelPlanner planner(&environment, *query_, nullptr);
  Result<std::unique_ptr<LevelPlan>> level = planner.PlanSelect();
  nodes_ = environment.nodes;
  if (level.ok()) {
    level_ = std::move(level).value();
    return Status::Ok();
  }
  if (!IsOfPath(level.status())) return std::move(level).status();
  row_why_not_ = level.status().error().message;
  if (database->parts().replica == nullptr || locks_rows_)
    return Settled(std::move(level).status());
  return Status::Ok();
}

std::vector<Oid> SelectPlan::ChangedTables(const StatementContext& context) const {
  std::vector<Oid> changed;
  for (const auto& table : tables_) {
    if (context.transaction->HasChanged(table->storage_id)) changed.push_back(table->oid);
  }
  return changed;
}

std::vector<Oid> SelectPlan::AllTables() const {
  std::vector<Oid> all;
  for (const auto& table : tables_) all.push_back(table->oid);
  return all;
}

Result<sql::DuckdbQuery> SelectPlan::Generate(const std::vector<Oid>& row_tables,
                                              const Row* params) const {
  const auto source_of = [&](const catalog::Table& table) {
    return std::ranges::find(row_tables, table.oid) != row_tables.end()
               ? sql::TableSource::kRows
               : sql::TableSource::kColumns;
  };
  return sql::GenerateDuckdb(*query_, statement_->param_types, source_of, params);
}

SelectPlan::GeneratedQuery SelectPlan::GeneratedFor(const std::vector<Oid>& row_tables,
                                                    const Row& params) const {
  if (params.empty() || !FitsText(params, statement_->param_types)) return Generated(row_tables);
  Result<sql::DuckdbQuery> made = Generate(row_tables, &params);
  if (made.ok()) return std::make_shared<const sql::DuckdbQuery>(std::move(made).value());
  if (!IsOfPath(made.status())) return std::move(made).status();
  return Generated(row_tables);
}

SelectPlan::GeneratedQuery SelectPlan::Generated(const std::vector<Oid>& row_tables) const {
  std::lock_guard lock(mutex_);
  const auto found = generated_.find(row_tables);
  if (found != generated_.end()) return found->second;
  const auto refused = refused_.find(row_tables);
  if (refused != refused_.end()) return refused->second.Clone();
  Result<sql::DuckdbQuery> made = Generate(row_tables, nullptr);
  if (!made.ok()) {
    refused_.emplace(row_tables, made.status().Clone());
    return std::move(made).status();
  }
  auto kept = std::make_shared<const sql::DuckdbQuery>(std::move(made).value());
  generated_.emplace(row_tables, kept);
  return kept;
}

Ability SelectPlan::MixedAbility(Database* database) const {
  if (database->parts().replica == nullptr) return {false, "there is no column store"};
  if (locks_rows_) return {false, "row locks need the row path"};
  const GeneratedQuery generated = Generated({});
  if (!generated.ok()) return {false, generated.status().error().message};
  return {};
}

Ability SelectPlan::ColumnAbility(Database* database, const StatementContext& context) const {
  Ability ability = MixedAbility(database);
  if (!ability.possible) return ability;
  Transaction& transaction = *context.transaction;
  if (!ChangedTables(context).empty()) {
    return {false, "this transaction has changed a table that it reads"};
  }
  if (transaction.repeatable() && transaction.pin() == nullptr && transaction.has_snapshot() &&
      !tables_.empty()) {
    return {false, "columns have no pin on this transaction's snapshot"};
  }
  return {};
}

Features SelectPlan::FeaturesNow(Database* database, const StatementContext& context) const {
  Features features;
  features.on(router::Path::kRow) = {level_ != nullptr, row_why_not_};
  features.on(router::Path::kColumn) = ColumnAbility(database, context);
  features.on(router::Path::kMixed) = MixedAbility(database);
  features.reads_tables = !tables_.empty();
  features.locks_rows = locks_rows_;
  if (level_ != nullptr) {
    features.key_lookup = level_->key_lookup;
    features.row_cost_us = level_->root->cost;
    features.rows_touched = level_->touched;
  }
  if (database->parts().replica != nullptr && features.on(router::Path::kColumn).possible) {
    features.replica_behind = database->parts().replica->state().phase != "following";
  }
  return features;
}

// Decided without asking the router: nothing else could win, and a point read must not pay.
bool SelectPlan::AlwaysRow(const StatementContext& context) const {
  return context.options.route == Route::kAuto && level_ != nullptr &&
         (level_->key_lookup || locks_rows_);
}

Result<Choice> SelectPlan::Decide(Database* database, const StatementContext& context) const {
  const Features features = FeaturesNow(database, context);
  if (context.options.route == Route::kAuto) {
    Choice choice = database->read_services().router->Choose(features);
    if (choice.possible) return choice;
    const GeneratedQuery generated = Generated({});
    if (!generated.ok()) return Settled(generated.status().Clone());
    return Status(sqlstate::kFeatureNotSupported, choice.reason);
  }
  Choice choice;
  choice.reason = "forced by omendb.route";
  choice.path = context.options.route == Route::kRow      ? router::Path::kRow
                : context.options.route == Route::kColumn ? router::Path::kColumn
                                                          : router::Path::kMixed;
  const Ability& ability = features.on(choice.path);
  if (ability.possible) return choice;
  // A statement that is wrong on every path says so, not that this path lacks something.
  if (choice.path != router::Path::kRow && database->parts().replica != nullptr) {
    const GeneratedQuery generated = Generated({});
    if (!generated.ok() && !IsOfPath(generated.status())) {
      return generated.status().Clone();
    }
  }
  return Status(sqlstate::kFeatureNotSupported,
                fmt::format("this statement cannot run on the {} path: {}",
                            PathName(ExecPath(choice.path)), ability.why_not));
}

Result<std::unique_ptr<Cursor>> SelectPlan::Open(Database* database, Row params,
                                                 StatementContext* context) const {
  if (AlwaysRow(*context)) {
    context->report.Begin(Path::kRow, locks_rows_ ? "locks rows" : "finds its rows by key");
    return OpenRow(database, std::move(params), context);
  }
  OMEN_ASSIGN_OR_RETURN(Choice choice, Decide(database, *context));
  context->report.Begin(ExecPath(choice.path), choice.reason);
  std::array<bool, router::kPaths> tried{};
  while (true) {
    const Path path = context->report.path;
    tried[static_cast<size_t>(RouterPath(path))] = true;
    auto cursor =
        OpenOn(path, database, params, context, /*all_rows=*/path != ExecPath(choice.path));
    if (cursor.ok() || !IsOfPath(cursor.status())) return cursor;
    LogFault(path, cursor.status());
    const std::optional<Path> next = NextPath(tried);
    if (context->options.route != Route::kAuto || !next) return Settled(std::move(cursor).status());
    context->report.Begin(*next, cursor.status().error().message);
  }
}

// After a path has refused or broken down: rows if they can, else the engine over rows.
std::optional<Path> SelectPlan::NextPath(const std::array<bool, router::kPaths>& tried) const {
  if (level_ != nullptr && !tried[static_cast<size_t>(router::Path::kRow)]) return Path::kRow;
  if (!tried[static_cast<size_t>(router::Path::kMixed)]) return Path::kMixed;
  return std::nullopt;
}

Result<std::unique_ptr<Cursor>> SelectPlan::OpenOn(Path path, Database* database, const Row& params,
                                                   StatementContext* context, bool all_rows) const {
  if (path == Path::kColumn) return OpenColumn(database, params, context);
  if (path == Path::kMixed) return OpenMixed(database, params, context, all_rows);
  return OpenRow(database, params, context);
}

Result<std::unique_ptr<Cursor>> SelectPlan::OpenRow(Database* database, Row params,
                                                    StatementContext* context) const {
  context->transaction->BeginStatement();
  auto cursor = std::make_unique<RowCursor>(*level_, database, context, std::move(params));
  context->report.snapshot_commit = context->transaction->view()->commit_id();
  OMEN_RETURN_IF_ERROR(cursor->Open());
  return std::unique_ptr<Cursor>(std::move(cursor));
}

Result<std::unique_ptr<EngineCursor>> SelectPlan::MakeEngineCursor(
    Database* database, const Row& params, StatementContext* context,
    const std::vector<Oid>& row_tables, rowstore::CommitId at_least) const {
  OMEN_ASSIGN_OR_RETURN(std::shared_ptr<const sql::DuckdbQuery> query,
                        GeneratedFor(row_tables, params));
  const bool columns = row_tables.size() < tables_.size();
  OMEN_ASSIGN_OR_RETURN(EngineSource source,
                        OpenEngine(database, context, columns, !row_tables.empty(), at_least));
  context->report.snapshot_commit = source.snapshot_commit;
  context->report.watermark = source.watermark;
  return std::make_unique<EngineCursor>(database, std::move(query), params, context,
                                        std::move(source));
}

Result<std::unique_ptr<Cursor>> SelectPlan::OpenColumn(Database* database, Row params,
                                                       StatementContext* context) const {
  const rowstore::CommitId latest = database->parts().rows->last_commit();
  const rowstore::CommitId required = RequiredCommit(database, *context);
  OMEN_ASSIGN_OR_RETURN(auto cursor, MakeEngineCursor(database, params, context, {}, required));
  Status started = cursor->Start();
  // Columns older than the last change of a table's definition do not know it yet.
  if (BlameOf(started) == Blame::kRefusal && required < latest) {
    OMEN_ASSIGN_OR_RETURN(cursor, MakeEngineCursor(database, params, context, {}, latest));
    started = cursor->Start();
  }
  OMEN_RETURN_IF_ERROR(std::move(started));
  return std::unique_ptr<Cursor>(std::move(cursor));
}

// Forced, or where columns have failed, every table is read from rows. Chosen, only those that
// columns cannot show.
Result<std::unique_ptr<Cursor>> SelectPlan::OpenMixed(Database* database, Row params,
                                                      StatementContext* context,
                                                      bool all_rows) const {
  std::vector<Oid> row_tables = AllTables();
  if (context->options.route == Route::kAuto && !all_rows) {
    const Transaction& transaction = *context->transaction;
    const bool no_pin = transaction.repeatable() && transaction.has_snapshot() &&
                        context->transaction->pin() == nullptr;
    if (!no_pin) row_tables = ChangedTables(*context);
  }
  OMEN_ASSIGN_OR_RETURN(auto cursor, MakeEngineCursor(database, params, context, row_tables,
                                                      database->parts().rows->last_commit()));
  OMEN_RETURN_IF_ERROR(cursor->Start());
  return std::unique_ptr<Cursor>(std::move(cursor));
}

Status SelectPlan::Explain(Database* database, const Row& params, StatementContext* context,
                           const ExplainOptions& options, std::vector<std::string>* lines) const {
  const Features features = FeaturesNow(database, *context);
  OMEN_ASSIGN_OR_RETURN(const Choice choice, Decide(database, *context));
  const Path path = ExecPath(choice.path);
  context->report.Begin(path, choice.reason);
  const rowstore::CommitId required = RequiredCommit(database, *context);
  if (options.analyze) {
    OMEN_RETURN_IF_ERROR(Analyze(database, params, context, options, path, lines));
  } else {
    OMEN_RETURN_IF_ERROR(ExplainTree(database, params, context, options, path, lines));
  }
  lines->push_back(fmt::format("Path: {} ({})", PathName(path), choice.reason));
  const replica::Replica* replica = database->parts().replica;
  lines->push_back(fmt::format("Freshness: commit {} required, columns at {}", required,
                               replica != nullptr ? replica->watermark() : 0));
  for (const Path other : {Path::kRow, Path::kColumn, Path::kMixed}) {
    if (other == path) continue;
    const Ability& ability = features.on(RouterPath(other));
    lines->push_back(
        fmt::format("Alternative: {} ({})", PathName(other),
                    ability.possible ? "possible" : "not possible: " + ability.why_not));
  }
  return Status::Ok();
}

Status SelectPlan::ExplainTree(Database* database, const Row& params, StatementContext* context,
                               const ExplainOptions& options, Path path,
                               std::vector<std::string>* lines) const {
  if (path == Path::kRow) {
    ExplainWriter writer(lines, options.costs, nullptr, false);
    level_->root->Explain(&writer);
    return Status::Ok();
  }
  lines->push_back(path == Path::kColumn ? "Column Scan" : "Mixed Scan");
  for (const auto& table : tables_) lines->push_back("  on " + table->name);
  if (!options.verbose) return Status::Ok();
  const std::vector<Oid> row_tables = path == Path::kMixed ? AllTables() : std::vector<Oid>{};
  OMEN_ASSIGN_OR_RETURN(auto cursor, MakeEngineCursor(database, params, context, row_tables,
                                                      RequiredCommit(database, *context)));
  OMEN_ASSIGN_OR_RETURN(const std::string text, cursor->Explain());
  for (size_t at = 0; at < text.size();) {
    const size_t end = std::min(text.find('\n', at), text.size());
    lines->push_back("  " + text.substr(at, end - at));
    at = end + 1;
  }
  return Status::Ok();
}

Status SelectPlan::Analyze(Database* database, const Row& params, StatementContext* context,
                           const ExplainOptions& options, Path path,
                           std::vector<std::string>* lines) const {
  const Clock& clock = *database->parts().clock;
  const int64_t start = clock.MonotonicNanos();
  std::vector<NodeStatistics> statistics(static_cast<size_t>(nodes_));
  std::unique_ptr<Cursor> cursor;
  if (path == Path::kRow) {
    context->transaction->BeginStatement();
    StatementRun run(database, context, params);
    run.statistics = &statistics;
    LevelRun level(*level_, &run, nullptr);
    OMEN_RETURN_IF_ERROR(level.Open());
    Row row;
    while (true) {
      OMEN_ASSIGN_OR_RETURN(const bool more, level.Next());
      if (!more) break;
      OMEN_RETURN_IF_ERROR(level.OutputRow(&row));
    }
    ExplainWriter writer(lines, options.costs, &statistics, options.timing);
    level_->root->Explain(&writer);
  } else {
    OMEN_ASSIGN_OR_RETURN(cursor, OpenOn(path, database, params, context, false));
    std::vector<Row> rows;
    do {
      OMEN_RETURN_IF_ERROR(cursor->Next(&rows, 2048));
    } while (!rows.empty());
    lines->push_back(fmt::format("{} (actual rows={})",
                                 path == Path::kColumn ? "Column Scan" : "Mixed Scan",
                                 cursor->row_count()));
    for (const auto& table : tables_) lines->push_back("  on " + table->name);
  }
  if (options.timing) {
    lines->push_back(
        fmt::format("Execution Time: {:.3f} ms", (clock.MonotonicNanos() - start) / 1e6));
  }
  return Status::Ok();
}

PlanResult MakeSelectPlan(Database* database, std::shared_ptr<const sql::Statement> statement,
                          std::shared_ptr<const sql::Query> query,
                          std::shared_ptr<const catalog::Snapshot> catalog) {
  auto plan = std::make_shared<SelectPlan>(std::move(statement), std::move(query));
  OMEN_RETURN_IF_ERROR(plan->Prepare(database, catalog->version()));
  return std::shared_ptr<const ExecutablePlan>(std::move(plan));
}

}  // namespace omen::exec
