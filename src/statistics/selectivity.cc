#include "statistics/selectivity.h"

#include <algorithm>
#include <optional>

#include "statistics/image.h"

namespace omen::statistics {
namespace {

// Of long lists so many are looked at, evenly.
constexpr size_t kListLooks = 16;
// A share of which the sample showed nothing is less than one of its rows.
constexpr double kUnseen = 0.5;

double Clamp(double share) { return std::clamp(share, 0.0, 1.0); }

double LeastShare(const ColumnStatistics& column) {
  return column.sample_rows > 0 ? kUnseen / column.sample_rows : 0;
}

/// Position in common_order of the first common value that is not below, or not above.
size_t CommonBound(const ColumnStatistics& column, const Value& value, bool after_equal) {
  const auto below = [&](uint16_t index) {
    const int order = Compare(column.type.oid, column.common[index].value, value);
    return after_equal ? order <= 0 : order < 0;
  };
  return static_cast<size_t>(std::ranges::partition_point(column.common_order, below) -
                             column.common_order.begin());
}

std::optional<double> CommonShareOf(const ColumnStatistics& column, const Value& value) {
  const size_t at = CommonBound(column, value, false);
  if (at == column.common_order.size()) return std::nullopt;
  const CommonValue& found = column.common[column.common_order[at]];
  if (Compare(column.type.oid, found.value, value) != 0) return std::nullopt;
  return found.share;
}

/// Of one value that is not common.
double RareShare(const ColumnStatistics& column) {
  const double share = column.rest_share() / column.rest_distinct();
  if (share <= 0) return LeastShare(column);
  return column.common.empty() ? share : std::min(share, column.common.back().share);
}

/// Below or above all that the sample or the pass over all rows has seen.
bool IsOutside(const ColumnStatistics& column, const Value& value) {
  const std::vector<Value>& bounds = column.bounds;
  return !bounds.empty() && (Compare(column.type.oid, value, bounds.front()) < 0 ||
                             Compare(column.type.oid, value, bounds.back()) > 0);
}

/// The same of a value that lies in a bucket so narrow that it has fewer integers than buckets
/// have values: those are as frequent as the rest is not.
double NarrowBucketShare(const ColumnStatistics& column, const Value& value) {
  const std::vector<Value>& bounds = column.bounds;
  if (bounds.size() < 2 || InfoOf(column.type.oid).carrier != Carrier::kInt) return 0;
  const auto above = std::ranges::partition_point(
      bounds, [&](const Value& bound) { return Compare(column.type.oid, bound, value) < 0; });
  const auto index = static_cast<size_t>(above - bounds.begin());
  if (index == 0 || index == bounds.size()) return 0;
  const auto buckets = static_cast<double>(bounds.size() - 1);
  const double integers = std::max(1.0, column.images[index] - column.images[index - 1]);
  return integers < column.rest_distinct() / buckets ? column.rest_share() / buckets / integers : 0;
}

double UnknownEqualShare(const ColumnStatistics& column) {
  if (column.distinct <= 0) return kDefaultEqual * (1 - column.null_share);
  const double share = (1 - column.null_share) / std::max(column.distinct, 1.0);
  return column.common.empty() ? share : std::min(share, column.common.front().share);
}

/// Share of the histogram's rows that are below the value, or equal where `inclusive`.
double HistogramBelow(const ColumnStatistics& column, const Value& value, bool inclusive) {
  const std::vector<Value>& bounds = column.bounds;
  const Oid type = column.type.oid;
  const auto first_not_below = std::ranges::partition_point(
      bounds, [&](const Value& bound) { return Compare(type, bound, value) < 0; });
  const auto index = static_cast<size_t>(first_not_below - bounds.begin());
  if (index == bounds.size()) return 1;
  const double one = 1 / column.rest_distinct();
  if (index == 0) {
    const bool at_first = Compare(type, bounds[0], value) == 0;
    return at_first && inclusive ? one : 0;
  }
  const double buckets = static_cast<double>(bounds.size() - 1);
  const double place =
      column.images.empty()
          ? PlaceBetween(type, bounds[index - 1], value, bounds[index])
          : PlaceBetween(column.images[index - 1], ImageOf(type, value), column.images[index]);
  // What lies up to the place holds the value itself: as many below the first as there are above.
  double below = (static_cast<double>(index - 1) + place) / buckets;
  below += one * (1 - below);
  return Clamp(inclusive ? below : below - one);
}

double CommonBelow(const ColumnStatistics& column, const Value& value, bool inclusive) {
  return column.common_before[CommonBound(column, value, inclusive)];
}

/// Share of all rows that the range's one end leaves on the wrong side.
struct Cut {
  double common = 0, rest = 0;
};

Cut BelowLower(const ColumnStatistics& column, const RangeEnd& end) {
  if (end.kind != RangeEnd::Kind::kValue) return {};
  const bool inclusive = !end.inclusive;  // what equals the end is left out
  Cut cut{CommonBelow(column, *end.value, inclusive), 0};
  if (!column.bounds.empty()) cut.rest = HistogramBelow(column, *end.value, inclusive);
  return cut;
}

Cut UpToUpper(const ColumnStatistics& column, const RangeEnd& end) {
  if (end.kind != RangeEnd::Kind::kValue) return {column.common_share, 1};
  Cut cut{CommonBelow(column, *end.value, end.inclusive), 1};
  if (!column.bounds.empty()) cut.rest = HistogramBelow(column, *end.value, end.inclusive);
  return cut;
}

bool IsNull(const RangeEnd& end) {
  return end.kind == RangeEnd::Kind::kValue && (end.value == nullptr || end.value->is_null());
}

double DefaultRangeShare(const RangeEnd& lower, const RangeEnd& upper, double not_null) {
  using Kind = RangeEnd::Kind;
  if (lower.kind == Kind::kNone && upper.kind == Kind::kNone) return not_null;
  const bool both = lower.kind != Kind::kNone && upper.kind != Kind::kNone;
  return (both ? kDefaultRange : kDefaultSide) * not_null;
}

/// Both ends are values or there is none, and the column has an order.
double KnownRangeShare(const ColumnStatistics& column, const RangeEnd& lower,
                       const RangeEnd& upper) {
  const Cut from = BelowLower(column, lower), to = UpToUpper(column, upper);
  const double common = std::max(0.0, to.common - from.common);
  double rest = std::max(0.0, to.rest - from.rest);
  if (column.bounds.empty()) {
    const bool both = lower.kind == RangeEnd::Kind::kValue && upper.kind == RangeEnd::Kind::kValue;
    rest = both ? 0.25 : 0.5;  // no histogram: as PostgreSQL, half of what it would be of
  }
  const double share = common + rest * column.rest_share();
  const double least = std::min(LeastShare(column), RareShare(column));
  return std::clamp(share, least, std::max(least, 1 - column.null_share));
}

}  // namespace

double NullShare(const ColumnStatistics* column) {
  return column != nullptr ? column->null_share : kDefaultEqual;
}

double EqualShare(const ColumnStatistics* column, const Value* value) {
  if (value != nullptr && value->is_null()) return 0;
  if (column == nullptr) return kDefaultEqual;
  if (value == nullptr || !IsOrdered(column->type.oid)) return UnknownEqualShare(*column);
  if (const auto share = CommonShareOf(*column, *value)) return *share;
  if (IsOutside(*column, *value)) return std::min(LeastShare(*column), RareShare(*column));
  return Clamp(std::max(RareShare(*column), NarrowBucketShare(*column, *value)));
}

double NotEqualShare(const ColumnStatistics* column, const Value* value) {
  if (value != nullptr && value->is_null()) return 0;
  const double null_share = column != nullptr ? column->null_share : 0;
  return Clamp(1 - null_share - EqualShare(column, value));
}

double InShare(const ColumnStatistics* column, std::span<const Value> values, size_t unknown) {
  double share = 0;
  const size_t step = std::max<size_t>(1, (values.size() + kListLooks - 1) / kListLooks);
  size_t looks = 0;
  for (size_t i = 0; i < values.size(); i += step, ++looks) share += EqualShare(column, &values[i]);
  if (looks > 0) share *= static_cast<double>(values.size()) / static_cast<double>(looks);
  share += static_cast<double>(unknown) * EqualShare(column, nullptr);
  const double not_null = column != nullptr ? 1 - column->null_share : 1;
  return std::clamp(share, 0.0, std::max(0.0, not_null));
}

double NotInShare(const ColumnStatistics* column, std::span<const Value> values, size_t unknown) {
  const auto is_null = [](const Value& value) { return value.is_null(); };
  if (std::ranges::any_of(values, is_null)) return 0;
  const double null_share = column != nullptr ? column->null_share : 0;
  return Clamp(1 - null_share - InShare(column, values, unknown));
}

double RangeShare(const ColumnStatistics* column, const RangeEnd& lower, const RangeEnd& upper) {
  if (IsNull(lower) || IsNull(upper)) return 0;
  if (column == nullptr) return DefaultRangeShare(lower, upper, 1);
  const double not_null = 1 - column->null_share;
  const bool unknown =
      lower.kind == RangeEnd::Kind::kUnknown || upper.kind == RangeEnd::Kind::kUnknown;
  const bool nothing = column->common.empty() && column->bounds.empty();
  if (unknown || nothing || !IsOrdered(column->type.oid)) {
    return DefaultRangeShare(lower, upper, not_null);
  }
  return KnownRangeShare(*column, lower, upper);
}

double Share(const ColumnStatistics* column, const Condition& condition) {
  switch (condition.kind) {
    case Condition::Kind::kEqual:
      return EqualShare(column, condition.value);
    case Condition::Kind::kNotEqual:
      return NotEqualShare(column, condition.value);
    case Condition::Kind::kIn:
      return InShare(column, condition.values, condition.unknown);
    case Condition::Kind::kNotIn:
      return NotInShare(column, condition.values, condition.unknown);
    case Condition::Kind::kRange:
      return RangeShare(column, condition.lower, condition.upper);
    case Condition::Kind::kNull:
      return NullShare(column);
    case Condition::Kind::kNotNull:
      return 1 - NullShare(column);
    case Condition::Kind::kLike:
      return LikeShare(column, condition.value);
    case Condition::Kind::kNotLike:
      return NotLikeShare(column, condition.value);
  }
  return 1;
}

}  // namespace omen::statistics
