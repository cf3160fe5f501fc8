#include "exec/statement/table_statistics.h"

#include "base/work.h"
#include "statistics/statistics.h"

namespace omen::exec {
namespace {

constexpr int64_t kFreshNanos = 1'000'000'000;
constexpr size_t kEntriesMax = 10'000;

}  // namespace

double TableStatistics::Rows(catalog::StorageId storage) {
  const auto counted = known_ != nullptr ? known_->Rows(storage) : std::nullopt;
  return counted ? *counted : RoughRows(storage);
}

statistics::TableStatisticsPtr TableStatistics::Of(catalog::StorageId storage) const {
  return known_ != nullptr ? known_->Of(storage) : nullptr;
}

double TableStatistics::RoughRows(catalog::StorageId storage) {
  const int64_t now = clock_->MonotonicNanos();
  {
    std::lock_guard lock(mutex_);
    const auto found = entries_.find(storage);
    if (found != entries_.end() && now < found->second.expires_nanos) return found->second.rows;
  }
  const Work::Pause pause;  // others share it
  const double rows = static_cast<double>(rows_->EstimateRows(storage));
  std::lock_guard lock(mutex_);
  if (entries_.size() >= kEntriesMax) entries_.clear();
  entries_[storage] = {rows, now + kFreshNanos};
  return rows;
}

}  // namespace omen::exec
