// Commits waiting to be applied, bounded in bytes. When the bound is passed everything
// queued is forgotten: the log has it, and a consumer sees by the ids that something is missing.
#pragma once

#include <chrono>
#include <deque>
#include <vector>

#include "replica/internal/window.h"

namespace omen::replica {

/// Not synchronized: the replica's mutex guards it.
class Feed {
 public:
  /// `newest`: the last commit before the first that will be pushed.
  Feed(size_t bytes_max, rowstore::CommitId newest) : bytes_max_(bytes_max), newest_(newest) {}

  void Push(const RecordPtr& record);
  /// Newest commit ever pushed.
  rowstore::CommitId newest() const { return newest_; }

  /// Moves out the commits that follow `after` without a gap, up to `upto` and about `bytes`.
  /// Forgets those up to `after`. Empty when `after + 1` is not here (yet, or any more).
  std::vector<RecordPtr> Take(rowstore::CommitId after, rowstore::CommitId upto, size_t bytes);

  size_t commits() const { return queue_.size(); }
  size_t bytes() const { return bytes_; }
  uint64_t overflows() const { return overflows_; }
  /// When the oldest of the queue came; now when it is empty.
  std::chrono::steady_clock::time_point oldest() const;

 private:
  struct Entry {
    RecordPtr record;
    std::chrono::steady_clock::time_point came;
  };
  void Pop();

  const size_t bytes_max_;
  rowstore::CommitId newest_;
  std::deque<Entry> queue_;
  size_t bytes_ = 0;
  uint64_t overflows_ = 0;
};

}  // namespace omen::replica
