#include "exec/write/load_order.h"

#include <utility>

#include "types/type.h"

namespace omen::exec {
namespace {

constexpr uint64_t kLeastLooks = 100;
constexpr uint64_t kLeastRises = 10;
/// One fall among so many looks is no other order.
constexpr uint64_t kLooksAFall = 20;

bool IsTime(Oid type) {
  return type == oid::kDate || type == oid::kTimestamp || type == oid::kTimestamptz;
}

bool IsWhole(Oid type) { return type == oid::kInt2 || type == oid::kInt4 || type == oid::kInt8; }

}  // namespace

LoadOrder::LoadOrder(const catalog::Table& table) {
  const catalog::Index* primary = table.primary_key();
  if (primary == nullptr) return;  // rows without a key are kept as they came
  for (const catalog::Column& column : table.columns) {
    const bool is_time = IsTime(column.type.oid);
    if (column.dropped || !(is_time || IsWhole(column.type.oid))) continue;
    const bool is_key = primary->columns.front().attnum == column.attnum;
    candidates_.push_back({.attnum = column.attnum, .is_key = is_key, .is_time = is_time});
  }
}

void LoadOrder::Look(const Row& row) {
  for (Candidate& candidate : candidates_) {
    const Value& value = row[static_cast<size_t>(candidate.attnum) - 1];
    if (value.is_null()) continue;
    const int64_t now = value.AsInt();
    if (candidate.seen++ > 0) {
      candidate.rises += now > candidate.last;
      candidate.falls += now < candidate.last;
    }
    candidate.last = now;
  }
}

bool LoadOrder::Candidate::Rises() const {
  return seen >= kLeastLooks && rises >= kLeastRises && falls * kLooksAFall <= seen;
}

int LoadOrder::Column() const {
  const Candidate* best = nullptr;
  for (const Candidate& candidate : candidates_) {
    if (!candidate.Rises()) continue;
    if (candidate.is_key) return 0;
    const bool better = best == nullptr || std::pair(candidate.is_time, candidate.rises) >
                                               std::pair(best->is_time, best->rises);
    if (better) best = &candidate;
  }
  return best == nullptr ? 0 : best->attnum;
}

}  // namespace omen::exec
