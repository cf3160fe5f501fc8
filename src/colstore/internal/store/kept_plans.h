// Plans of one connection, kept for when their text is asked again: a short query takes the engine
// longer to plan than to run.
//
// The engine plans by the statistics of columns as they are and trusts them when the plan runs (a
// perfect hash of a column's values, a condition that is always true). So a plan is used again only
// while the tables that its text names have not changed; what else it depends on, the definitions,
// the engine looks at itself.
#pragma once

#include <list>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "catalog/schema.h"
#include "colstore/internal/engine/table_versions.h"
#include "duckdb.hpp"

namespace omen::colstore {

/// The tables that a generated text names, and perhaps more, each with its version.
using VersionedTables = std::vector<std::pair<catalog::StorageId, uint64_t>>;
VersionedTables TablesNamedIn(std::string_view sql, const TableVersions& versions);
/// Whether a snapshot sees the last change of each: it was taken when `now` was the last number.
bool SeesAll(const VersionedTables& tables, uint64_t now);

/// The connection's thread.
class KeptPlans {
 public:
  explicit KeptPlans(const TableVersions* versions) : versions_(*versions) {}

  /// For a snapshot taken at `now`. Null where there is none, or its tables have changed. Valid
  /// until the next call.
  duckdb::PreparedStatement* Find(const std::string& sql, uint64_t now);
  /// `tables` as they were before it was planned, all of which its snapshot sees.
  void Keep(const std::string& sql, VersionedTables tables,
            duckdb::unique_ptr<duckdb::PreparedStatement> plan);
  size_t size() const { return plans_.size(); }

 private:
  struct Kept {
    std::string sql;
    VersionedTables tables;
    duckdb::unique_ptr<duckdb::PreparedStatement> plan;
  };
  bool IsGood(const Kept& kept) const;

  const TableVersions& versions_;
  std::list<Kept> plans_;  // the last used first
  std::unordered_map<std::string_view, std::list<Kept>::iterator> by_text_;
};

}  // namespace omen::colstore
