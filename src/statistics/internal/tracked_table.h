// What the store keeps of one table beside its statistics.
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <vector>

#include "statistics/followed_rows.h"
#include "statistics/table_statistics.h"

namespace omen::statistics {

/// What readers look at.
struct PublishedTable {
  std::atomic<int64_t> rows{-1};  // -1: not known
  TableStatisticsPtr statistics;  // under its shard's mutex
};

/// Since the server started, but for the times.
struct TableCounters {
  uint64_t inserted = 0, updated = 0, deleted = 0;
  uint64_t by_command = 0, in_background = 0;               // takings
  int64_t by_command_micros = 0, in_background_micros = 0;  // the last ones'; 0: none
};

/// What commits do while a table is taken.
struct TakingState {
  struct Delta {
    uint64_t commit;
    int64_t rows;
    uint64_t changed;
  };
  struct Noted {
    uint64_t commit;
    NotedChange change;
  };

  uint64_t stood = 0;         // the snapshot's commit; 0: not yet known
  std::vector<Delta> deltas;  // until it is known
  int64_t rows_since = 0;     // since the snapshot
  uint64_t changed_since = 0;
  std::vector<Noted> noted;
  size_t noted_bytes = 0;
  bool uncounted = false;  // too much was committed before the snapshot was known

  /// All changes of rows since are in `noted`.
  bool all_noted() const;
  void Count(uint64_t commit, int64_t rows);
  void Note(uint64_t commit, RowChange kind, std::string_view key, std::string_view row);
  void Stand(uint64_t commit);
};

/// As the memo has it.
struct KeptCount {
  uint64_t commit = 0;
  int64_t rows = -1;
  uint64_t changed = 0;
  int64_t by_command_micros = 0, in_background_micros = 0;
};

/// Under the store's mutex, but what `followed` holds for whoever has set `busy`.
struct TrackedTable {
  std::shared_ptr<PublishedTable> published;
  uint64_t counted_at = 0;        // commits up to it are in what the memo had
  uint64_t changed = 0;           // since statistics were taken
  uint64_t changed_followed = 0;  // of those, seen by Follow
  uint64_t last_changed = 0;      // commit
  TableCounters counters;
  std::unique_ptr<SampleMembers> members;  // null: there is no sample
  std::shared_ptr<FollowedRows> followed;
  int halvings = 0;  // done in `followed`
  bool busy = false;
  std::unique_ptr<TakingState> taking;
  // Monotonic; of the next taking in the background, and of the next look at what is followed.
  int64_t not_before_nanos = 0, follow_not_before_nanos = 0;
  size_t statistics_bytes = 0;
  std::shared_ptr<TableStatistics> inherited;  // until it is filled
  bool to_keep = false;                        // its statistics are newer than the memo's
  int64_t kept_nanos = 0;

  void ForgetSample() {
    members.reset();
    if (!busy) followed.reset();
  }
};

}  // namespace omen::statistics
