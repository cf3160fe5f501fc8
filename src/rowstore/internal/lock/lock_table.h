// Exclusive locks of keys, each known by its fingerprint alone: two keys of one, of which a million
// locks at once have some in fewer than one of ten million cases, wait for each other.
#pragma once

#include <absl/container/flat_hash_map.h>

#include <array>
#include <atomic>
#include <cstdint>
#include <list>
#include <mutex>
#include <string_view>
#include <vector>

#include "base/wait.h"

namespace omen::rowstore {

/// Of a key and its column family, by 64x64 -> 128 bit multiplications.
uint64_t LockFingerprint(uint32_t family, std::string_view key);

/// Any thread.
class LockTable {
 public:
  using Owner = uint64_t;  // a transaction; 0: nobody

  /// Somebody's wait for one lock.
  class Waiter {
   public:
    explicit Waiter(uint64_t fingerprint) : fingerprint_(fingerprint) {}
    uint64_t fingerprint() const { return fingerprint_; }

   private:
    friend class LockTable;
    const uint64_t fingerprint_;
    Condition changed_;
  };

  Owner NewOwner() { return next_owner_.fetch_add(1, std::memory_order_relaxed); }

  enum class Taken : uint8_t { kNo, kNew, kAgain };
  /// Does not wait. What is taken again is to be released as often.
  Taken Try(uint64_t fingerprint, Owner owner);
  /// Waits for its turn, or until `ended`, which is asked under the table's lock; kNo then, and at
  /// the limit. Who comes by when the lock is free may take it before those who wait.
  template <typename Ended>
  Taken Await(Waiter* waiter, Owner owner, const WaitLimit& limit, Ended ended);
  /// So that the wait looks at `ended` again.
  void Wake(Waiter* waiter);
  /// Takes one acquisition back, and says which it was: the first or another; none: kNo.
  Taken Release(uint64_t fingerprint, Owner owner);
  Owner OwnerOf(uint64_t fingerprint) const;
  size_t size() const;

 private:
  struct Held {
    Owner owner;
    uint32_t times;
  };
  struct Same {  // fingerprints are hashes already
    size_t operator()(uint64_t fingerprint) const { return fingerprint; }
  };
  struct Shard {
    mutable std::mutex mutex;
    absl::flat_hash_map<uint64_t, Held, Same> held;
    std::list<Waiter*> waiters;  // the first comes first
  };
  static constexpr size_t kShards = 64;
  // The bits that the maps use least.
  Shard& ShardOf(uint64_t fingerprint) const { return shards_[fingerprint >> 58]; }
  static Taken TryIn(Shard* shard, uint64_t fingerprint, Owner owner);
  static void WakeFirst(const Shard& shard, uint64_t fingerprint);

  mutable std::array<Shard, kShards> shards_;
  std::atomic<Owner> next_owner_{1};
};

template <typename Ended>
LockTable::Taken LockTable::Await(Waiter* waiter, Owner owner, const WaitLimit& limit,
                                  Ended ended) {
  Shard& shard = ShardOf(waiter->fingerprint_);
  std::unique_lock lock(shard.mutex);
  const auto place = shard.waiters.insert(shard.waiters.end(), waiter);
  Taken taken = Taken::kNo;
  (void)waiter->changed_.Wait(lock, limit, [&] {
    taken = TryIn(&shard, waiter->fingerprint_, owner);
    return taken != Taken::kNo || ended();
  });
  shard.waiters.erase(place);
  // It may have been woken for a lock that it does not take.
  if (taken == Taken::kNo) WakeFirst(shard, waiter->fingerprint_);
  return taken;
}

/// What one transaction holds. One thread at a time.
class HeldLocks {
 public:
  explicit HeldLocks(LockTable* table) : table_(table) {}
  ~HeldLocks() { ReleaseAll(); }
  HeldLocks(const HeldLocks&) = delete;
  HeldLocks& operator=(const HeldLocks&) = delete;

  LockTable::Owner owner() const { return owner_; }
  /// For the next transaction, which holds nothing.
  void Begin() { owner_ = table_->NewOwner(); }

  /// As LockTable's.
  LockTable::Taken Try(uint64_t fingerprint) {
    taken_.push_back(fingerprint);
    return Keep(table_->Try(fingerprint, owner_));
  }
  template <typename Ended>
  LockTable::Taken Await(LockTable::Waiter* waiter, const WaitLimit& limit, Ended ended) {
    taken_.push_back(waiter->fingerprint());
    return Keep(table_->Await(waiter, owner_, limit, ended));
  }
  void Wake(LockTable::Waiter* waiter) { table_->Wake(waiter); }
  /// Who holds what it waits for.
  LockTable::Owner OwnerOf(uint64_t fingerprint) const { return table_->OwnerOf(fingerprint); }
  /// Takes one acquisition of it back, as LockTable's Release.
  LockTable::Taken Undo(uint64_t fingerprint);
  void SetSavepoint() { savepoints_.push_back(taken_.size()); }
  void RollbackToSavepoint();
  void ReleaseSavepoint() { savepoints_.pop_back(); }
  void ReleaseAll();

 private:
  LockTable::Taken Keep(LockTable::Taken taken) {
    if (taken == LockTable::Taken::kNo) taken_.pop_back();
    return taken;
  }

  LockTable* const table_;
  LockTable::Owner owner_ = 0;
  std::vector<uint64_t> taken_;  // in order, each as often as it was
  std::vector<size_t> savepoints_;
};

}  // namespace omen::rowstore
