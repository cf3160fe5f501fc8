// The rows of a level that runs on the row path.
#pragma once

#include <memory>
#include <vector>

#include "exec/rows/level.h"
#include "exec/statement/plan.h"

namespace omen::exec {

/// One thread. A batch ends after a megabyte of values.
class RowCursor final : public Cursor {
 public:
  RowCursor(const LevelPlan& plan, rowstore::RowStore* store, StatementContext* context, Row params)
      : run_(store, context, std::move(params)), level_(plan, &run_, nullptr) {}

  Status Open() { return level_.Open(); }
  Status Next(std::vector<Row>* rows, size_t max) override;
  uint64_t row_count() const override { return count_; }
  Spent spent() const override { return {run_.rows_read, bytes_}; }

 private:
  StatementRun run_;
  LevelRun level_;
  bool done_ = false, large_ = false;  // the last batch was cut short
  uint64_t count_ = 0, bytes_ = 0;
};

}  // namespace omen::exec
