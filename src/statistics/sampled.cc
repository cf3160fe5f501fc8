#include "statistics/sampled.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "statistics/image.h"

namespace omen::statistics {
namespace {

// Wider values are neither common nor bounds (WIDTH_THRESHOLD).
constexpr double kWidest = 1024;
// More distinct values than this share of the rows grow with the table.
constexpr double kGrows = 0.1;
// A count of distinct values this near to that of rows means that all are.
constexpr double kNearlyAll = 0.7;

/// A value of the sample, and the place of its row in the order of keys.
struct Placed {
  const Value* value;
  uint32_t place;
};

/// Equal values, neighbours once sorted.
struct RunOfEqual {
  size_t first, count;
};

struct Sorted {
  std::vector<Placed> values;
  std::vector<RunOfEqual> runs;
  size_t repeated = 0;  // runs of more than one
  double nulls = 0, wide = 0, width = 0;
};

std::vector<RunOfEqual> RunsOf(Oid type, const std::vector<Placed>& values) {
  std::vector<RunOfEqual> runs;
  for (size_t i = 0; i < values.size(); ++i) {
    const bool same =
        !runs.empty() && CompareValues(type, *values[i - 1].value, *values[i].value) == 0;
    if (same) {
      ++runs.back().count;
    } else {
      runs.push_back({i, 1});
    }
  }
  return runs;
}

Sorted SortSample(Type type, std::span<const Value> sample) {
  Sorted sorted;
  const bool ordered = IsOrdered(type.oid);
  double width = 0;
  for (size_t i = 0; i < sample.size(); ++i) {
    if (sample[i].is_null()) {
      ++sorted.nulls;
      continue;
    }
    if (!ordered) continue;
    const double bytes = WidthOf(type, sample[i]);
    width += bytes;
    if (bytes > kWidest) {
      ++sorted.wide;
    } else {
      sorted.values.push_back({&sample[i], static_cast<uint32_t>(sorted.values.size())});
    }
  }
  const double filled = static_cast<double>(sample.size()) - sorted.nulls;
  if (filled > 0) sorted.width = width / filled;
  std::ranges::sort(sorted.values, [&](const Placed& a, const Placed& b) {
    const int order = CompareValues(type.oid, *a.value, *b.value);
    return order != 0 ? order < 0 : a.place < b.place;
  });
  sorted.runs = RunsOf(type.oid, sorted.values);
  sorted.repeated = static_cast<size_t>(
      std::ranges::count_if(sorted.runs, [](const RunOfEqual& run) { return run.count > 1; }));
  return sorted;
}

/// With its length before it.
double Stored(double bytes) {
  constexpr double kShortMax = 126;
  return bytes + (bytes <= kShortMax ? 1 : 4);
}

/// char(n) is stored with its blanks.
double PaddedTo(Type type) {
  return type.oid == oid::kBpchar && type.typmod > 4 ? type.typmod - 4 : 0;
}

double AverageWidth(Type type, double sampled, const std::optional<double>& payload) {
  const TypeInfo& info = InfoOf(type.oid);
  if (info.length > 0) return info.length;
  if (!payload) return sampled;
  if (info.carrier != Carrier::kArray) return Stored(std::max(*payload, PaddedTo(type)));
  const int16_t element = InfoOf(info.element).length;
  constexpr double kArrayHeader = 20, kElementGuess = 12;
  return Stored(kArrayHeader + *payload * (element > 0 ? element : kElementGuess));
}

/// The estimator of Haas and Stokes that analyze.c uses: n*d / (n - f1 + f1*n/N).
double HaasStokes(double sampled, double distinct, double once, double rows) {
  if (sampled <= 0 || rows <= 0) return distinct;
  const double estimate = sampled * distinct / ((sampled - once) + once * sampled / rows);
  return std::clamp(std::floor(estimate + 0.5), distinct, std::max(distinct, rows));
}

struct Sizes {
  double sampled = 0;   // rows in the sample
  double rows = 0;      // in the table
  double not_null = 0;  // of those in the table
  bool whole() const { return sampled >= rows; }
};

double DistinctInTable(const Sorted& sorted, const Sizes& sizes,
                       const std::optional<double>& counted) {
  const double runs = static_cast<double>(sorted.runs.size()) + sorted.wide;
  const auto values = static_cast<double>(sorted.values.size()) + sorted.wide;
  const double once = runs - static_cast<double>(sorted.repeated);
  if (sizes.whole()) return runs;
  if (sorted.repeated == 0 && values > 0) {
    const bool all = !counted || *counted >= kNearlyAll * sizes.not_null;
    return all ? sizes.not_null : std::max(runs, *counted);
  }
  if (once == 0) return runs;
  if (counted) return std::clamp(*counted, runs, std::max(runs, sizes.not_null));
  return HaasStokes(values, runs, once, sizes.not_null);
}

/// How many of the most frequent, by descending count, are more so than by chance
/// (analyze_mcv_list).
size_t CountCommon(std::span<const RunOfEqual> runs, double distinct, double null_share,
                   const Sizes& sizes) {
  size_t count = runs.size();
  if (sizes.whole() || sizes.rows <= 1) return count;
  double before = 0;  // rows of all but the last
  for (size_t i = 0; i + 1 < count; ++i) before += static_cast<double>(runs[i].count);
  while (count > 0) {
    const double rest = std::clamp(1 - before / sizes.sampled - null_share, 0.0, 1.0);
    const double others = distinct - static_cast<double>(count - 1);
    const double share = others > 1 ? rest / others : rest;
    const auto seen = static_cast<double>(runs[count - 1].count);
    const double n = sizes.sampled, all = sizes.rows, with = all * seen / n;
    const double variance = n * with * (all - with) * (all - n) / (all * all * (all - 1));
    if (seen > share * n + 2 * std::sqrt(std::max(0.0, variance)) + 0.5) break;
    if (--count == 0) break;
    before -= static_cast<double>(runs[count - 1].count);
  }
  return count;
}

/// The runs of common values, the most frequent first.
std::vector<RunOfEqual> CommonRuns(const Sorted& sorted, const ColumnStatistics& column,
                                   const Sizes& sizes) {
  std::vector<RunOfEqual> runs;
  for (const RunOfEqual& run : sorted.runs) {
    if (run.count > 1) runs.push_back(run);
  }
  std::ranges::stable_sort(runs, std::greater<>(), &RunOfEqual::count);
  const bool all = runs.size() == sorted.runs.size() && sorted.wide == 0 && !column.distinct_grows;
  if (all && runs.size() <= static_cast<size_t>(kTarget)) return runs;
  runs.resize(std::min(runs.size(), static_cast<size_t>(kTarget)));
  runs.resize(CountCommon(runs, column.distinct, column.null_share, sizes));
  return runs;
}

void SetBounds(const Sorted& sorted, std::vector<RunOfEqual> common, ColumnStatistics* column) {
  const size_t left = sorted.runs.size() - common.size();
  if (left < 2) return;
  std::ranges::sort(common, {}, &RunOfEqual::first);
  std::vector<const Value*> rest;
  auto next = common.begin();
  for (size_t i = 0; i < sorted.values.size();) {
    if (next != common.end() && i == next->first) {
      i += next->count;
      ++next;
    } else {
      rest.push_back(sorted.values[i++].value);
    }
  }
  const size_t bounds = std::min(left, static_cast<size_t>(kTarget) + 1);
  for (size_t i = 0; i < bounds; ++i) {
    column->bounds.push_back(*rest[i * (rest.size() - 1) / (bounds - 1)]);
  }
}

/// The histogram begins and ends where the column does.
void Stretch(const ColumnTotals& totals, ColumnStatistics* column) {
  if (column->bounds.empty()) return;
  const Oid type = column->type.oid;
  Value &first = column->bounds.front(), &last = column->bounds.back();
  if (!totals.least.is_null() && CompareValues(type, totals.least, first) < 0) {
    first = totals.least;
  }
  if (!totals.greatest.is_null() && CompareValues(type, totals.greatest, last) > 0) {
    last = totals.greatest;
  }
}

/// Pearson's, of the places of rows and of values, both 0 to n - 1.
double Correlation(const Sorted& sorted) {
  const auto n = static_cast<double>(sorted.values.size());
  if (sorted.values.size() < 2) return 0;
  double xy = 0;
  for (size_t i = 0; i < sorted.values.size(); ++i) {
    xy += static_cast<double>(sorted.values[i].place) * static_cast<double>(i);
  }
  const double x = n * (n - 1) / 2, xx = n * (n - 1) * (2 * n - 1) / 6;
  return (n * xy - x * x) / (n * xx - x * x);
}

// Pairs.

struct PairRuns {
  std::vector<uint32_t> order;  // places, sorted by both values
  std::vector<RunOfEqual> runs;
};

int ComparePair(const ColumnStatistics& a, std::span<const Value> sample_a,
                const ColumnStatistics& b, std::span<const Value> sample_b, uint32_t left,
                uint32_t right) {
  const int order = CompareValues(a.type.oid, sample_a[left], sample_a[right]);
  return order != 0 ? order : CompareValues(b.type.oid, sample_b[left], sample_b[right]);
}

PairRuns SortPairs(const ColumnStatistics& a, std::span<const Value> sample_a,
                   const ColumnStatistics& b, std::span<const Value> sample_b) {
  PairRuns sorted;
  for (uint32_t i = 0; i < sample_a.size(); ++i) {
    if (!sample_a[i].is_null() && !sample_b[i].is_null()) sorted.order.push_back(i);
  }
  const auto compare = [&](uint32_t left, uint32_t right) {
    return ComparePair(a, sample_a, b, sample_b, left, right);
  };
  std::ranges::sort(sorted.order, [&](uint32_t l, uint32_t r) { return compare(l, r) < 0; });
  for (size_t i = 0; i < sorted.order.size(); ++i) {
    if (i > 0 && compare(sorted.order[i - 1], sorted.order[i]) == 0) {
      ++sorted.runs.back().count;
    } else {
      sorted.runs.push_back({i, 1});
    }
  }
  return sorted;
}

/// The share of rows whose first column's value always comes with one second value: of runs of
/// equal first values those that are one run of equal pairs (dependency_degree). In a part of the
/// rows a value seen once says nothing, but for a column without equal values.
double Dependency(const PairRuns& sorted, const ColumnStatistics& a, std::span<const Value> first,
                  const Sizes& sizes) {
  if (a.distinct > 0.9 * sizes.rows) return 1;
  double rows = 0, supporting = 0;
  for (size_t i = 0; i < sorted.runs.size();) {
    size_t end = i;
    double count = 0;
    const Value& value = first[sorted.order[sorted.runs[i].first]];
    while (end < sorted.runs.size() &&
           CompareValues(a.type.oid, value, first[sorted.order[sorted.runs[end].first]]) == 0) {
      count += static_cast<double>(sorted.runs[end++].count);
    }
    if (count > 1 || sizes.whole()) {
      rows += count;
      if (end == i + 1) supporting += count;
    }
    i = end;
  }
  return rows > 0 ? supporting / rows : 0;
}

double DistinctPairs(const PairRuns& sorted, const ColumnStatistics& a, const ColumnStatistics& b,
                     const Sizes& sizes) {
  const auto runs = static_cast<double>(sorted.runs.size());
  const auto once = static_cast<double>(
      std::ranges::count_if(sorted.runs, [](const RunOfEqual& run) { return run.count == 1; }));
  if (sizes.whole() || once == 0) return runs;
  const auto sampled = static_cast<double>(sorted.order.size());
  const double not_null = sizes.rows * sampled / std::max(1.0, sizes.sampled);
  const double most = std::max(runs, std::min(not_null, a.distinct * b.distinct));
  const double estimate = HaasStokes(sampled, runs, once, not_null);
  return std::clamp(std::max({estimate, a.distinct, b.distinct}), runs, most);
}

/// get_mincount_for_mcv_list: fewer in the sample and the share is off by a fifth or more.
double LeastPairCount(const Sizes& sizes) {
  const double n = sizes.sampled, all = sizes.rows;
  const double numerator = n * (all - n);
  const double denominator = all - n + 0.04 * n * (all - 1);
  return denominator > 0 ? std::max(2.0, numerator / denominator) : 2.0;
}

void SetCommonPairs(const PairRuns& sorted, std::span<const Value> a, std::span<const Value> b,
                    const Sizes& sizes, PairStatistics* pair) {
  std::vector<RunOfEqual> runs = sorted.runs;
  std::ranges::stable_sort(runs, std::greater<>(), &RunOfEqual::count);
  const double least = LeastPairCount(sizes);
  for (const RunOfEqual& run : runs) {
    const auto count = static_cast<double>(run.count);
    if (count < least || pair->common.size() >= static_cast<size_t>(kTarget)) break;
    const uint32_t place = sorted.order[run.first];
    pair->common.push_back({a[place], b[place], count / sizes.sampled});
  }
}

}  // namespace

double WidthOf(Type type, const Value& value) {
  const TypeInfo& info = InfoOf(type.oid);
  if (info.length > 0) return info.length;
  size_t bytes = 0;
  switch (info.carrier) {
    case Carrier::kBytes:
      bytes = value.AsBytes().size();
      if (info.form == TypeForm::kNumeric) bytes = bytes - std::min<size_t>(bytes, 5) + 2;
      break;
    default:
      bytes = 8;
  }
  return Stored(std::max(static_cast<double>(bytes), PaddedTo(type)));
}

ColumnStatistics ColumnFromSample(Type type, std::span<const Value> sample, double rows,
                                  const ColumnTotals& totals) {
  const Sorted sorted = SortSample(type, sample);
  ColumnStatistics column;
  column.type = type;
  column.sample_rows = static_cast<double>(sample.size());
  column.average_width = AverageWidth(type, sorted.width, totals.payload);
  Sizes sizes{column.sample_rows, std::max(rows, column.sample_rows), 0};
  const double sampled = std::max(1.0, sizes.sampled);
  sizes.not_null = totals.not_null.value_or(sizes.rows * (1 - sorted.nulls / sampled));
  column.null_share = sizes.rows > 0 ? 1 - std::min(1.0, sizes.not_null / sizes.rows) : 0;
  const bool ordered = IsOrdered(type.oid);
  column.distinct =
      ordered ? DistinctInTable(sorted, sizes, totals.distinct) : totals.distinct.value_or(0);
  column.distinct_grows = column.distinct > kGrows * sizes.rows;
  if (ordered) {
    const std::vector<RunOfEqual> common = CommonRuns(sorted, column, sizes);
    for (const RunOfEqual& run : common) {
      column.common.push_back(
          {*sorted.values[run.first].value, static_cast<double>(run.count) / sampled});
    }
    SetBounds(sorted, common, &column);
    Stretch(totals, &column);
    column.correlation = Correlation(sorted);
  }
  column.Derive();
  return column;
}

PairStatistics PairFromSample(int attnum_a, const ColumnStatistics& a,
                              std::span<const Value> sample_a, int attnum_b,
                              const ColumnStatistics& b, std::span<const Value> sample_b,
                              double rows) {
  PairStatistics pair;
  pair.a = attnum_a;
  pair.b = attnum_b;
  Sizes sizes{static_cast<double>(sample_a.size()), 0, 0};
  sizes.rows = std::max(rows, sizes.sampled);
  const PairRuns by_a = SortPairs(a, sample_a, b, sample_b);
  const PairRuns by_b = SortPairs(b, sample_b, a, sample_a);
  pair.a_gives_b = Dependency(by_a, a, sample_a, sizes);
  pair.b_gives_a = Dependency(by_b, b, sample_b, sizes);
  pair.distinct = DistinctPairs(by_a, a, b, sizes);
  SetCommonPairs(by_a, sample_a, sample_b, sizes, &pair);
  return pair;
}

}  // namespace omen::statistics
