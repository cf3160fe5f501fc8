#include "rowstore/internal/lock/lock_table.h"

#include <algorithm>
#include <cstring>

#include "base/check.h"

namespace omen::rowstore {
namespace {

// What a shard that has become empty, or a transaction that has ended, keeps for the next ones.
constexpr size_t kKeptHeld = 1024, kKeptTaken = 4096;

uint64_t MixWord(uint64_t hash, uint64_t word) {
  const auto product =
      static_cast<unsigned __int128>(hash ^ 0x9E3779B97F4A7C15U) * (word ^ 0xE7037ED1A0B428DBU);
  return static_cast<uint64_t>(product) ^ static_cast<uint64_t>(product >> 64);
}

}  // namespace

uint64_t LockFingerprint(uint32_t family, std::string_view key) {
  uint64_t hash = MixWord(family + 1, key.size());
  for (; key.size() > sizeof hash; key.remove_prefix(sizeof hash)) {
    uint64_t word;
    std::memcpy(&word, key.data(), sizeof word);
    hash = MixWord(hash, word);
  }
  uint64_t rest = 0;
  std::memcpy(&rest, key.data(), key.size());
  return MixWord(MixWord(hash, rest), hash);
}

LockTable::Taken LockTable::TryIn(Shard* shard, uint64_t fingerprint, Owner owner) {
  const auto [found, is_new] = shard->held.try_emplace(fingerprint, Held{owner, 1});
  if (is_new) return Taken::kNew;
  if (found->second.owner != owner) return Taken::kNo;
  ++found->second.times;
  return Taken::kAgain;
}

LockTable::Taken LockTable::Try(uint64_t fingerprint, Owner owner) {
  Shard& shard = ShardOf(fingerprint);
  std::lock_guard lock(shard.mutex);
  return TryIn(&shard, fingerprint, owner);
}

void LockTable::WakeFirst(const Shard& shard, uint64_t fingerprint) {
  if (shard.waiters.empty() || shard.held.contains(fingerprint)) return;
  const auto first = std::ranges::find_if(
      shard.waiters, [&](const Waiter* waiter) { return waiter->fingerprint_ == fingerprint; });
  if (first != shard.waiters.end()) (*first)->changed_.NotifyAll();
}

void LockTable::Wake(Waiter* waiter) {
  // Not between its look and its sleep.
  std::lock_guard lock(ShardOf(waiter->fingerprint_).mutex);
  waiter->changed_.NotifyAll();
}

LockTable::Taken LockTable::Release(uint64_t fingerprint, Owner owner) {
  Shard& shard = ShardOf(fingerprint);
  std::lock_guard lock(shard.mutex);
  const auto found = shard.held.find(fingerprint);
  if (found == shard.held.end() || found->second.owner != owner) return Taken::kNo;
  if (--found->second.times > 0) return Taken::kAgain;
  shard.held.erase(found);
  WakeFirst(shard, fingerprint);
  if (shard.held.empty() && shard.held.capacity() > kKeptHeld) shard.held = {};
  return Taken::kNew;
}

LockTable::Owner LockTable::OwnerOf(uint64_t fingerprint) const {
  const Shard& shard = ShardOf(fingerprint);
  std::lock_guard lock(shard.mutex);
  const auto found = shard.held.find(fingerprint);
  return found != shard.held.end() ? found->second.owner : 0;
}

size_t LockTable::size() const {
  size_t held = 0;
  for (const Shard& shard : shards_) {
    std::lock_guard lock(shard.mutex);
    held += shard.held.size();
  }
  return held;
}

LockTable::Taken HeldLocks::Undo(uint64_t fingerprint) {
  const auto last = std::find(taken_.rbegin(), taken_.rend(), fingerprint);
  if (last == taken_.rend()) return LockTable::Taken::kNo;
  const auto at = static_cast<size_t>(std::prev(last.base()) - taken_.begin());
  taken_.erase(taken_.begin() + static_cast<ptrdiff_t>(at));
  for (size_t& savepoint : savepoints_) savepoint -= savepoint > at ? 1 : 0;
  return table_->Release(fingerprint, owner_);
}

void HeldLocks::RollbackToSavepoint() {
  OMEN_CHECK(!savepoints_.empty());
  for (; taken_.size() > savepoints_.back(); taken_.pop_back()) {
    table_->Release(taken_.back(), owner_);
  }
}

void HeldLocks::ReleaseAll() {
  for (const uint64_t fingerprint : taken_) table_->Release(fingerprint, owner_);
  taken_.clear();
  if (taken_.capacity() > kKeptTaken) std::vector<uint64_t>().swap(taken_);
  savepoints_.clear();
}

}  // namespace omen::rowstore
