#include "rowstore/internal/cache/row_cache.h"

#include <absl/hash/hash.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <new>

namespace omen::rowstore {
namespace {

constexpr size_t kShardsMin = 16, kShardsMax = 1024;
constexpr size_t kShardBytes = 64 << 10;
// What larger values would push out is worth more.
constexpr size_t kShareMax = 8;
// The allocator's, the set's and the clock's.
constexpr size_t kEntryOverhead = 40;

}  // namespace

/// A key and its value, in one piece of memory.
class RowCache::Entry {
 public:
  static EntryPtr Make(const Key& key, std::string_view value) {
    const size_t capacity = (sizeof(Entry) + key.bytes.size() + value.size() + 15) / 16 * 16;
    void* const memory = ::operator new(capacity, std::nothrow);
    if (memory == nullptr) return nullptr;
    EntryPtr entry(new (memory) Entry(key, static_cast<uint32_t>(capacity)));
    entry->Assign(value);
    return entry;
  }

  size_t bytes() const { return capacity_ + kEntryOverhead; }
  uint64_t hash() const { return hash_; }
  std::string_view key() const { return {data(), key_size_}; }
  std::string_view value() const { return {data() + key_size_, value_size_}; }
  bool Fits(std::string_view value) const {
    return sizeof(Entry) + key_size_ + value.size() <= capacity_;
  }
  void Assign(std::string_view value) {
    value_size_ = static_cast<uint32_t>(value.size());
    if (!value.empty()) std::memcpy(data() + key_size_, value.data(), value.size());
  }

  uint32_t place = 0;        // in the clock
  bool found_again = false;  // since the hand passed

 private:
  Entry(const Key& key, uint32_t capacity)
      : capacity_(capacity), key_size_(static_cast<uint32_t>(key.bytes.size())), hash_(key.hash) {
    std::memcpy(data(), key.bytes.data(), key.bytes.size());
  }
  char* data() { return reinterpret_cast<char*>(this + 1); }
  const char* data() const { return reinterpret_cast<const char*>(this + 1); }

  const uint32_t capacity_, key_size_;
  uint32_t value_size_ = 0;
  const uint64_t hash_;
};

void RowCache::Free::operator()(Entry* entry) const {
  entry->~Entry();
  ::operator delete(entry);
}

size_t RowCache::Hash::operator()(const Entry* entry) const { return entry->hash(); }

bool RowCache::Same::operator()(const Entry* a, const Key& b) const {
  return a->hash() == b.hash && a->key() == b.bytes;
}

RowCache::RowCache(size_t bytes_max) : bytes_max_(bytes_max) {
  const size_t shards = std::bit_floor(std::clamp(bytes_max / kShardBytes, kShardsMin, kShardsMax));
  shard_shift_ = 64 - std::countr_zero(shards);
  shard_bytes_max_ = bytes_max / shards;
  shards_ = std::make_unique<Shard[]>(shards);
}

RowCache::~RowCache() = default;

RowCache::Key RowCache::KeyOf(std::string_view bytes) {
  return {bytes, absl::Hash<std::string_view>()(bytes)};
}

bool RowCache::Find(std::string_view key_bytes, uint64_t sequence, std::string* value) {
  const Key key = KeyOf(key_bytes);
  Shard& shard = ShardOf(key);
  std::lock_guard lock(shard.mutex);
  const auto at = shard.entries.find(key);
  if (at == shard.entries.end() || sequence < shard.last_change) {
    ++shard.missed;
    return false;
  }
  ++shard.found;
  (*at)->found_again = true;
  value->assign((*at)->value());
  return true;
}

bool RowCache::IsUnchanged(std::string_view key, uint64_t sequence) const {
  const Shard& shard = ShardOf(KeyOf(key));
  std::lock_guard lock(shard.mutex);
  return sequence >= shard.last_change;
}

void RowCache::Add(std::string_view key_bytes, std::string_view value, uint64_t sequence) {
  if (key_bytes.size() + value.size() > shard_bytes_max_ / kShareMax) return;
  const Key key = KeyOf(key_bytes);
  EntryPtr entry = Entry::Make(key, value);
  if (entry == nullptr) return;
  std::vector<EntryPtr> out;  // freed after the lock
  Shard& shard = ShardOf(key);
  std::lock_guard lock(shard.mutex);
  if (sequence < shard.last_change || shard.entries.contains(key)) return;
  MakeRoom(&shard, entry->bytes(), &out);
  entry->place = static_cast<uint32_t>(shard.clock.size());
  shard.bytes += entry->bytes();
  shard.clock.push_back(std::move(entry));
  shard.entries.insert(shard.clock.back().get());
}

void RowCache::Put(std::string_view key, std::string_view value, uint64_t sequence) noexcept {
  Change(KeyOf(key), &value, sequence);
}

void RowCache::Remove(std::string_view key, uint64_t sequence) noexcept {
  Change(KeyOf(key), nullptr, sequence);
}

void RowCache::Change(const Key& key, const std::string_view* value, uint64_t sequence) noexcept {
  Shard& shard = ShardOf(key);
  EntryPtr out;  // freed after the lock
  std::lock_guard lock(shard.mutex);
  shard.last_change = std::max(shard.last_change, sequence);
  const auto at = shard.entries.find(key);
  if (at == shard.entries.end()) return;
  if (value != nullptr && (*at)->Fits(*value)) {
    (*at)->Assign(*value);
  } else {
    out = TakeOut(&shard, *at);
  }
}

RowCache::EntryPtr RowCache::TakeOut(Shard* shard, Entry* entry) {
  shard->entries.erase(entry);
  shard->bytes -= entry->bytes();
  EntryPtr& place = shard->clock[entry->place];
  EntryPtr taken = std::move(place);
  if (&place != &shard->clock.back()) {
    place = std::move(shard->clock.back());
    place->place = taken->place;
  }
  shard->clock.pop_back();
  return taken;
}

void RowCache::MakeRoom(Shard* shard, size_t bytes, std::vector<EntryPtr>* out) const {
  while (shard->bytes + bytes > shard_bytes_max_ && !shard->clock.empty()) {
    if (shard->hand >= shard->clock.size()) shard->hand = 0;
    Entry* const next = shard->clock[shard->hand].get();
    if (next->found_again) {
      next->found_again = false;
      ++shard->hand;
      continue;
    }
    out->push_back(TakeOut(shard, next));
  }
}

RowCache::Counts RowCache::counts() const {
  Counts counts;
  for (size_t i = 0; i <= (~uint64_t{0} >> shard_shift_); ++i) {
    const Shard& shard = shards_[i];
    std::lock_guard lock(shard.mutex);
    counts.found += shard.found;
    counts.missed += shard.missed;
    counts.entries += shard.clock.size();
    counts.bytes += shard.bytes;
  }
  return counts;
}

}  // namespace omen::rowstore
