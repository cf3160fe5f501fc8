// The hybrid index: sorted runs that are searched with models, and a small tree that takes the
// writes until a background merge has woven them into the runs.
//
// Readers take an epoch and the current version, and never wait. A writer prepares the next
// version beside the current one (copy-on-write tree, see cow_tree.h) and publishes it with one
// store; a merge prepares one new run at a time and publishes each. What a version no longer
// needs is freed when no reader, snapshot or remembered commit can reach that version.
#pragma once

#include <memory>
#include <mutex>
#include <span>
#include <thread>

#include "base/clock.h"
#include "base/wait.h"
#include "index/hybrid_options.h"
#include "index/index_decisions.h"
#include "index/pair_rows.h"
#include "index/pattern_watch.h"
#include "index/read_counters.h"
#include "index/run_hashes.h"
#include "index/run_shaping.h"
#include "index/version/index.h"
#include "index/version/index_snapshot.h"
#include "index/version/run_merge.h"
#include "index/version/version_chain.h"
#include "obs/decision.h"

namespace omen::index {

/// See Index for threads and failures.
template <typename Keys>
class HybridIndex final : public Index<Keys> {
 public:
  using Key = typename Keys::Key;
  using Run = SortedRun<Keys>;

  /// `memory`, `clock` and `log` outlive the index; choices are recorded where there is a log.
  /// 22023 for rows above RowSlots::kLargestRow; 53200.
  static Result<std::unique_ptr<HybridIndex>> Make(const HybridOptions& options,
                                                   learn::Memory& memory, const Clock& clock,
                                                   obs::DecisionLog* log = nullptr);
  ~HybridIndex() override;

  Found Find(Key key) const override;
  void FindBatch(const Key* keys, size_t count, Found* found) const override;
  void Scan(Key key, size_t limit, Visitor<Keys>& visitor) const override;
  Status Insert(Key key, uint64_t payload) override;
  Status Erase(Key key, uint64_t payload) override;
  MemoryUse memory() const override;
  IndexStatistics statistics() const override;

  /// Fills an empty index with sorted pairs, as of a commit. 55000 if it is not empty.
  Status Load(std::span<const Change<Keys>> sorted, uint64_t commit_id);
  /// All changes of a commit, visible together. Commit ids grow; 55000 otherwise. An empty batch
  /// says that nothing here changed up to that commit.
  Status Apply(std::span<const Change<Keys>> changes, uint64_t commit_id);
  /// The state at a commit; 55000 "not here" where it is newer than what was applied or older
  /// than what is remembered: the caller then reads where the rows are.
  Result<IndexSnapshot<Keys>> Snapshot(uint64_t commit_id) const;
  uint64_t commit_id() const;

  // With HybridOptions::row_bytes the index owns a row of that size for each pair, and payloads
  // are the rows' slots. An erased row's slot is reused when no reader, snapshot or remembered
  // commit can reach a version that had the pair.

  /// Applies a commit that brings its rows along.
  Status ApplyRows(std::span<const RowChange<Keys>> changes, uint64_t commit_id);
  /// A slot with a copy of the row, for one pair to come: Load, Apply and Insert take no other
  /// (22023). 22023 where the row has another size; 53200.
  Result<uint64_t> StoreRow(std::span<const std::byte> row);
  /// Gives back a slot that went into no pair; 22023 for any other.
  Status DropRow(uint64_t slot);
  /// Find, with a copy of the row's first out.size() bytes.
  Found FindRow(Key key, std::span<std::byte> out) const;
  /// FindBatch, with copies of the rows that are found: the i-th at out[i * row_bytes].
  void FindRows(const Key* keys, size_t count, Found* found, std::span<std::byte> out) const;
  /// The row of a payload that a scan of this index visits now; valid during the visit. (For
  /// longer: IndexSnapshot::Row.)
  std::span<const std::byte> Row(uint64_t payload) const { return rows_.Row(payload); }

  /// Merges the delta away now, on this thread. Ok where there is nothing to merge.
  Status Merge();
  /// Looks at what was asked lately; adds or drops hashes, merges a delta that nobody writes to.
  /// Called by itself on the background thread and before merges.
  void Reconsider();
  /// Waits until no merge is due or running on the background thread.
  void WaitForMerges();

 private:
  using V = Version<Keys>;
  HybridIndex(const HybridOptions& options, learn::Memory& memory, const Clock& clock,
              obs::DecisionLog* log)
      : options_(options),
        memory_(memory),
        clock_(clock),
        decisions_(clock, log),
        rows_(memory, options.row_bytes),
        chain_(memory, options.remembered_commits, rows_),
        tail_(memory),
        pair_rows_(rows_, chain_),
        shaping_(options_, clock),
        hashes_(chain_, memory, clock, write_mutex_) {}

  // These hold write_mutex_.
  Status ApplyLocked(std::span<const Change<Keys>> changes, uint64_t commit_id);
  Status ApplyTo(V& next, std::span<const Change<Keys>> changes);
  Status ApplySlots(std::span<const Change<Keys>> changes, uint64_t commit_id);
  bool TailReady(const V& version, std::span<const Change<Keys>> changes);
  Status CloseTail();
  Status Seal();
  bool SealDue() const;
  bool MergeWanted() const;
  Status MakeWay(std::unique_lock<std::mutex>& lock);
  Status Replace(uint32_t first, uint32_t count, MadeRuns<Keys>& made, uint64_t commit_id = 0);

  // These hold merge_mutex_, and take write_mutex_ to publish.
  Status MergeSealed();
  Status MergePart(TreeCursor<Keys>& delta, uint32_t& run, bool& done);
  Status DropSealed();
  Status MergeAll();
  void TryHashes();

  void MergeLoop();
  void CountMerge(const Status& status, int64_t nanos);

  const HybridOptions options_;
  learn::Memory& memory_;
  const Clock& clock_;
  const IndexDecisions decisions_;
  RowSlots rows_;  // written under write_mutex_
  VersionChain<Keys> chain_;
  mutable ReadCounters reads_;

  mutable std::mutex write_mutex_;
  RunBuilder<Keys> tail_;     // under write_mutex_: what the current version's tail grows in
  IndexStatistics counts_;    // under write_mutex_, all but the reads
  PairRows<Keys> pair_rows_;  // under write_mutex_
  RunShaping<Keys> shaping_;  // under write_mutex_
  RunHashes<Keys> hashes_;    // under merge_mutex_
  std::mutex merge_mutex_;    // taken before write_mutex_
  PatternWatch pattern_{Keys::kHeadIsKey ? 98u : 20u};  // under merge_mutex_
  Condition wake_, idle_;
  bool stop_ = false, merging_ = false;  // under write_mutex_
  size_t retry_above_ = 0;  // after a refused merge: the delta's size at which to try again
  std::thread merger_;
};

extern template class HybridIndex<IntKeys>;
extern template class HybridIndex<StringKeys>;

}  // namespace omen::index
