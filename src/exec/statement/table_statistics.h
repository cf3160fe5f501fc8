// Rough sizes of tables, remembered for a moment: planning asks more often than they change.
#pragma once

#include <mutex>
#include <unordered_map>

#include "base/clock.h"
#include "rowstore/rowstore.h"
#include "statistics/table_statistics.h"

namespace omen::exec {

/// Any thread.
class TableStatistics {
 public:
  TableStatistics(rowstore::RowStore* rows, const Clock* clock) : rows_(rows), clock_(clock) {}
  double Rows(catalog::StorageId storage);
  /// Null where none were taken.
  statistics::TableStatisticsPtr Of(catalog::StorageId) const { return nullptr; }

 private:
  struct Entry {
    double rows;
    int64_t expires_nanos;
  };
  rowstore::RowStore* rows_;
  const Clock* clock_;
  std::mutex mutex_;
  std::unordered_map<catalog::StorageId, Entry> entries_;
};

}  // namespace omen::exec
