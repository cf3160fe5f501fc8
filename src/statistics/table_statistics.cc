// What is worked out once of a column's statistics, so that estimates need not.
#include "statistics/table_statistics.h"

#include <algorithm>
#include <numeric>

#include "statistics/image.h"

namespace omen::statistics {

void ColumnStatistics::Derive() {
  common_order.resize(common.size());
  std::iota(common_order.begin(), common_order.end(), uint16_t{0});
  std::ranges::sort(common_order, [&](uint16_t a, uint16_t b) {
    return Compare(type.oid, common[a].value, common[b].value) < 0;
  });
  common_before.assign(1, 0);
  for (const uint16_t index : common_order) {
    common_before.push_back(common_before.back() + common[index].share);
  }
  common_share = common_before.back();
  images.clear();
  if (!HasImage(type.oid)) return;
  for (const Value& bound : bounds) images.push_back(ImageOf(type.oid, bound));
}

double ColumnStatistics::rest_share() const {
  return std::max(0.0, 1.0 - null_share - common_share);
}

double ColumnStatistics::rest_distinct() const {
  return std::max(1.0, distinct - static_cast<double>(common.size()));
}

size_t ColumnStatistics::HeapBytes() const {
  size_t bytes = common.size() * (sizeof(CommonValue) + sizeof(uint16_t) + sizeof(double)) +
                 bounds.size() * (sizeof(Value) + sizeof(double));
  for (const CommonValue& value : common) bytes += value.value.HeapBytes();
  for (const Value& bound : bounds) bytes += bound.HeapBytes();
  return bytes;
}

const PairStatistics* TableStatistics::pair(int attnum, int other) const {
  const int a = std::min(attnum, other), b = std::max(attnum, other);
  for (const PairStatistics& known : pairs) {
    if (known.a == a && known.b == b) return &known;
  }
  return nullptr;
}

size_t TableStatistics::HeapBytes() const {
  size_t bytes = sizeof *this;
  for (const auto& known : columns) {
    bytes += sizeof known;
    if (known != nullptr) bytes += sizeof *known + known->HeapBytes();
  }
  for (const PairStatistics& known : pairs) {
    bytes += sizeof known + known.common.size() * sizeof(PairStatistics::CommonPair);
    for (const auto& common : known.common) bytes += common.a.HeapBytes() + common.b.HeapBytes();
  }
  return bytes;
}

}  // namespace omen::statistics
