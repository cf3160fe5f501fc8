// A SELECT with what was found out about it when it was planned.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "exec/read/engine_texts.h"
#include "exec/read/read_services.h"
#include "exec/rows/level.h"

namespace omen::exec {

/// Immutable once prepared; any thread.
struct PlannedRead {
  PlannedRead(const ReadServices& services, const sql::Statement& statement,
              std::shared_ptr<const sql::Query> of)
      : services(services), query(std::move(of)), texts(*query, statement.param_types) {}

  /// Plans the row path; what it cannot do is kept as its reason.
  Status Prepare(uint64_t catalog_version);

  std::vector<Oid> AllTables() const;
  /// Those that this transaction has changed, which columns do not show.
  std::vector<Oid> ChangedTables(const StatementContext& context) const;

  const ReadServices& services;
  const std::shared_ptr<const sql::Query> query;
  const EngineTexts texts;
  std::vector<std::shared_ptr<const catalog::Table>> tables;
  std::unique_ptr<const LevelPlan> level;  // null where rows cannot
  std::string row_why_not;
  int nodes = 0;                   // of the level, numbered for what counts them
  bool has_parts = false;          // sql::HasPlainParts
  std::vector<PlannedPart> parts;  // of the level
  std::vector<PartRows> expected;  // of those parts
  bool locks_rows = false;
};

}  // namespace omen::exec
