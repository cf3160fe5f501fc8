// The rows of a level that runs on the row path.
#pragma once

#include <memory>
#include <vector>

#include "exec/read/planned_read.h"
#include "exec/statement/plan.h"

namespace omen::exec {

/// One thread. A batch ends after a megabyte of values.
class RowCursor final : public Cursor {
 public:
  /// Rows can.
  RowCursor(const ReadRun& run, StatementContext* context, Row params)
      : plan_(run.rows),
        run_(run.read.services.rows, context, std::move(params)),
        level_(*plan_->level, Counting(), nullptr) {}

  Status Open() { return level_.Open(); }
  /// Opens, and reads the first rows ahead. 55000, of this path, where this thread would have to
  /// work longer than `limit` for that.
  Status OpenWithin(const Clock* clock, std::chrono::nanoseconds limit);
  Status Next(std::vector<Row>* rows, size_t max) override;
  uint64_t row_count() const override { return count_; }
  Spent spent() const override;

 private:
  Status Fetch(std::vector<Row>* rows, size_t max);
  void TakeAhead(std::vector<Row>* rows, size_t max);
  /// The run, told to count where that costs little beside the work.
  StatementRun* Counting();

  const RowPlanPtr plan_;
  std::vector<NodeStatistics> counted_;
  StatementRun run_;
  LevelRun level_;
  bool done_ = false, large_ = false;  // the last batch was cut short
  std::vector<Row> ahead_;
  size_t ahead_taken_ = 0;
  uint64_t count_ = 0, bytes_ = 0;
};

}  // namespace omen::exec
