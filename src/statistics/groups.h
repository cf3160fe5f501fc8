// What aggregates of groups are expected to be, from how large groups are and what a column holds:
// pure functions. A group has one row at least; beyond that rows fall into groups by chance, so
// sizes have a Poisson distribution without its zero, of the mean that is known.
#pragma once

#include <optional>

#include "statistics/table_statistics.h"

namespace omen::statistics {

/// The values of a column that are not null, as numbers.
struct Moments {
  double mean = 0, variance = 0;
};
/// Nothing where the type has no numbers, or nothing is known.
std::optional<Moments> MomentsOf(const ColumnStatistics& column);

/// Of groups of `size` rows on average, at least 1, those that have more than `bound` rows.
double SizeAbove(double size, double bound);
/// Those whose sum is above.
double SumAbove(double size, const Moments& of, double bound);
/// Those whose average is above.
double AverageAbove(double size, const Moments& of, double bound);
/// Those that have a row of which `share` of all rows are.
double WithOneOf(double size, double share);

}  // namespace omen::statistics
