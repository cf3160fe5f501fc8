#include "rowstore/internal/cache/range_cache.h"

#include <algorithm>
#include <utility>

#include "base/bytes.h"
#include "rowstore/key_codec.h"

namespace omen::rowstore {
namespace {

// What larger ones would push out is worth more.
constexpr size_t kShareOfOne = 64;
constexpr size_t kSweptAtOnce = 16;

}  // namespace

RangeCache::Edge::Edge(catalog::StorageId storage, std::string_view key)
    : head(UINT64_MAX), bytes(key) {
  if (key.size() < kStoragePrefixBytes || StorageOfKey(key) != storage) return;
  std::array<char, sizeof(uint64_t)> first{};
  key.substr(kStoragePrefixBytes).copy(first.data(), first.size());
  head = LoadBigEndian<uint64_t>(first.data());
}

/// The range that holds the edge, or for a walk downwards what is just below it.
RangeCache::Ranges::iterator RangeCache::Around(Ranges* ranges, const Edge& edge, bool backward) {
  auto at = backward ? ranges->lower_bound(edge) : ranges->upper_bound(edge);
  if (at == ranges->begin()) return ranges->end();
  --at;
  const std::string_view upper = at->second->range->upper();
  return (backward ? edge.bytes <= upper : edge.bytes < upper) ? at : ranges->end();
}

RangeCache::RangePtr RangeCache::Find(catalog::StorageId storage, std::string_view edge,
                                      bool backward, uint64_t sequence) {
  Shard& shard = ShardOf(storage);
  std::lock_guard lock(shard.mutex);
  const auto ranges = shard.storages.find(storage);
  if (ranges != shard.storages.end()) {
    const auto at = Around(&ranges->second, Edge(storage, edge), backward);
    if (at != ranges->second.end() && at->second->since <= sequence) {
      ++shard.found;
      at->second->found_again = true;
      return at->second->range;
    }
  }
  ++shard.missed;
  return nullptr;
}

bool RangeCache::Takes(catalog::StorageId storage, uint64_t sequence) const {
  if (bytes_max_ == 0) return false;
  Shard& shard = ShardOf(storage);
  std::lock_guard lock(shard.mutex);
  return LastChange(&shard, storage) <= sequence;
}

void RangeCache::Add(catalog::StorageId storage, RangePtr range, uint64_t sequence) {
  if (range == nullptr || range->bytes() > bytes_max_ / kShareOfOne) return;
  auto held = std::make_unique<Held>(Held{std::move(range), sequence, storage});
  std::vector<std::unique_ptr<Held>> out;  // freed after the lock
  Shard& shard = ShardOf(storage);
  {
    std::lock_guard lock(shard.mutex);
    if (LastChange(&shard, storage) > sequence) return;
    Ranges& ranges = shard.storages[storage];
    TakeOutBetween(&shard, &ranges, *held, &out);
    if (shard.clock.size() == shard.clock.capacity())
      shard.clock.reserve(2 * shard.clock.size() + 8);
    held->place = static_cast<uint32_t>(shard.clock.size());
    Held* const added = held.get();
    ranges.emplace(Edge(storage, added->range->lower()), std::move(held));
    shard.clock.push_back(added);
    bytes_ += added->range->bytes();
  }
  if (bytes_ > bytes_max_) MakeRoom();
}

void RangeCache::Change(std::string_view key, uint64_t sequence) noexcept {
  const catalog::StorageId storage = StorageOfKey(key);
  std::unique_ptr<Held> out;
  Shard& shard = ShardOf(storage);
  std::lock_guard lock(shard.mutex);
  uint64_t& last = LastChange(&shard, storage);
  last = std::max(last, sequence);
  const auto ranges = shard.storages.find(storage);
  if (ranges == shard.storages.end()) return;
  const auto at = Around(&ranges->second, Edge(storage, key), /*backward=*/false);
  if (at != ranges->second.end()) out = TakeOut(&shard, &ranges->second, at);
}

std::unique_ptr<RangeCache::Held> RangeCache::TakeOut(Shard* shard, Ranges* ranges,
                                                      Ranges::iterator at) {
  std::unique_ptr<Held> held = std::move(at->second);
  ranges->erase(at);
  Held*& place = shard->clock[held->place];
  place = shard->clock.back();
  place->place = held->place;
  shard->clock.pop_back();
  bytes_ -= held->range->bytes();
  return held;
}

void RangeCache::TakeOutBetween(Shard* shard, Ranges* ranges, const Held& between,
                                std::vector<std::unique_ptr<Held>>* out) {
  const Edge lower(between.storage, between.range->lower());
  const auto first = Around(ranges, lower, /*backward=*/false);
  if (first != ranges->end()) out->push_back(TakeOut(shard, ranges, first));
  while (true) {
    const auto next = ranges->lower_bound(lower);
    if (next == ranges->end() || next->second->range->lower() >= between.range->upper()) return;
    out->push_back(TakeOut(shard, ranges, next));
  }
}

void RangeCache::MakeRoom() {
  std::vector<std::unique_ptr<Held>> out;
  while (bytes_ > bytes_max_) {
    Shard& shard = shards_[next_swept_++ % kShards];
    std::lock_guard lock(shard.mutex);
    Sweep(&shard, &out);
  }
}

/// The hand goes on a bit: what was not found since it passed is taken out.
void RangeCache::Sweep(Shard* shard, std::vector<std::unique_ptr<Held>>* out) {
  for (size_t left = std::min(kSweptAtOnce, shard->clock.size()); left > 0; --left) {
    if (shard->hand >= shard->clock.size()) shard->hand = 0;
    Held* const next = shard->clock[shard->hand];
    if (std::exchange(next->found_again, false)) {
      ++shard->hand;
      continue;
    }
    const auto ranges = shard->storages.find(next->storage);
    const auto at = ranges->second.find(Edge(next->storage, next->range->lower()));
    out->push_back(TakeOut(shard, &ranges->second, at));
    if (ranges->second.empty()) shard->storages.erase(ranges);
  }
}

void RangeCache::Forget(catalog::StorageId storage) {
  std::vector<std::unique_ptr<Held>> out;
  Shard& shard = ShardOf(storage);
  std::lock_guard lock(shard.mutex);
  const auto ranges = shard.storages.find(storage);
  if (ranges == shard.storages.end()) return;
  while (!ranges->second.empty()) {
    out.push_back(TakeOut(&shard, &ranges->second, ranges->second.begin()));
  }
  shard.storages.erase(ranges);
}

RangeCache::Counts RangeCache::counts() const {
  Counts counts;
  counts.bytes = bytes_;
  for (const Shard& shard : shards_) {
    std::lock_guard lock(shard.mutex);
    counts.found += shard.found;
    counts.missed += shard.missed;
    counts.ranges += shard.clock.size();
  }
  return counts;
}

}  // namespace omen::rowstore
