// Group commit. Who commits queues; the first leads: it writes all that wait (one batch, one
// sync), runs the observers, publishes the new view and hands the lead to the first of those who
// came meanwhile, so that the next sync overlaps the clean-up. Where that one waits without a
// thread the queue's own thread leads, until nobody waits: so a lone client commits on its own
// thread, and many are answered by threads that have not waited. Where none of those who came
// needs a sync, who leads writes a few more groups itself: that is sooner than a thread wakes.
#pragma once

#include <rocksdb/write_batch.h>

#include <atomic>
#include <chrono>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "base/contention/resumable.h"
#include "base/result.h"
#include "base/wait.h"
#include "rowstore/internal/cache/read_cache.h"
#include "rowstore/internal/commit/commit_pace.h"
#include "rowstore/internal/engine/engine.h"
#include "rowstore/internal/lock/lock_table.h"
#include "rowstore/internal/view/view_set.h"
#include "rowstore/rowstore.h"

namespace omen::rowstore {

/// One transaction's commit. Lives until it is done.
struct CommitRequest {
  HeldLocks* locks = nullptr;
  rocksdb::WriteBatch* batch = nullptr;
  std::string_view kinds;
  const std::vector<catalog::StorageId>* filled = nullptr;
  const std::vector<catalog::Mutation>* catalog = nullptr;
  CommitWay way;

  CommitId id = 0;
  Status status;
  enum class State : uint32_t { kWaiting, kLead, kDone };
  std::atomic<State> state{State::kWaiting};
};

/// Any thread.
class CommitQueue {
 public:
  CommitQueue(std::shared_ptr<Engine> engine, ViewSet* views, ReadCache* cache, CommitId last,
              uint64_t epoch);
  ~CommitQueue();

  /// Writes and publishes; then request->locks are free. On error (53100) nothing was written and
  /// the caller still owns them.
  /// True when that is done. False: request->way.waiting is told when it is.
  bool Commit(CommitRequest* request);

  CommitId last_commit() const { return last_commit_.load(std::memory_order_acquire); }
  CommitId synced_commit() const { return synced_commit_.load(std::memory_order_acquire); }
  /// Some commit of this run was not synced with its write.
  bool had_unsynced() const { return had_unsynced_.load(std::memory_order_relaxed); }
  /// Syncs what is published. 53100: it could not be.
  Status Sync();
  uint64_t epoch() const { return epoch_; }
  void AddObserver(CommitObserver* observer) {
    observers_.push_back(observer);
    with_entries_ = with_entries_ || observer->wants_entries();
  }
  /// Replaces the published view by a new one of the same commit, so that the old one can end.
  void RenewView();
  /// Where in RocksDB's log to begin looking for a commit of this run; 0 when not known.
  rocksdb::SequenceNumber SequenceHint(CommitId commit) const;

 private:
  using Group = std::vector<CommitRequest*>;

  /// Joins the queue. True: the caller is to lead.
  bool Join(CommitRequest* request);
  /// Writes the group at whose front the caller's request is, and perhaps those after it.
  void Lead(CommitRequest* own);
  /// After a group of that many commits. False: the caller, who has written so many groups, is to
  /// go on.
  bool PassLead(size_t written, size_t groups);
  /// The queue's own thread.
  void RunLeader();
  /// True while there is somebody to lead.
  bool GoOnLeading(size_t written);
  Group TakeGroup();
  void Gather();
  void WriteGroup(const Group& group);
  /// `own`: is not told.
  static void Finish(const Group& group, const CommitRequest* own);
  std::shared_ptr<rocksdb::WriteBatch> Merge(const Group& group);
  Status Write(const Group& group, rocksdb::WriteBatch* batch, bool sync);
  /// Whether a group is to be synced: it asks for it, or what was not waits for too long.
  bool MustSync(const Group& group);
  void NoteSynced(CommitId commit);
  void TellObservers(const Group& group, std::shared_ptr<rocksdb::WriteBatch> batch);
  void RememberSequence(CommitId first, rocksdb::SequenceNumber sequence);

  const std::shared_ptr<Engine> engine_;
  ViewSet* const views_;
  ReadCache* const cache_;
  const uint64_t epoch_;
  std::vector<CommitObserver*> observers_;
  bool with_entries_ = false;  // one of them wants them
  std::atomic<CommitId> last_commit_;
  std::atomic<CommitId> synced_commit_;
  std::atomic<bool> had_unsynced_{false};

  std::mutex queue_mutex_;
  std::deque<CommitRequest*> queue_;
  bool leading_ = false;
  bool leader_runs_ = false;  // the lead is the queue's own thread's
  bool stopping_ = false;
  Condition leader_wakes_;
  std::thread leader_;  // since it was first needed
  CommitPace pace_;
  Condition gathered_;

  std::mutex write_mutex_;  // held from before the write until the view is published
  std::chrono::steady_clock::time_point unsynced_since_;  // the first after synced_commit_

  mutable std::mutex hints_mutex_;
  std::map<CommitId, rocksdb::SequenceNumber> hints_;
};

}  // namespace omen::rowstore
