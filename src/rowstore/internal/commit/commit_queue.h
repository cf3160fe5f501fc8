// Group commit. Committing threads queue; the first becomes leader, writes all that wait
// (one batch, one sync), runs the observers, publishes the new view and hands the lead to
// the first of those who came meanwhile, so that the next sync overlaps the clean-up.
#pragma once

#include <rocksdb/utilities/transaction.h>

#include <atomic>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "rowstore/internal/engine/engine.h"
#include "rowstore/internal/view/view_set.h"
#include "rowstore/rowstore.h"

namespace omen::rowstore {

/// One transaction's commit. Lives on the committing thread's stack until Commit returns.
struct CommitRequest {
  rocksdb::Transaction* transaction = nullptr;
  std::string_view kinds;
  const std::vector<catalog::StorageId>* filled = nullptr;
  const std::vector<catalog::Mutation>* catalog = nullptr;

  CommitId id = 0;
  Status status;
  enum class State : uint32_t { kWaiting, kLead, kDone };
  std::atomic<State> state{State::kWaiting};
};

/// Any thread.
class CommitQueue {
 public:
  CommitQueue(std::shared_ptr<Engine> engine, ViewSet* views, CommitId last, uint64_t epoch);

  /// Writes and publishes; then request->transaction is rolled back (empty, its locks free).
  /// On error (53100) nothing was written and the caller still owns the transaction's locks.
  void Commit(CommitRequest* request);

  CommitId last_commit() const { return last_commit_.load(std::memory_order_acquire); }
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

  Group TakeGroup();
  void PassLead();
  void WriteGroup(const Group& group);
  std::shared_ptr<rocksdb::WriteBatch> Merge(const Group& group);
  Status Write(const Group& group, rocksdb::WriteBatch* batch);
  void Tell(const Group& group, std::shared_ptr<rocksdb::WriteBatch> batch);
  void RememberSequence(CommitId first, rocksdb::SequenceNumber sequence);

  const std::shared_ptr<Engine> engine_;
  ViewSet* const views_;
  const uint64_t epoch_;
  std::vector<CommitObserver*> observers_;
  bool with_entries_ = false;  // one of them wants them
  std::atomic<CommitId> last_commit_;

  std::mutex queue_mutex_;
  std::deque<CommitRequest*> queue_;
  bool leading_ = false;

  std::mutex write_mutex_;  // held from before the write until the view is published

  mutable std::mutex hints_mutex_;
  std::map<CommitId, rocksdb::SequenceNumber> hints_;
};

}  // namespace omen::rowstore
