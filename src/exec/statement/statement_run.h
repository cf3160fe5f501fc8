// What all levels of one running statement share: the view it reads, its memory, its
// cancellation.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/memory_meter.h"
#include "exec/statement/context.h"

namespace omen::exec {

/// For what the statement of this thread keeps. One that is charged to nobody has its limit alone.
MemoryMeter StatementMeter(const StatementContext& context);

/// What one plan node did.
struct NodeStatistics {
  uint64_t loops = 0, rows = 0;
  int64_t nanos = 0, first_nanos = 0;  // until the first row
  bool ended = false;                  // there were no more rows
};

/// The row view of one statement: its own writes included where the transaction has any.
/// One thread.
class RowReader {
 public:
  RowReader(rowstore::RowStore* store, Transaction* transaction);
  Result<bool> Get(std::string_view key, std::string* value);
  /// How many rows may be read ahead of what is asked for: one where own writes are to be seen,
  /// of which there may soon be more.
  size_t ahead_max() const { return own_ != nullptr ? 1 : rowstore::RowBatch::kMax; }
  Status MultiGet(rowstore::RowBatch* batch);
  std::unique_ptr<rowstore::Iterator> Scan(const rowstore::KeyRange& range, bool backward);
  /// The same for what may be long: it is then read ahead, but for own writes.
  std::unique_ptr<rowstore::Iterator> Walk(const rowstore::KeyRange& range, bool backward);
  const std::shared_ptr<rowstore::ReadView>& view() const { return view_; }

 private:
  rowstore::RowStore* store_;
  rowstore::Transaction* own_ = nullptr;  // set when the transaction has own writes to merge
  std::shared_ptr<rowstore::ReadView> view_;
};

/// One statement's run. One thread; outlives its levels.
struct StatementRun {
  StatementRun(rowstore::RowStore* store, StatementContext* context, Row params);
  StatementRun(const StatementRun&) = delete;
  StatementRun& operator=(const StatementRun&) = delete;

  /// Polled by every loop over rows: cheap, checks the token once in a while, and passes the
  /// thread's place on when the statement turns out not to be short.
  Status Poll() { return (++polls_ & 63) != 0 ? Status::Ok() : Look(); }
  /// From now on Poll refuses when this thread has worked for so long; without a clock: no more.
  void LimitWork(const Clock* clock, std::chrono::nanoseconds limit);

  StatementContext* context;
  Row params;
  RowReader rows;
  MemoryMeter memory;      // of the rows that operators keep
  uint64_t rows_read = 0;  // from storage
  // One per node. With a clock, to analyze: every node is counted and timed; without: those that
  // are parts of the statement are counted.
  std::vector<NodeStatistics>* statistics = nullptr;
  const Clock* clock = nullptr;

 private:
  Status Look();

  uint32_t polls_ = 0;
  const Clock* limit_clock_ = nullptr;
  int64_t limit_wall_nanos_ = 0, limit_thread_nanos_ = 0;
};

}  // namespace omen::exec
