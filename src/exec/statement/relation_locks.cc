#include "exec/statement/relation_locks.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <optional>
#include <string_view>

#include "base/containment.h"
#include "base/contention/serving_place.h"
#include "base/contention/wait_order.h"
#include "catalog/catalog.h"

namespace omen::exec {
namespace {

constexpr uint16_t Bit(LockMode mode) {
  return static_cast<uint16_t>(1u << static_cast<int>(mode));
}

// Which modes each mode conflicts with: PostgreSQL's table 13.2.
constexpr uint16_t ConflictMask(LockMode mode) {
  constexpr uint16_t as = 1 << 1, rs = 1 << 2, re = 1 << 3, sue = 1 << 4, s = 1 << 5, sre = 1 << 6,
                     e = 1 << 7, ae = 1 << 8;
  switch (mode) {
    case LockMode::kAccessShare:
      return ae;
    case LockMode::kRowShare:
      return e | ae;
    case LockMode::kRowExclusive:
      return s | sre | e | ae;
    case LockMode::kShareUpdateExclusive:
      return sue | s | sre | e | ae;
    case LockMode::kShare:
      return re | sue | sre | e | ae;
    case LockMode::kShareRowExclusive:
      return re | sue | s | sre | e | ae;
    case LockMode::kExclusive:
      return rs | re | sue | s | sre | e | ae;
    case LockMode::kAccessExclusive:
      return as | rs | re | sue | s | sre | e | ae;
  }
  return 0;
}

constexpr LockTag kNameBit = LockTag{1} << 63;

// As PostgreSQL's messages say it.
std::string Describe(LockTag tag, LockMode mode) {
  static constexpr const char* kNames[] = {"",
                                           "AccessShareLock",
                                           "RowShareLock",
                                           "RowExclusiveLock",
                                           "ShareUpdateExclusiveLock",
                                           "ShareLock",
                                           "ShareRowExclusiveLock",
                                           "ExclusiveLock",
                                           "AccessExclusiveLock"};
  const char* name = kNames[static_cast<size_t>(mode)];
  if ((tag & kNameBit) != 0)
    return fmt::format("{} on a name of database {}", name, catalog::kDatabaseOid);
  return fmt::format("{} on relation {} of database {}", name, tag, catalog::kDatabaseOid);
}

bool IsWeak(LockMode mode) { return mode <= LockMode::kRowExclusive; }

}  // namespace

LockTag RelationTag(Oid relation) { return relation; }

LockTag NameTag(Oid schema, std::string_view name) {
  const uint64_t hash = std::hash<std::string_view>()(name) * 31 + schema;
  return hash | kNameBit;  // never a relation's tag
}

RelationLocks::Holder::Holder(RelationLocks* locks, const WaitParty* party)
    : locks_(locks), party_(party != nullptr ? party : &own_party_) {
  std::lock_guard lock(locks_->mutex_);
  locks_->holders_.insert(this);
}

RelationLocks::Holder::~Holder() {
  ReleaseAll();
  std::lock_guard lock(locks_->mutex_);
  locks_->holders_.erase(this);
}

bool RelationLocks::Holder::Holds(LockTag tag, LockMode mode) const {
  const auto covers = [&](const Held& held) { return held.tag == tag && held.mode >= mode; };
  return std::ranges::any_of(fast_, covers) || std::ranges::any_of(shared_, covers);
}

Status RelationLocks::Holder::Lock(LockTag tag, LockMode mode, const Wait& wait) {
  MayWaitFor(WaitStep::kLock);
  {
    std::lock_guard lock(mutex_);
    const auto same = [&](const Held& held) { return held.tag == tag && held.mode == mode; };
    if (std::ranges::any_of(fast_, same) || std::ranges::any_of(shared_, same)) {
      return Status::Ok();
    }
  }
  if (IsWeak(mode) && locks_->TryFast(this, tag, mode)) return Status::Ok();
  return locks_->LockShared(this, tag, mode, wait);
}

void RelationLocks::Holder::ReleaseAll() {
  depth_ = 0;
  RollbackToSavepoint();
}

void RelationLocks::Holder::RollbackToSavepoint() {
  {
    // Under mutex_, so that a strong locker's move of fast_ into shared_ is seen whole.
    std::lock_guard lock(mutex_);
    std::erase_if(fast_, [&](const Held& held) { return held.depth >= depth_; });
    if (shared_.empty()) return;
  }
  locks_->Release(this, depth_);
}

void RelationLocks::Holder::ReleaseSavepoint() {
  --depth_;
  std::lock_guard all(locks_->mutex_);
  std::lock_guard lock(mutex_);
  for (auto* list : {&fast_, &shared_}) {
    for (Held& held : *list) held.depth = std::min(held.depth, depth_);
  }
}

bool RelationLocks::TryFast(Holder* holder, LockTag tag, LockMode mode) {
  std::lock_guard lock(holder->mutex_);
  // Read inside the holder's mutex: a strong locker raises the count, then takes this mutex, so
  // one of the two sees the other.
  if (StrongCount(tag).load(std::memory_order_seq_cst) != 0) return false;
  holder->fast_.push_back({tag, mode, holder->depth_});
  return true;
}

void RelationLocks::MoveFastLocks(LockTag tag) {
  for (Holder* holder : holders_) {
    std::lock_guard lock(holder->mutex_);
    std::erase_if(holder->fast_, [&](const Holder::Held& held) {
      if (held.tag != tag) return false;
      table_[tag][holder] |= Bit(held.mode);
      holder->shared_.push_back(held);
      return true;
    });
  }
}

bool RelationLocks::Conflicts(const Holder* holder, LockTag tag, LockMode mode) const {
  const auto entry = table_.find(tag);
  if (entry == table_.end()) return false;
  return std::ranges::any_of(entry->second, [&](const auto& held) {
    return held.first != holder && (held.second & ConflictMask(mode)) != 0;
  });
}

// Conflicting requests that came earlier block too, lest a stream of readers starve a schema
// change. Who already holds a lock here goes ahead: waiting for a request that waits for us would
// be a deadlock of our own making.
bool RelationLocks::Queued(const Waiter& waiter) const {
  const auto entry = table_.find(waiter.tag);
  if (entry != table_.end() && entry->second.contains(waiter.holder)) return false;
  for (const Waiter& earlier : waiters_) {
    if (earlier.holder == waiter.holder) return false;
    if (earlier.tag == waiter.tag && (Bit(earlier.mode) & ConflictMask(waiter.mode)) != 0) {
      return true;
    }
  }
  return false;
}

// A place in the queue is given up before it becomes part of a circle: who holds nothing against
// us need not be waited for. Circles over rows too are noticed later, by the graph.
bool RelationLocks::Blocked(const Waiter& waiter, bool may_pass_queue) const {
  if (Conflicts(waiter.holder, waiter.tag, waiter.mode)) return true;
  std::set<const Holder*> seen;
  return !may_pass_queue && Queued(waiter) && !WaitsFor(waiter.holder, waiter, &seen);
}

std::set<const RelationLocks::Holder*> RelationLocks::Blockers(const Waiter& waiter,
                                                               bool queue) const {
  std::set<const Holder*> blockers;
  if (const auto entry = table_.find(waiter.tag); entry != table_.end()) {
    for (const auto& [holder, mask] : entry->second) {
      if (holder != waiter.holder && (mask & ConflictMask(waiter.mode)) != 0) {
        blockers.insert(holder);
      }
    }
  }
  if (!queue || !Queued(waiter)) return blockers;
  for (const Waiter& earlier : waiters_) {
    if (earlier.holder == waiter.holder) break;
    if (earlier.tag == waiter.tag && (Bit(earlier.mode) & ConflictMask(waiter.mode)) != 0) {
      blockers.insert(earlier.holder);
    }
  }
  return blockers;
}

bool RelationLocks::WaitsFor(const Holder* start, const Waiter& waiter,
                             std::set<const Holder*>* seen) const {
  for (const Holder* blocker : Blockers(waiter, /*queue=*/true)) {
    if (blocker == start) return true;
    if (!seen->insert(blocker).second) continue;
    for (const Waiter& next : waiters_) {
      if (next.holder == blocker && WaitsFor(start, next, seen)) return true;
    }
  }
  return false;
}

WaitGraph::Blockers RelationLocks::PartiesBlocking(const Waiter& waiter, bool queue) const {
  std::lock_guard lock(mutex_);
  WaitGraph::Blockers blockers;
  for (const Holder* holder : Blockers(waiter, queue)) blockers.parties.push_back(holder->party_);
  return blockers;
}

void RelationLocks::Grant(const Waiter& waiter) {
  table_[waiter.tag][waiter.holder] |= Bit(waiter.mode);
  waiter.holder->shared_.push_back({waiter.tag, waiter.mode, waiter.holder->depth_});
}

Status RelationLocks::WaitTurn(const Waiter& waiter, const Wait& wait,
                               const WaitGraph::Wait& waiting, std::unique_lock<std::mutex>* lock) {
  WaitLimit limit(wait.cancel);
  if (wait.timeout.count() > 0) limit.until = std::chrono::steady_clock::now() + wait.timeout;
  PassPlace();
  const Woken woken = released_.Wait(
      *lock, limit, [&] { return waiting.chosen() || !Blocked(waiter, waiting.may_pass_queue()); });
  if (woken == Woken::kCancelled) return wait.cancel->Check();
  if (woken == Woken::kReady) return waiting.Check();
  return Status(sqlstate::kLockNotAvailable, "canceling statement due to lock timeout");
}

Status RelationLocks::LockShared(Holder* holder, LockTag tag, LockMode mode, const Wait& wait) {
  SharedChange change;
  StrongCount(tag).fetch_add(IsWeak(mode) ? 0 : 1, std::memory_order_seq_cst);
  const Waiter waiter{holder, tag, mode};
  Status failure;
  std::optional<WaitGraph::Wait> waiting;  // ends after `lock`, as it must
  std::unique_lock lock(mutex_);
  if (!IsWeak(mode)) MoveFastLocks(tag);
  if (Blocked(waiter, false)) {
    if (wait.nowait) {
      failure = Status(sqlstate::kLockNotAvailable, "could not obtain lock on relation");
    } else {
      waiters_.push_back(waiter);
      lock.unlock();
      waiting.emplace(
          graph_, holder->party_, Describe(tag, mode),
          [this, waiter](bool queue) { return PartiesBlocking(waiter, queue); },
          [this] { released_.NotifyAll(); });
      lock.lock();
      failure = WaitTurn(waiter, wait, *waiting, &lock);
      std::erase_if(waiters_, [&](const Waiter& w) { return w.holder == holder; });
      released_.NotifyAll();
    }
  }
  if (failure.ok()) {
    Grant(waiter);
  } else if (!IsWeak(mode)) {
    StrongCount(tag).fetch_sub(1, std::memory_order_seq_cst);
  }
  return failure;
}

void RelationLocks::Release(Holder* holder, int depth) {
  std::lock_guard lock(mutex_);
  for (const Holder::Held& held : holder->shared_) {
    if (held.depth < depth) continue;
    if (!IsWeak(held.mode)) StrongCount(held.tag).fetch_sub(1, std::memory_order_seq_cst);
    const auto entry = table_.find(held.tag);
    if (entry == table_.end()) continue;
    entry->second.erase(holder);
    if (entry->second.empty()) table_.erase(entry);
  }
  std::erase_if(holder->shared_, [&](const Holder::Held& held) { return held.depth >= depth; });
  // The same relation may be held from before in another mode.
  for (const Holder::Held& held : holder->shared_) table_[held.tag][holder] |= Bit(held.mode);
  released_.NotifyAll();
}

}  // namespace omen::exec
