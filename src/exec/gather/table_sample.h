// Reading a table for its statistics: how many rows it has, what all of them tell, and a sample.
#pragma once

#include <span>
#include <vector>

#include "base/cancel.h"
#include "colstore/colstore.h"
#include "rowstore/rowstore.h"
#include "statistics/sampled.h"
#include "statistics/statistics.h"

namespace omen::exec {

/// PostgreSQL samples 300 rows for each of a hundred common values.
inline constexpr size_t kSampleRows = 300 * statistics::kTarget;

struct TableSample {
  double rows = 0;
  std::vector<statistics::ColumnTotals> totals;  // by attnum - 1
  /// Values by attnum - 1; what has no order is told by any integer, what is long is cut.
  std::vector<statistics::SampledRow> sample;  // in the order of keys
  double share = 1;                            // of the rows that are in it
};

/// What reading heeds.
struct Reading {
  std::span<const int> attnums;  // whose totals are wanted; empty: all columns
  CancelToken* cancel = nullptr;
  uint32_t seed = 0;
};

/// Through a reader whose transaction is open.
Result<TableSample> SampleColumns(colstore::Reader* reader, const catalog::Table& table,
                                  const Reading& reading);
/// Every row of the view is passed, so that all are counted.
Result<TableSample> SampleRowStore(rowstore::RowStore* store,
                                   const std::shared_ptr<rowstore::ReadView>& view,
                                   const catalog::Table& table, const Reading& reading);

/// What of a row's values a sample keeps.
void CutForSample(const catalog::Table& table, Row* row);

}  // namespace omen::exec
