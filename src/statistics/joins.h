// How many pairs of two tables' rows an equality keeps, and how many groups rows make:
// eqjoinsel and estimate_num_groups of PostgreSQL's selfuncs.c, as pure functions.
#pragma once

#include <span>

#include "statistics/table_statistics.h"

namespace omen::statistics {

/// Of all pairs of rows, those whose two columns are equal. Columns may be null: of such a one
/// `rows` alone is known. `rows`: of the tables.
double EqualJoinShare(const ColumnStatistics* a, double rows_a, const ColumnStatistics* b,
                      double rows_b);
/// Of a's rows, those for which b has an equal one.
double SemiJoinShare(const ColumnStatistics* a, double rows_a, const ColumnStatistics* b,
                     double rows_b);

/// Values that are not null, in `rows` rows of a table; where nothing is known at most
/// PostgreSQL's 200.
double DistinctOf(const ColumnStatistics* column, double rows);
/// How many of `distinct` values are met in `kept` of `rows` rows.
double DistinctKept(double distinct, double rows, double kept);
/// Combinations of these columns' values in a table that has `rows`; at least 1. A null is a value
/// too. `table` may be null.
double JointDistinct(const TableStatistics* table, double rows, std::span<const int> attnums);
/// Groups by these columns of `kept` rows of a table that has `rows`; at least 1. A null is a
/// group too. `table` may be null.
double GroupsOf(const TableStatistics* table, double rows, std::span<const int> attnums,
                double kept);

}  // namespace omen::statistics
