#include "exec/read/path_choice.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/blame.h"

namespace omen::exec {

using router::Ability;
using router::Choice;
using router::Features;

namespace {

Ability MixedAbility(const PlannedRead& read) {
  if (!read.services.has_columns()) return {false, "there is no column store"};
  if (read.locks_rows) return {false, "row locks need the row path"};
  const EngineTexts::Text generated = read.texts.ForAny({});
  if (!generated.ok()) return {false, generated.status().error().message};
  return {};
}

Ability ColumnAbility(const PlannedRead& read, const StatementContext& context) {
  Ability ability = MixedAbility(read);
  if (!ability.possible) return ability;
  Transaction& transaction = *context.transaction;
  if (!read.ChangedTables(context).empty()) {
    return {false, "this transaction has changed a table that it reads"};
  }
  if (transaction.repeatable() && transaction.pin() == nullptr && transaction.has_snapshot() &&
      !read.tables.empty()) {
    return {false, "columns have no pin on this transaction's snapshot"};
  }
  return {};
}

double HandingUs(const LevelPlan& level, const std::vector<Oid>& tables) {
  double us = 0;
  for (const HandedRows& rows : level.handed) {
    if (std::ranges::find(tables, rows.table) != tables.end()) us += rows.us;
  }
  return us;
}

}  // namespace

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

Features FeaturesNow(const ReadRun& run, const StatementContext& context) {
  const PlannedRead& read = run.read;
  Features features;
  if (run.level() == nullptr) {
    features.on(router::Path::kRow) = {false, run.rows->refusal.error().message};
  }
  features.on(router::Path::kColumn) = ColumnAbility(read, context);
  features.on(router::Path::kMixed) = MixedAbility(read);
  features.reads_tables = !read.tables.empty();
  features.locks_rows = read.locks_rows;
  if (const LevelPlan* level = run.level(); level != nullptr) {
    features.key_lookup = level->key_lookup;
    features.row_cost_us = level->root->cost;
    features.rows_touched = level->touched;
    features.column_cost_us = run.engine_us();
    features.mixed_cost_us = run.engine_us() + HandingUs(*level, read.RowTables(context));
  }
  if (read.services.has_columns() && features.on(router::Path::kColumn).possible) {
    features.replica_behind = read.services.columns.replica->state().phase != "following";
  }
  if (context.identity != nullptr) {
    features.template_id = context.identity->template_id;
    features.values = context.values;
    features.parts = context.identity->parts;
    features.shape = context.identity->shape;
  }
  return features;
}

bool AlwaysRow(const PlannedRead& read, const StatementContext& context) {
  const bool asks = context.options.route != Route::kAuto ||
                    context.options.learning == Learning::kRandom ||
                    read.services.router->wants_every_read();
  return !asks && (read.key_lookup || read.locks_rows);
}

namespace {

Choice ChooseFreely(const ReadServices& services, const Features& features, Learning learning) {
  if (learning == Learning::kRandom) return services.random->Choose(features);
  if (learning == Learning::kOff) return services.rules->Choose(features);
  Choice choice = services.router->Choose(features);
  if (learning == Learning::kOn || choice.path == choice.by_rules) return choice;
  Choice by_rules = services.rules->Choose(features);
  by_rules.predictions = choice.predictions;
  by_rules.decision = choice.decision;
  return by_rules;
}

Result<Choice> ChooseFor(const ReadRun& run, const Features& features,
                         const StatementContext& context) {
  const PlannedRead& read = run.read;
  if (context.options.route == Route::kAuto) {
    Choice choice = ChooseFreely(read.services, features, context.options.learning);
    if (choice.possible) return choice;
    const EngineTexts::Text generated = read.texts.ForAny({});
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
  if (choice.path != router::Path::kRow && read.services.has_columns()) {
    const EngineTexts::Text generated = read.texts.ForAny({});
    if (!generated.ok() && !IsOfPath(generated.status())) {
      return generated.status().Clone();
    }
  }
  return Status(sqlstate::kFeatureNotSupported,
                fmt::format("this statement cannot run on the {} path: {}",
                            PathName(ExecPath(choice.path)), ability.why_not));
}

}  // namespace

Result<Choice> ChoosePath(const ReadRun& run, StatementContext* context) {
  RunReport& report = context->report;
  report.features = FeaturesNow(run, *context);
  OMEN_ASSIGN_OR_RETURN(Choice choice, ChooseFor(run, *report.features, *context));
  report.chosen = choice.path;
  report.decision = choice.decision;
  return choice;
}

std::chrono::nanoseconds PatienceWithRows(const Choice& choice, const StatementContext& context) {
  constexpr double kBriefUs = 5000, kTimesExpected = 2, kUsMax = 1e9;
  const RunReport& report = context.report;
  const bool may_change =
      context.options.route == Route::kAuto && context.options.learning == Learning::kOn &&
      choice.path == router::Path::kRow && report.features &&
      report.features->on(router::Path::kColumn).possible && !report.features->replica_behind &&
      context.identity != nullptr && context.identity->repeats;
  if (!may_change) return {};
  const double predicted_us = choice.on(router::Path::kColumn).us;
  const double column_us = predicted_us > 0 ? predicted_us : report.features->column_cost_us;
  const double row_us = choice.on(router::Path::kRow).us;
  const double us = std::max({kBriefUs, kTimesExpected * column_us, kTimesExpected * row_us});
  return std::chrono::nanoseconds(static_cast<int64_t>(std::min(us, kUsMax) * 1000));
}

}  // namespace omen::exec
