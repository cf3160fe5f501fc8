// What reads use: both stores' ways to run one, and who chooses between them.
#pragma once

#include "base/clock.h"
#include "exec/columns/engine_run.h"
#include "exec/planner/planner.h"
#include "router/router.h"

namespace omen::exec {

/// Outlives the plans made with it.
struct ReadServices {
  rowstore::RowStore* rows = nullptr;
  const Clock* clock = nullptr;
  router::Router* router = nullptr;
  // What a session may ask instead of it.
  const router::Router *rules = nullptr, *random = nullptr;
  PlanningServices planning;
  ColumnServices columns;

  bool has_columns() const { return columns.replica != nullptr; }
};

}  // namespace omen::exec
