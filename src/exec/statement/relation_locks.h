// Table locks in PostgreSQL's eight modes, held to the end of the transaction.
//
// The three weak modes of ordinary statements do not conflict with each other, so
// they are noted in the holder alone while no strong lock is near (PostgreSQL's
// fast path). A strong lock first closes the fast path for its slot, then moves the
// weak locks it finds into the shared table, where waiting is seen. Deadlocks are found by the
// store's wait graph, together with those over rows.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <set>
#include <string_view>
#include <vector>

#include "base/cancel.h"
#include "base/contention/wait_graph.h"
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
  explicit RelationLocks(WaitGraph* graph) : graph_(graph) {}

  struct Wait {
    bool nowait = false;
    std::chrono::milliseconds timeout{0};  // 0: none
    const CancelToken* cancel = nullptr;
  };

  /// What one transaction holds. One thread. Must not outlive the table.
  class Holder {
   public:
    /// `party`: the transaction, to the wait graph; null: one of its own.
    explicit Holder(RelationLocks* locks, const WaitParty* party = nullptr);
    ~Holder();
    Holder(const Holder&) = delete;
    Holder& operator=(const Holder&) = delete;
    /// 55P03 on nowait or timeout, 57014 when cancelled, 40P01 on a cycle.
    Status Lock(LockTag tag, LockMode mode, const Wait& wait);
    void ReleaseAll();
    bool Holds(LockTag tag, LockMode mode) const;

    /// Rolling back to a savepoint frees what was locked since, and keeps the savepoint.
    void SetSavepoint() { ++depth_; }
    void RollbackToSavepoint();
    void ReleaseSavepoint();

   private:
    friend class RelationLocks;
    struct Held {
      LockTag tag;
      LockMode mode;
      int depth;  // savepoints set when it was taken
    };

    RelationLocks* locks_;
    const WaitParty own_party_;
    const WaitParty* const party_;
    int depth_ = 0;
    mutable std::mutex mutex_;  // guards fast_: strong lockers read it
    std::vector<Held> fast_;
    std::vector<Held> shared_;  // guarded by RelationLocks::mutex_; others add under both
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
  bool Blocked(const Waiter& waiter, bool may_pass_queue) const;
  void Grant(const Waiter& waiter);
  /// Until it is not blocked; `lock` is held again when this returns.
  Status WaitTurn(const Waiter& waiter, const Wait& wait, const WaitGraph::Wait& waiting,
                  std::unique_lock<std::mutex>* lock);
  WaitGraph::Blockers PartiesBlocking(const Waiter& waiter, bool queue) const;
  /// Who `waiter` waits for: holders of conflicting locks and, with `queue`, those whose requests
  /// came earlier.
  std::set<const Holder*> Blockers(const Waiter& waiter, bool queue) const;
  /// True when `start` is reached from `waiter` by waits for relations.
  bool WaitsFor(const Holder* start, const Waiter& waiter, std::set<const Holder*>* seen) const;
  /// Those taken under `depth` savepoints or more.
  void Release(Holder* holder, int depth);
  std::atomic<uint32_t>& StrongCount(LockTag tag) { return strong_[tag % kSlots]; }

  WaitGraph* const graph_;
  std::array<std::atomic<uint32_t>, kSlots> strong_{};
  mutable std::mutex mutex_;
  Condition released_;
  std::set<Holder*> holders_;
  std::map<LockTag, std::map<const Holder*, ModeMask>> table_;
  std::vector<Waiter> waiters_;  // in order of arrival
};

}  // namespace omen::exec
