#include "exec/read/row_cursor.h"

#include <algorithm>
#include <utility>

namespace omen::exec {
namespace {

// What a batch of rows holds at most, beyond one row.
constexpr size_t kBatchBytes = 1 << 20;
// Rows that come within the time that was given for them; what is asked for is rarely more where
// rows are few.
constexpr size_t kAheadMax = 64;

}  // namespace

StatementRun* RowCursor::Counting() {
  if (!plan_->parts.empty() && !plan_->level->key_lookup) {
    counted_.resize(static_cast<size_t>(plan_->nodes));
    run_.statistics = &counted_;
  }
  return &run_;
}

Cursor::Spent RowCursor::spent() const {
  Spent spent{run_.rows_read, bytes_, 0, {}};
  if (counted_.empty()) return spent;
  for (const PlannedPart& part : plan_->parts) {
    const NodeStatistics& seen = counted_[static_cast<size_t>(part.node)];
    if (seen.loops != 1 || !seen.ended) continue;
    spent.parts.push_back(
        {part.expected.kind, part.expected.tables, static_cast<double>(seen.rows)});
  }
  return spent;
}

Status RowCursor::OpenWithin(const Clock* clock, std::chrono::nanoseconds limit) {
  run_.LimitWork(clock, limit);
  OMEN_RETURN_IF_ERROR(Open());
  OMEN_RETURN_IF_ERROR(Fetch(&ahead_, kAheadMax));
  run_.LimitWork(nullptr, {});
  return Status::Ok();
}

void RowCursor::TakeAhead(std::vector<Row>* rows, size_t max) {
  const size_t taken = std::min(max, ahead_.size() - ahead_taken_);
  rows->resize(taken);
  for (Row& row : *rows) row.swap(ahead_[ahead_taken_++]);
}

Status RowCursor::Next(std::vector<Row>* rows, size_t max) {
  if (ahead_taken_ < ahead_.size()) {
    TakeAhead(rows, max);
  } else {
    OMEN_RETURN_IF_ERROR(Fetch(rows, max));
  }
  count_ += rows->size();
  return Status::Ok();
}

Status RowCursor::Fetch(std::vector<Row>* rows, size_t max) {
  size_t got = 0, bytes = 0;
  if (std::exchange(large_, false)) rows->clear();
  while (!done_ && got < max && !large_) {
    OMEN_ASSIGN_OR_RETURN(const bool more, level_.Next());
    if (!more) {
      done_ = true;
      break;
    }
    if (rows->size() == got) rows->emplace_back();
    OMEN_RETURN_IF_ERROR(level_.OutputRow(&(*rows)[got]));
    bytes += PayloadBytes((*rows)[got++], level_.plan().output_types);
    large_ = bytes > kBatchBytes;
  }
  rows->resize(got);
  bytes_ += bytes;
  return Status::Ok();
}

}  // namespace omen::exec
