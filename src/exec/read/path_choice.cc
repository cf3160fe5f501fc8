#include "exec/read/path_choice.h"

#include <fmt/format.h>

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

Features FeaturesNow(const PlannedRead& read, const StatementContext& context) {
  Features features;
  features.on(router::Path::kRow) = {read.level != nullptr, read.row_why_not};
  features.on(router::Path::kColumn) = ColumnAbility(read, context);
  features.on(router::Path::kMixed) = MixedAbility(read);
  features.reads_tables = !read.tables.empty();
  features.locks_rows = read.locks_rows;
  if (read.level != nullptr) {
    features.key_lookup = read.level->key_lookup;
    features.row_cost_us = read.level->root->cost;
    features.rows_touched = read.level->touched;
  }
  if (read.services.has_columns() && features.on(router::Path::kColumn).possible) {
    features.replica_behind = read.services.columns.replica->state().phase != "following";
  }
  return features;
}

bool AlwaysRow(const PlannedRead& read, const StatementContext& context) {
  if (context.options.route != Route::kAuto || read.level == nullptr) return false;
  return (read.level->key_lookup || read.locks_rows) && !read.services.router->wants_every_read();
}

Result<Choice> ChoosePath(const PlannedRead& read, const StatementContext& context) {
  const Features features = FeaturesNow(read, context);
  if (context.options.route == Route::kAuto) {
    Choice choice = read.services.router->Choose(features);
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

}  // namespace omen::exec
