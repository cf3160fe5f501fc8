// A SELECT with what was found out about it when it was planned.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "exec/read/engine_texts.h"
#include "exec/read/read_services.h"
#include "exec/read/row_plans.h"

namespace omen::exec {

/// Immutable once prepared; any thread.
struct PlannedRead {
  PlannedRead(const ReadServices& services, const sql::Statement& statement,
              std::shared_ptr<const sql::Query> of)
      : services(services),
        query(std::move(of)),
        texts(*query, statement.param_types),
        rows(services.planning, *query) {}

  /// Plans the row path; what it cannot do is kept as its reason.
  Status Prepare(uint64_t catalog_version);

  std::vector<Oid> AllTables() const;
  /// Those that this transaction has changed, which columns do not show.
  std::vector<Oid> ChangedTables(const StatementContext& context) const;
  /// Those that a mixed run reads from rows: chosen, only what columns cannot show; forced, all.
  std::vector<Oid> RowTables(const StatementContext& context) const;

  const ReadServices& services;
  const std::shared_ptr<const sql::Query> query;
  const EngineTexts texts;
  RowPlans rows;
  std::vector<std::shared_ptr<const catalog::Table>> tables;
  bool has_parts = false;     // sql::HasPlainParts
  bool gives_fields = false;  // its rows go to a client (Cursor::NextFields)
  bool locks_rows = false;
  bool tables_alone = false;  // sql::ReadsTablesAlone
  bool key_lookup = false;    // rows can, and find few, by key
};

/// A read about to run: how rows would do it for the values it has now.
struct ReadRun {
  const PlannedRead& read;
  RowPlanPtr rows;

  const LevelPlan* level() const { return rows->level.get(); }
  /// What the column engine would need, where there is a level.
  double engine_us() const {
    return level()->engine_us - (read.gives_fields ? level()->fields_save_us : 0);
  }
};

}  // namespace omen::exec
