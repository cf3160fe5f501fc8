// Tells the statistics of every commit: rows that came, changed and went, tables that came and
// went. At start, of those commits that the memo has not seen.
#pragma once

#include <unordered_map>

#include "catalog/catalog.h"
#include "rowstore/rowstore.h"
#include "statistics/statistics.h"

namespace omen::exec {

/// Told by the committing thread; some tens of nanoseconds a changed row.
class StatisticsObserver final : public rowstore::CommitObserver {
 public:
  /// Restores what the memo has of the catalogue's tables and brings it up to the last commit.
  /// Before transactions begin; all outlive it.
  StatisticsObserver(statistics::Statistics* statistics, rowstore::RowStore* rows,
                     const catalog::Snapshot& at_start);
  void OnCommit(const std::shared_ptr<const rowstore::CommitRecord>& record) override;

  /// Writes what has changed to the statistics' memo; `all`: also what was written a moment ago.
  /// Any thread.
  static void Keep(const rowstore::RowStore& rows, bool all, statistics::Statistics* statistics);

 private:
  void CatchUp(rowstore::RowStore* rows);
  void NoteTable(const catalog::Mutation& mutation, statistics::Statistics::Commit* commit);

  statistics::Statistics* const statistics_;
  std::unordered_map<Oid, catalog::StorageId> storages_;  // of tables
};

}  // namespace omen::exec
