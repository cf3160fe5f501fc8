// Commits waiting for a consumer, bounded in bytes. When the bound is passed everything
// queued is forgotten: the log has it, and a consumer sees by the ids that something is missing.
#pragma once

#include <chrono>
#include <deque>
#include <vector>

#include "rowstore/change.h"

namespace omen::rowstore {

using RecordPtr = std::shared_ptr<const CommitRecord>;

/// Between the committing thread, which never waits, and a consumer that may be slow. Not
/// synchronized: its owner's mutex guards it.
class CommitFeed {
 public:
  /// `newest`: the last commit before the first that will be pushed.
  CommitFeed(size_t bytes_max, CommitId newest) : bytes_max_(bytes_max), newest_(newest) {}

  void Push(const RecordPtr& record);
  /// Newest commit ever pushed.
  CommitId newest() const { return newest_; }

  /// Moves out the commits that follow `after` without a gap, up to `upto` and about `bytes`.
  /// Forgets those up to `after`. Empty when `after + 1` is not here (yet, or any more).
  std::vector<RecordPtr> Take(CommitId after, CommitId upto, size_t bytes);

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
  CommitId newest_;
  std::deque<Entry> queue_;
  size_t bytes_ = 0;
  uint64_t overflows_ = 0;
};

}  // namespace omen::rowstore
