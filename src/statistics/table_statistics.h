// What is known of a table's data, as of one commit: what planning estimates with
// (selectivity.h, joins.h). Modelled on PostgreSQL's pg_statistic (commands/analyze.c).
//
// Shares are of all rows of the table, nulls included, from 0 to 1.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "catalog/schema.h"
#include "types/type.h"
#include "types/value.h"

namespace omen::statistics {

/// So many most common values and histogram buckets are kept (default_statistics_target).
inline constexpr int kTarget = 100;

struct CommonValue {
  Value value;
  double share = 0;
};

/// One column. Immutable once derived.
struct ColumnStatistics {
  Type type;
  double null_share = 0;
  double average_width = 0;         // bytes of a value that is not null
  double distinct = 0;              // values that are not null, in the whole table; 0: not known
  bool distinct_grows = false;      // with the table: at least a tenth of the rows are distinct
  std::vector<CommonValue> common;  // most common values, the most frequent first
  /// Equi-depth histogram of the rest: between two neighbours lie equally many rows. Ascending;
  /// empty where there is no rest, or no order.
  std::vector<Value> bounds;
  double correlation = 0;  // of the values' order with that of the row keys, -1 to 1
  double sample_rows = 0;  // what common values and bounds were taken from

  /// To be called once when the rest is set.
  void Derive();
  size_t HeapBytes() const;

  // Derived.
  std::vector<uint16_t> common_order;  // `common` by value
  std::vector<double> common_before;   // share of those before, in that order; one more than them
  std::vector<double> images;          // of `bounds`, where the type has one (image.h)
  double common_share = 0;

  /// Of what is neither null nor common.
  double rest_share() const;
  double rest_distinct() const;
};

/// Two columns together, `a` < `b` by attnum.
struct PairStatistics {
  int a = 0, b = 0;
  double distinct = 0;                  // pairs in the whole table
  double a_gives_b = 0, b_gives_a = 0;  // degree of functional dependency, 0 to 1
  struct CommonPair {
    Value a, b;
    double share;
  };
  std::vector<CommonPair> common;  // most common pairs, the most frequent first
};

/// How a table's statistics came to be.
enum class Source : uint8_t { kColumns, kRows, kChanges };

/// One table. Immutable, shared.
struct TableStatistics {
  catalog::StorageId storage = 0;
  uint64_t commit_id = 0;  // that they are of
  double rows = 0;
  double bytes = 0;  // of all rows, by their average widths
  std::vector<std::shared_ptr<const ColumnStatistics>> columns;  // by attnum - 1; may be null
  std::vector<PairStatistics> pairs;
  int64_t taken_micros = 0;  // Unix epoch
  Source source = Source::kColumns;

  /// Null where nothing is known of the column.
  const ColumnStatistics* column(int attnum) const {
    const size_t index = static_cast<size_t>(attnum) - 1;
    return index < columns.size() ? columns[index].get() : nullptr;
  }
  /// In either order; null where they were not taken together.
  const PairStatistics* pair(int attnum, int other) const;
  size_t HeapBytes() const;
};

using TableStatisticsPtr = std::shared_ptr<const TableStatistics>;

}  // namespace omen::statistics
