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
  /// The read has a level.
  RowCursor(const PlannedRead& read, StatementContext* context, Row params)
      : read_(read),
        run_(read.services.rows, context, std::move(params)),
        level_(*read.level, Counting(), nullptr) {}

  Status Open() { return level_.Open(); }
  Status Next(std::vector<Row>* rows, size_t max) override;
  uint64_t row_count() const override { return count_; }
  Spent spent() const override;

 private:
  /// The run, told to count where that costs little beside the work.
  StatementRun* Counting();

  const PlannedRead& read_;
  std::vector<NodeStatistics> counted_;
  StatementRun run_;
  LevelRun level_;
  bool done_ = false, large_ = false;  // the last batch was cut short
  uint64_t count_ = 0, bytes_ = 0;
};

}  // namespace omen::exec
