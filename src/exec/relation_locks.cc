#include "exec/relation_locks.h"

#include <algorithm>
#include <functional>
#include <string_view>

#include "base/serving_place.h"

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

bool IsWeak(LockMode mode) { return mode <= LockMode::kRowExclusive; }

using Clock = std::chrono::steady_clock;
constexpr auto kPollInterval = std::chrono::milliseconds(20);

}  // namespace

LockTag RelationTag(Oid relation) { return relation; }

LockTag NameTag(Oid schema, std::string_view name) {
  const uint64_t hash = std::hash<std::string_view>()(name) * 31 + schema;
  return hash | (uint64_t{1} << 63);  // never a relation's tag
}

RelationLocks::Holder::Holder(RelationLocks* locks) : locks_(locks) {
  std::lock_guard lock(locks_->mutex_);
  locks_->holders_.insert(this);
}

RelationLocks::Holder::~Holder() {
  ReleaseAll();
  std::lock_guard lock(locks_->mutex_);
  locks_->holders_.erase(this);
}

bool RelationLocks::Holder::Holds(LockTag tag, LockMode mode) const {
  const auto covers = [&](const auto& held) { return held.first == tag && held.second >= mode; };
  return std::ranges::any_of(fast_, covers) || std::ranges::any_of(shared_, covers);
}

Status RelationLocks::Holder::Lock(LockTag tag, LockMode mode, const Wait& wait) {
  {
    std::lock_guard lock(mutex_);
    if (std::ranges::any_of(
            fast_, [&](const auto& held) { return held.first == tag && held.second == mode; })) {
      return Status::Ok();
    }
  }
  if (IsWeak(mode) && locks_->TryFast(this, tag, mode)) return Status::Ok();
  return locks_->LockShared(this, tag, mode, wait);
}

void RelationLocks::Holder::ReleaseAll() {
  {
    // Under mutex_, so that a strong locker's move of fast_ into shared_ is seen whole.
    std::lock_guard lock(mutex_);
    fast_.clear();
    if (shared_.empty()) return;
  }
  locks_->Release(this);
}

bool RelationLocks::TryFast(Holder* holder, LockTag tag, LockMode mode) {
  std::lock_guard lock(holder->mutex_);
  // Read inside the holder's mutex: a strong locker raises the count, then takes this mutex, so
  // one of the two sees the other.
  if (StrongCount(tag).load(std::memory_order_seq_cst) != 0) return false;
  holder->fast_.emplace_back(tag, mode);
  return true;
}

void RelationLocks::MoveFastLocks(LockTag tag) {
  for (Holder* holder : holders_) {
    std::lock_guard lock(holder->mutex_);
    std::erase_if(holder->fast_, [&](const auto& held) {
      if (held.first != tag) return false;
      table_[tag][holder] |= Bit(held.second);
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
// us need not be waited for.
bool RelationLocks::Blocked(const Waiter& waiter) const {
  if (Conflicts(waiter.holder, waiter.tag, waiter.mode)) return true;
  std::set<const Holder*> seen;
  return Queued(waiter) && !WaitsFor(waiter.holder, waiter, /*queue=*/true, &seen);
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

bool RelationLocks::WaitsFor(const Holder* start, const Waiter& waiter, bool queue,
                             std::set<const Holder*>* seen) const {
  for (const Holder* blocker : Blockers(waiter, queue)) {
    if (blocker == start) return true;
    if (!seen->insert(blocker).second) continue;
    for (const Waiter& next : waiters_) {
      if (next.holder == blocker && WaitsFor(start, next, queue, seen)) return true;
    }
  }
  return false;
}

Status RelationLocks::LockShared(Holder* holder, LockTag tag, LockMode mode, const Wait& wait) {
  StrongCount(tag).fetch_add(IsWeak(mode) ? 0 : 1, std::memory_order_seq_cst);
  std::unique_lock lock(mutex_);
  if (!IsWeak(mode)) MoveFastLocks(tag);
  const Waiter waiter{holder, tag, mode};
  const auto started = Clock::now();
  Status failure;
  bool queued = false;
  while (failure.ok() && Blocked(waiter)) {
    if (!queued) waiters_.push_back(waiter);
    queued = true;
    std::set<const Holder*> seen;
    if (wait.nowait) {
      failure = Status(sqlstate::kLockNotAvailable, "could not obtain lock on relation");
    } else if (WaitsFor(holder, waiter, /*queue=*/false, &seen)) {
      failure = Status(sqlstate::kDeadlock, "deadlock detected");
    } else if (wait.timeout.count() > 0 && Clock::now() - started > wait.timeout) {
      failure = Status(sqlstate::kLockNotAvailable, "canceling statement due to lock timeout");
    } else {
      PassPlace();
      released_.wait_for(lock, kPollInterval);
      if (wait.cancel != nullptr) failure = wait.cancel->Check();
    }
  }
  if (queued) {
    std::erase_if(waiters_, [&](const Waiter& w) { return w.holder == holder; });
    released_.notify_all();
  }
  if (!failure.ok()) {
    if (!IsWeak(mode)) StrongCount(tag).fetch_sub(1, std::memory_order_seq_cst);
    return failure;
  }
  table_[tag][holder] |= Bit(mode);
  holder->shared_.emplace_back(tag, mode);
  return Status::Ok();
}

void RelationLocks::Release(Holder* holder) {
  std::lock_guard lock(mutex_);
  for (const auto& [tag, mode] : holder->shared_) {
    const auto entry = table_.find(tag);
    if (entry != table_.end()) {
      entry->second.erase(holder);
      if (entry->second.empty()) table_.erase(entry);
    }
    if (!IsWeak(mode)) StrongCount(tag).fetch_sub(1, std::memory_order_seq_cst);
  }
  holder->shared_.clear();
  released_.notify_all();
}

}  // namespace omen::exec
