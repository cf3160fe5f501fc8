// The apply thread: keeps one column store equal to the row store up to its watermark.
//
// Normally it takes what the feed has, makes a window of it and applies that. When commits
// are missing from the feed it reads them from the log; when the log does not reach back it
// begins a new file from a view. It never applies a commit that is not published yet, so a
// row view taken while it stands still is never behind it.
#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <thread>

#include "base/wait.h"
#include "replica/internal/applier.h"
#include "replica/replica.h"
#include "rowstore/commit_feed.h"

namespace omen::replica {

/// Public functions from any thread, except where said.
class Follower {
 public:
  Follower(const Options& options, rowstore::RowStore* rows);
  ~Follower();

  /// Opens the file, or begins a new one when it cannot be trusted. Before Start.
  Status Open();
  void Start();
  /// Applies what is queued if that is quick, shortens the engine's log, ends the thread.
  void Stop();

  void OnCommit(const RecordPtr& record);

  rowstore::CommitId watermark() const { return watermark_.load(std::memory_order_acquire); }
  Status WaitFor(rowstore::CommitId commit, const CancelToken* cancel);
  bool Has(catalog::StorageId storage, uint32_t version) const;
  State state() const;
  std::shared_ptr<colstore::ColumnStore> store() const;
  /// To be told by whoever finds that a store has failed: it is replaced and filled from rows.
  void StoreFailed(const std::shared_ptr<colstore::ColumnStore>& store);
  /// Whether Maintain has something to do now.
  bool UpkeepDue() const;

  /// Stands the apply thread still between two windows. One holder at a time.
  Status Hold(const CancelToken* cancel);
  /// While held: applies up to exactly the view's commit.
  Status ApplyExactly(const ViewPtr& view, const CancelToken* cancel);
  /// While held: looks after the file. A file that it breaks is replaced.
  Status Maintain();
  void Release();

 private:
  enum class Action { kStop, kPark, kApply, kRecover };
  enum class HoldState { kNone, kWanted, kParked };
  using Lock = std::unique_lock<std::mutex>;

  void Run();
  Action NextAction();
  bool HasWork() const;
  /// When the changes that wait are applied though nobody asks for them.
  std::chrono::steady_clock::time_point Due() const;
  void Park();

  Status ApplyThrough(rowstore::CommitId commit, const ViewPtr& view);
  /// One window, at most up to `limit`. `exact` is a view of `limit`, or null.
  Status Step(rowstore::CommitId limit, const ViewPtr& exact);
  /// A view to copy from, after extending the window to its commit; null when the feed has not
  /// all of it.
  ViewPtr ViewForCopies(Window* window);
  Status ApplyWindow(const Window& window, rowstore::CommitId upto, const ViewPtr& view);
  Status CatchUp(rowstore::CommitId limit);
  Status Resync();
  Status Refill();

  Status OpenTrusted();
  Status CheckWatermark(const colstore::Watermark& watermark) const;
  Status BeginNewFile();
  /// Fails waiters, and tries again later: with a new file unless only space was short.
  void Recover(Status failure);
  void SetPhase(const char* phase);
  void Publish();
  void PublishUpkeep(Applier::Upkeep wanted);
  /// Waits on done_. 55000 once failed or stopped.
  template <typename Predicate>
  Status WaitUntil(Lock& lock, const CancelToken* cancel, Predicate ready);

  const Options options_;
  rowstore::RowStore* const rows_;
  std::atomic<bool> stopping_{false};
  std::atomic<rowstore::CommitId> watermark_{0};

  mutable std::mutex mutex_;  // guards what follows up to held_
  Condition work_, done_;
  rowstore::CommitFeed feed_;
  rowstore::CommitId wanted_ = 0;
  HoldState hold_ = HoldState::kNone;
  ViewPtr hold_view_;  // what ApplyExactly asks for
  Status hold_status_;
  std::map<catalog::StorageId, uint32_t> visible_;
  std::shared_ptr<colstore::ColumnStore> store_;
  State state_;
  std::chrono::steady_clock::time_point retry_at_{};
  std::chrono::steady_clock::time_point rest_until_{};  // keeps to Options::apply_share
  std::chrono::steady_clock::time_point caught_up_at_ = std::chrono::steady_clock::now();
  std::chrono::steady_clock::time_point applied_at_{}, upkeep_not_before_{};
  Applier::Upkeep upkeep_ = Applier::Upkeep::kNone;
  bool store_failed_ = false;  // a reader met it
  bool idle_ = false;          // the apply thread sleeps until there is something to do

  Held held_;  // apply thread only, like what follows; while it is held its holder's
  Applier applier_;
  bool reopen_ = false;      // the file is not to be trusted any more
  bool begin_anew_ = false;  // the file is empty: fill it from a view
  int failures_ = 0;

  std::thread thread_;
};

}  // namespace omen::replica
