#include "rowstore/change_clock.h"

#include <algorithm>
#include <bit>

namespace omen::rowstore {
namespace {

constexpr uint32_t kDivideAfter = 512;
// Longer keys are told apart by what they begin with.
constexpr size_t kKeyMax = 64;

}  // namespace

ChangeClock::Storage& ChangeClock::StorageOf(catalog::StorageId storage) {
  Storage& found = storages_[storage];
  if (found.ranges.empty()) found.ranges.push_back({"", floor_, 0, ""});
  return found;
}

void ChangeClock::OnCommit(const std::shared_ptr<const CommitRecord>& record) {
  std::lock_guard lock(mutex_);
  for (const Change& change : record->changes) {
    Storage& storage = StorageOf(change.storage);
    if (storage.recent[0] != record->id) {
      std::rotate(storage.recent.begin(), storage.recent.end() - 1, storage.recent.end());
      storage.recent[0] = record->id;
    }
    if (change.kind == ChangeKind::kStorage) {
      for (Range& range : storage.ranges) range.last = record->id;
    } else {
      Touch(&storage, change.key.substr(0, kKeyMax), record->id);
    }
  }
}

void ChangeClock::Touch(Storage* storage, std::string_view key, CommitId commit) {
  const auto after = std::ranges::upper_bound(storage->ranges, key, {}, &Range::lower);
  const auto number = static_cast<size_t>(after - storage->ranges.begin()) - 1;
  Range& range = storage->ranges[number];
  range.last = commit;
  ++range.touched;
  if (std::has_single_bit(range.touched)) range.sample = key;
  if (range.touched >= kDivideAfter) Divide(storage, number);
}

void ChangeClock::Divide(Storage* storage, size_t number) {
  storage->ranges[number].touched = 0;
  const Range& range = storage->ranges[number];
  if (range.sample <= range.lower) return;
  Range upper{range.sample, range.last, 0, ""};
  storage->ranges.insert(storage->ranges.begin() + static_cast<ptrdiff_t>(number) + 1,
                         std::move(upper));
  if (storage->ranges.size() > kRanges) JoinColdest(storage);
}

void ChangeClock::JoinColdest(Storage* storage) {
  std::vector<Range>& ranges = storage->ranges;
  size_t coldest = 0;
  const auto newest = [&](size_t i) { return std::max(ranges[i].last, ranges[i + 1].last); };
  for (size_t i = 1; i + 1 < ranges.size(); ++i) {
    if (newest(i) < newest(coldest)) coldest = i;
  }
  ranges[coldest].last = newest(coldest);
  ranges.erase(ranges.begin() + static_cast<ptrdiff_t>(coldest) + 1);
}

CommitId ChangeClock::LastChange(catalog::StorageId storage) const {
  std::lock_guard lock(mutex_);
  const auto found = storages_.find(storage);
  return found == storages_.end() ? floor_ : found->second.recent[0];
}

CommitId ChangeClock::LastChange(catalog::StorageId storage, std::string_view lower,
                                 std::string_view upper) const {
  std::lock_guard lock(mutex_);
  const auto found = storages_.find(storage);
  if (found == storages_.end()) return floor_;
  const std::vector<Range>& ranges = found->second.ranges;
  // Keys count by what they begin with, so a bound's own beginning lies within.
  auto range = std::ranges::upper_bound(ranges, lower.substr(0, kKeyMax), {}, &Range::lower) - 1;
  CommitId last = range->last;
  for (++range; range != ranges.end(); ++range) {
    if (!upper.empty() && range->lower >= upper) break;
    last = std::max(last, range->last);
  }
  return last;
}

std::optional<CommitId> ChangeClock::LastChangeSeenBy(catalog::StorageId storage,
                                                      CommitId view) const {
  std::lock_guard lock(mutex_);
  const auto found = storages_.find(storage);
  if (found != storages_.end()) {
    for (const CommitId commit : found->second.recent) {
      if (commit == 0) break;  // all of them are known
      if (commit <= view) return commit;
    }
    if (found->second.recent.back() != 0) return std::nullopt;
  }
  return floor_ <= view ? std::optional(floor_) : std::nullopt;
}

void ChangeClock::Forget(catalog::StorageId storage) {
  std::lock_guard lock(mutex_);
  const auto found = storages_.find(storage);
  if (found == storages_.end()) return;
  floor_ = std::max(floor_, found->second.recent[0]);
  storages_.erase(found);
}

}  // namespace omen::rowstore
