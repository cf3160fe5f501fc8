// The texts by which the column engine answers one query: which tables it reads from rows differs
// from run to run.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <vector>

#include "sql/duckdb/duckdb_sql.h"

namespace omen::exec {

/// Immutable but for what it remembers; any thread.
class EngineTexts {
 public:
  using Text = Result<std::shared_ptr<const sql::DuckdbQuery>>;

  /// Both outlive it.
  EngineTexts(const sql::Query& query, const std::vector<Type>& param_types)
      : query_(&query), param_types_(param_types) {}

  /// For any parameters; made once. Fails by a refusal, or by the statement's own error.
  Text ForAny(const std::vector<Oid>& row_tables) const;
  /// For these parameters, with their values in it where they are small.
  Text For(const std::vector<Oid>& row_tables, const Row& params) const;

 private:
  Result<sql::DuckdbQuery> Generate(const std::vector<Oid>& row_tables, const Row* params) const;

  const sql::Query* query_;
  const std::vector<Type>& param_types_;
  mutable std::mutex mutex_;
  mutable std::map<std::vector<Oid>, std::shared_ptr<const sql::DuckdbQuery>> made_;
  mutable std::map<std::vector<Oid>, Status> refused_;
};

}  // namespace omen::exec
