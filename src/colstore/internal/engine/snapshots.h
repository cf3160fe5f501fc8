// Which read transactions may still need what a schema change took away. The engine frees the
// blocks of a dropped table or column with the next checkpoint, though a transaction that began
// before can still read them: that checkpoint must wait for those transactions.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>

namespace omen::colstore {

/// Any thread.
class Snapshots {
 public:
  using Age = uint64_t;

  /// To be called before the transaction's snapshot is fixed.
  Age Opened() {
    std::lock_guard lock(mutex_);
    ++open_[drops_];
    return drops_;
  }
  void Closed(Age age) {
    std::lock_guard lock(mutex_);
    const auto found = open_.find(age);
    if (--found->second == 0) open_.erase(found);
  }
  /// After a drop was committed.
  void Dropped() {
    std::lock_guard lock(mutex_);
    ++drops_;
  }
  /// True when nobody needs what was dropped since the last checkpoint.
  bool MayForget() const {
    std::lock_guard lock(mutex_);
    return drops_ == forgotten_ || open_.empty() || open_.begin()->first == drops_;
  }
  /// After a checkpoint.
  void Forgotten() {
    std::lock_guard lock(mutex_);
    forgotten_ = drops_;
  }

 private:
  mutable std::mutex mutex_;
  std::map<Age, int> open_;
  Age drops_ = 0, forgotten_ = 0;
};

}  // namespace omen::colstore
