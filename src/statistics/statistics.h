// What is known of every table's data, kept current: rows are counted with each commit, samples of
// rows follow changes (followed_rows.h), and what was taken outlives the process in the memo.
//
// Whoever takes statistics anew says so before it reads: what is committed between its snapshot
// and the end of its work is counted on top.
#pragma once

#include <array>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <span>
#include <unordered_map>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "base/wait.h"
#include "memo/memo.h"
#include "statistics/followed_rows.h"
#include "statistics/internal/tracked_table.h"
#include "statistics/table_statistics.h"

namespace omen::statistics {

struct Limits {
  SampleMembers::Limits sample;
  size_t sample_bytes = 4u << 20;       // of one table's followed rows
  size_t samples_bytes = 32u << 20;     // of all
  size_t statistics_bytes = 32u << 20;  // of all tables' statistics
  size_t record_bytes = 60u << 10;      // in the memo
};

/// What is shown of a table, and what upkeep decides by.
struct TableReport {
  catalog::StorageId storage = 0;
  std::optional<double> rows;
  uint64_t changed = 0;  // rows, since statistics were taken
  TableCounters counters;
  size_t followed = 0;  // rows in the sample
  TableStatisticsPtr statistics;
};

/// What a table's statistics need.
struct Need {
  catalog::StorageId storage;
  enum class What : uint8_t { kFollow, kTake } what;
  double weight;  // the more, the sooner
};

/// A whole taking's result.
struct Taken {
  std::shared_ptr<TableStatistics> statistics;
  std::vector<SampledRow> sample;  // to be followed
  double share = 1;                // of the table's rows that is in it
};

/// Any thread, but commits are told by one at a time, in order.
class Statistics {
 public:
  /// `memo` may be null: all ends with the process. Both outlive it.
  Statistics(memo::Memo* memo, const Clock* clock, const Limits& limits = {});
  ~Statistics();

  /// Null where none were taken. Tens of nanoseconds.
  TableStatisticsPtr Of(catalog::StorageId storage) const;
  /// As of the last commit; nothing where that is not known. Tens of nanoseconds.
  std::optional<double> Rows(catalog::StorageId storage) const;
  std::optional<TableReport> Report(catalog::StorageId storage) const;

  /// At start, before commits are told: what there is up to this commit will not be.
  void StartAt(uint64_t commit);
  /// At start, of a table that is there: what the memo has of it counts.
  void Restore(catalog::StorageId storage);
  /// From which commit on others are to be told again; the epoch is of that commit.
  struct Mark {
    uint64_t commit, epoch;
  };
  std::optional<Mark> kept() const { return kept_; }
  /// The highest storage id that the memo has counted.
  catalog::StorageId newest_kept() const { return newest_kept_; }
  /// Counts cannot be brought up to the present.
  void ForgetCounts();

  /// One commit being told.
  class Commit {
   public:
    Commit(Statistics* statistics, uint64_t id);
    void Created(catalog::StorageId storage);
    void Dropped(catalog::StorageId storage);
    /// A table's content is built anew under another id. What was known of it is still the best
    /// guess, of columns that kept their types (by attnum - 1), if rows come.
    void Replaced(catalog::StorageId before, catalog::StorageId storage,
                  std::span<const Type> types);
    /// Its rows came from outside the commits; how many is known if NoteFill said so.
    void Filled(catalog::StorageId storage);
    void Row(catalog::StorageId storage, RowChange kind, std::string_view key,
             std::string_view row);

   private:
    TrackedTable* Find(catalog::StorageId storage);
    Statistics& statistics_;
    std::lock_guard<std::mutex> lock_;
    const uint64_t id_;
    catalog::StorageId last_ = 0;  // looked up last
    TrackedTable* found_ = nullptr;
  };
  /// Before the commit that brings the storage.
  void NoteFill(catalog::StorageId storage, uint64_t rows);

  /// A taking of one table. One thread.
  class Taking {
   public:
    ~Taking();
    Taking(const Taking&) = delete;
    Taking& operator=(const Taking&) = delete;
    /// The snapshot to read must have this commit.
    uint64_t least_commit() const { return least_; }
    /// The snapshot's commit is known.
    void Stand(uint64_t commit);
    /// `by_command`: ANALYZE asked for it. False when the table has gone.
    bool Finish(Taken taken, bool by_command);

   private:
    friend class Statistics;
    Taking(Statistics* statistics, catalog::StorageId storage, uint64_t least, int64_t began)
        : statistics_(*statistics), storage_(storage), least_(least), began_(began) {}
    Statistics& statistics_;
    const catalog::StorageId storage_;
    const uint64_t least_;
    const int64_t began_;
    bool ended_ = false;
  };
  /// Waits while another takes the same. Null where the storage is not known (any more).
  Result<std::unique_ptr<Taking>> Begin(catalog::StorageId storage, const CancelToken* cancel);

  /// Reads what was noted of the sampled rows and makes the statistics anew. `types`: of the
  /// columns by attnum - 1, kInvalid where there is none. False where there is no sample (any
  /// more).
  using DecodeRow = std::function<Result<Row>(std::string_view bytes)>;
  bool Follow(catalog::StorageId storage, std::span<const Type> types, const DecodeRow& decode);

  /// The greatest need first.
  std::vector<Need> Needs() const;
  /// Writes what has changed to the memo. `epoch_of`: the epoch in which a commit that was told
  /// was written, or 0. `all`: also what was written a moment ago.
  using EpochOf = std::function<uint64_t(uint64_t commit)>;
  void Keep(const EpochOf& epoch_of, bool all);
  size_t HeapBytes() const;

 private:
  static constexpr size_t kShards = 16;
  struct Shard {
    mutable std::shared_mutex mutex;
    std::unordered_map<catalog::StorageId, std::shared_ptr<PublishedTable>> tables;
  };
  Shard& ShardOf(catalog::StorageId storage) const { return shards_[storage % kShards]; }
  std::shared_ptr<PublishedTable> Published(catalog::StorageId storage) const;

  TrackedTable& Track(catalog::StorageId storage);
  TrackedTable* Find(catalog::StorageId storage);
  void Forget(catalog::StorageId storage);
  void Publish(catalog::StorageId storage, TrackedTable* table, TableStatisticsPtr statistics);
  /// Rows that left the sample.
  void LetGo(catalog::StorageId storage);
  bool FinishFollowing(catalog::StorageId storage, std::shared_ptr<TableStatistics> made,
                       uint64_t changed, int64_t began);
  void RestoreCounts();
  void KeepCounts(const EpochOf& epoch_of);
  void KeepStatistics(bool all);
  /// Under the mutex.
  void Bound();
  void Free(catalog::StorageId storage);

  memo::Memo* const memo_;
  const Clock* const clock_;
  const Limits limits_;
  mutable std::array<Shard, kShards> shards_;

  mutable std::mutex mutex_;
  ::omen::Condition freed_;  // a table that was taken is not any more
  std::unordered_map<catalog::StorageId, TrackedTable> tables_;
  std::unordered_map<catalog::StorageId, uint64_t> fills_;
  std::unordered_map<catalog::StorageId, KeptCount> kept_counts_;  // until Restore
  std::vector<catalog::StorageId> dropped_;                        // since Keep
  std::optional<Mark> kept_;
  catalog::StorageId newest_kept_ = 0;
  uint64_t last_commit_ = 0;
  bool counts_changed_ = false;
  std::mutex keeping_;
};

}  // namespace omen::statistics
