// What planning knows of tables: how many rows they have, and their statistics.
#pragma once

#include <mutex>
#include <unordered_map>

#include "base/clock.h"
#include "rowstore/rowstore.h"
#include "statistics/table_statistics.h"

namespace omen::statistics {
class Statistics;
}

namespace omen::exec {

/// Any thread.
class TableStatistics {
 public:
  /// `known` may be null: then sizes are rough, and nothing else is known. All outlive it.
  TableStatistics(rowstore::RowStore* rows, const Clock* clock,
                  const statistics::Statistics* known = nullptr)
      : rows_(rows), clock_(clock), known_(known) {}

  /// As of the last commit, counted; a rough size, remembered for a moment, where it is not.
  double Rows(catalog::StorageId storage);
  /// Null where none were taken. The table's rows have changed since: shares of Rows().
  statistics::TableStatisticsPtr Of(catalog::StorageId storage) const;
  const Clock* clock() const { return clock_; }
  /// Null: nothing is gathered.
  const statistics::Statistics* known() const { return known_; }

 private:
  struct Entry {
    double rows;
    int64_t expires_nanos;
  };
  double RoughRows(catalog::StorageId storage);

  rowstore::RowStore* rows_;
  const Clock* clock_;
  const statistics::Statistics* known_;
  std::mutex mutex_;
  std::unordered_map<catalog::StorageId, Entry> entries_;
};

}  // namespace omen::exec
