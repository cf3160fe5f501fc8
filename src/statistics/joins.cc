#include "statistics/joins.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "statistics/image.h"
#include "statistics/selectivity.h"

namespace omen::statistics {
namespace {

/// The common values that both have.
struct Matched {
  double pairs = 0;     // share of all pairs
  double a = 0, b = 0;  // share of each one's rows
  double values = 0;
};

Matched MatchCommon(const ColumnStatistics& a, const ColumnStatistics& b) {
  Matched matched;
  if (!IsOrdered(a.type.oid) || !AreComparable(a.type.oid, b.type.oid)) {
    return matched;
  }
  size_t i = 0, j = 0;
  while (i < a.common_order.size() && j < b.common_order.size()) {
    const CommonValue &left = a.common[a.common_order[i]], &right = b.common[b.common_order[j]];
    const int order = Compare(a.type.oid, left.value, right.value);
    if (order <= 0) ++i;
    if (order >= 0) ++j;
    if (order != 0) continue;
    matched.pairs += left.share * right.share;
    matched.a += left.share;
    matched.b += right.share;
    matched.values += 1;
  }
  return matched;
}

double NotNull(const ColumnStatistics* column) {
  return column != nullptr ? 1 - column->null_share : 1;
}

/// eqjoinsel_inner with both lists: what is common to one alone meets the other's rest.
double MatchedJoinShare(const ColumnStatistics& a, double distinct_a, const ColumnStatistics& b,
                        double distinct_b) {
  const Matched matched = MatchCommon(a, b);
  const double alone_a = std::max(0.0, a.common_share - matched.a);
  const double alone_b = std::max(0.0, b.common_share - matched.b);
  const auto common_a = static_cast<double>(a.common.size());
  const auto common_b = static_cast<double>(b.common.size());
  const auto of = [](double share_one, double share_common, double alone_other, double other_rest,
                     double distinct_other, double common_other, double matched_values) {
    double share = 0;
    if (distinct_other > common_other) {
      share += share_common * other_rest / (distinct_other - common_other);
    }
    if (distinct_other > matched_values) {
      share += share_one * (other_rest + alone_other) / (distinct_other - matched_values);
    }
    return share;
  };
  const double from_a =
      of(a.rest_share(), alone_a, alone_b, b.rest_share(), distinct_b, common_b, matched.values);
  const double from_b =
      of(b.rest_share(), alone_b, alone_a, a.rest_share(), distinct_a, common_a, matched.values);
  return matched.pairs + std::min(from_a, from_b);
}

}  // namespace

double DistinctOf(const ColumnStatistics* column, double rows) {
  if (column == nullptr || column->distinct <= 0) {
    return std::max(1.0, std::min(rows, kDefaultDistinct));
  }
  return std::clamp(column->distinct, 1.0, std::max(1.0, rows * NotNull(column)));
}

double EqualJoinShare(const ColumnStatistics* a, double rows_a, const ColumnStatistics* b,
                      double rows_b) {
  const double distinct_a = DistinctOf(a, rows_a), distinct_b = DistinctOf(b, rows_b);
  if (a != nullptr && b != nullptr && !a->common.empty() && !b->common.empty()) {
    return std::clamp(MatchedJoinShare(*a, distinct_a, *b, distinct_b), 0.0, 1.0);
  }
  return NotNull(a) * NotNull(b) / std::max(distinct_a, distinct_b);
}

double SemiJoinShare(const ColumnStatistics* a, double rows_a, const ColumnStatistics* b,
                     double rows_b) {
  if (a == nullptr && b == nullptr) return 0.5;
  const double distinct_a = DistinctOf(a, rows_a), distinct_b = DistinctOf(b, rows_b);
  if (a == nullptr || b == nullptr || a->common.empty() || b->common.empty()) {
    return NotNull(a) * std::min(1.0, distinct_b / distinct_a);
  }
  const Matched matched = MatchCommon(*a, *b);
  const double rest_a = std::max(1.0, distinct_a - matched.values);
  const double rest_b = std::max(0.0, distinct_b - matched.values);
  const double rest = std::max(0.0, 1 - a->null_share - matched.a);
  return std::clamp(matched.a + rest * std::min(1.0, rest_b / rest_a), 0.0, 1.0);
}

double DistinctKept(double distinct, double rows, double kept) {
  if (kept >= rows || rows <= 0 || distinct <= 0) return std::min(distinct, std::max(kept, 1.0));
  const double missed = std::pow((rows - kept) / rows, rows / distinct);
  return std::clamp(distinct * (1 - missed), 1.0, std::max(1.0, kept));
}

double JointDistinct(const TableStatistics* table, double rows, std::span<const int> attnums) {
  rows = std::max(rows, 1.0);
  std::vector<int> left(attnums.begin(), attnums.end());
  double values = 1;
  while (!left.empty()) {
    const int attnum = left.back();
    left.pop_back();
    const auto pair = std::ranges::find_if(
        left, [&](int other) { return table != nullptr && table->pair(attnum, other) != nullptr; });
    if (pair != left.end()) {
      values *= std::max(1.0, table->pair(attnum, *pair)->distinct);
      left.erase(pair);
      continue;
    }
    const ColumnStatistics* known = table != nullptr ? table->column(attnum) : nullptr;
    values *= DistinctOf(known, rows) + (known != nullptr && known->null_share > 0 ? 1 : 0);
  }
  return std::min(values, rows);
}

double GroupsOf(const TableStatistics* table, double rows, std::span<const int> attnums,
                double kept) {
  rows = std::max(rows, 1.0);
  double groups = JointDistinct(table, rows, attnums);
  // Columns are seldom wholly independent: not more groups than a tenth of the rows have, unless
  // one column alone has more.
  double most = 1;
  for (const int attnum : attnums) {
    const ColumnStatistics* known = table != nullptr ? table->column(attnum) : nullptr;
    most = std::max(most, DistinctOf(known, rows));
  }
  if (attnums.size() > 1) groups = std::min(groups, std::max(most, rows * 0.1));
  return DistinctKept(groups, rows, std::max(1.0, std::min(kept, rows)));
}

}  // namespace omen::statistics
