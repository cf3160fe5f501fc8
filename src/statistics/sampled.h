// Statistics from a sample of rows and what a pass over all of them has counted: PostgreSQL's
// compute_scalar_stats (commands/analyze.c), its multi-column kin (statistics/mvdistinct.c,
// dependencies.c, mcv.c). Pure.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "statistics/table_statistics.h"

namespace omen::statistics {

/// What is known of all rows of a column beside the sample.
struct ColumnTotals {
  std::optional<double> not_null;
  std::optional<double> distinct;  // approximately
  Value least, greatest;           // null: not known
  std::optional<double>
      payload;  // of values that are not null, on average: bytes, of arrays elements
};

/// `sample` holds one column's value of each sampled row, in the order of row keys, nulls
/// included; `rows` is how many rows the table has. Of a type that has no order only the share of
/// nulls and, from `totals`, the width and the distinct count are told; its values may be any.
ColumnStatistics ColumnFromSample(Type type, std::span<const Value> sample, double rows,
                                  const ColumnTotals& totals = {});

/// Of two columns of the same sampled rows, both ordered, and their statistics.
PairStatistics PairFromSample(int attnum_a, const ColumnStatistics& a,
                              std::span<const Value> sample_a, int attnum_b,
                              const ColumnStatistics& b, std::span<const Value> sample_b,
                              double rows);

/// Bytes of a value as PostgreSQL would store it.
double WidthOf(Type type, const Value& value);

}  // namespace omen::statistics
