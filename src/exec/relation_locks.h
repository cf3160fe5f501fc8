// Table locks in PostgreSQL's eight modes, held to the end of the transaction.
//
// The three weak modes of ordinary statements do not conflict with each other, so
// they are noted in the holder alone while no strong lock is near (PostgreSQL's
// fast path). A strong lock first closes the fast path for its slot, then moves the
// weak locks it finds into the shared table, where waiting and deadlocks are seen.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <map>
#include <mutex>
#include <set>
#include <string_view>
#include <vector>

#include "base/cancel.h"
#include "base/result.h"
#include "types/type.h"

namespace omen::exec {

enum class LockMode : uint8_t {
  kAccessShare = 1,
  kRowShare,
  kRowExclusive,
  kShareUpdateExclusive,
  kShare,
  kShareRowExclusive,
  kExclusive,
  kAccessExclusive,
};

/// What is locked: a relation's OID, or a name about to be taken (see NameLock).
using LockTag = uint64_t;
LockTag RelationTag(Oid relation);
LockTag NameTag(Oid schema, std::string_view name);

/// The lock table of the server. Any thread.
class RelationLocks {
 public:
  struct Wait {
    bool nowait = false;
    std::chrono::milliseconds timeout{0};  // 0: none
    const CancelToken* cancel = nullptr;
  };

  /// What one transaction holds. One thread. Must not outlive the table.
  class Holder {
   public:
    explicit Holder(RelationLocks* locks);
    ~Holder();
    Holder(const Holder&) = delete;
    Holder& operator=(const Holder&) = delete;
    /// 55P03 on nowait or timeout, 57014 when cancelled, 40P01 on a cycle.
    Status Lock(LockTag tag, LockMode mode, const Wait& wait);
    void ReleaseAll();
    bool Holds(LockTag tag, LockMode mode) const;

   private:
    friend class RelationLocks;
    RelationLocks* locks_;
    mutable std::mutex mutex_;  // guards fast_: strong lockers read it
    std::vector<std::pair<LockTag, LockMode>> fast_;
    std::vector<std::pair<LockTag, LockMode>>
        shared_;  // guarded by RelationLocks::mutex_; others add under both
  };

 private:
  using ModeMask = uint16_t;
  struct Waiter {
    Holder* holder;
    LockTag tag;
    LockMode mode;
  };
  static constexpr size_t kSlots = 1024;

  bool TryFast(Holder* holder, LockTag tag, LockMode mode);
  Status LockShared(Holder* holder, LockTag tag, LockMode mode, const Wait& wait);
  void MoveFastLocks(LockTag tag);
  bool Conflicts(const Holder* holder, LockTag tag, LockMode mode) const;
  bool Queued(const Waiter& waiter) const;
  bool Blocked(const Waiter& waiter) const;
  /// Who `waiter` waits for: holders of conflicting locks and, with `queue`, those whose requests
  /// came earlier.
  std::set<const Holder*> Blockers(const Waiter& waiter, bool queue) const;
  /// True when `start` is reached from `waiter` by such waits.
  bool WaitsFor(const Holder* start, const Waiter& waiter, bool queue,
                std::set<const Holder*>* seen) const;
  void Release(Holder* holder);
  std::atomic<uint32_t>& StrongCount(LockTag tag) { return strong_[tag % kSlots]; }

  std::array<std::atomic<uint32_t>, kSlots> strong_{};
  mutable std::mutex mutex_;
  std::condition_variable released_;
  std::set<Holder*> holders_;
  std::map<LockTag, std::map<const Holder*, ModeMask>> table_;
  std::vector<Waiter> waiters_;  // in order of arrival
};

}  // namespace omen::exec
