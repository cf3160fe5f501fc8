#include "session/portal.h"

#include <fmt/format.h>

namespace omen::session {
namespace {

constexpr size_t kStoreBatch = 512, kChargePortion = 256 << 10;

size_t BytesOf(const Row& row) {
  size_t bytes = sizeof(Row) + row.capacity() * sizeof(Value);
  for (const Value& value : row) bytes += value.HeapBytes();
  return bytes;
}

}  // namespace

Status StoredRows::Add(Row row) {
  bytes_ += BytesOf(row);
  if (bytes_ > kBytesMax) {
    return Status(sqlstate::kOutOfMemory, "out of memory")
        .Detail(fmt::format("A cursor that is kept has more than {} MB of rows.", kBytesMax >> 20));
  }
  if (static_cast<int64_t>(bytes_) > charge_.bytes()) {
    OMEN_RETURN_IF_ERROR(charge_.Resize(static_cast<int64_t>(bytes_ + kChargePortion)));
  }
  rows_.push_back(std::move(row));
  return Status::Ok();
}

const Row* StoredRows::Next() {
  if (scrollable_) {
    if (position_ <= rows_.size()) ++position_;
    return position_ <= rows_.size() ? &rows_[position_ - 1] : nullptr;
  }
  if (taken_) {
    bytes_ -= BytesOf(rows_.front());
    rows_.pop_front();
  }
  taken_ = !rows_.empty();
  return taken_ ? &rows_.front() : nullptr;
}

const Row* StoredRows::Previous() {
  if (position_ == 0) return nullptr;
  --position_;
  return position_ > 0 ? &rows_[position_ - 1] : nullptr;
}

void Portal::Reset() {
  cursor.reset();
  source.reset();
  compiled.reset();
  params.clear();
  formats.clear();
  stored.reset();
  state = State::kReady;
  declared = hold = scroll = persisted = false;
  savepoint_depth = 0;
}

Status Portal::Pull(std::vector<Row>* rows, size_t max) {
  if (!stored) {
    if (cursor == nullptr) {
      rows->clear();
      return Status::Ok();
    }
    return cursor->Next(rows, max);
  }
  rows->clear();
  while (rows->size() < max) {
    const Row* row = stored->Next();
    if (row == nullptr) break;
    rows->push_back(*row);
  }
  return Status::Ok();
}

Status Portal::Store() {
  if (cursor == nullptr) return Status::Ok();
  StoredRows kept(memory);
  if (scroll) kept.set_scrollable();
  std::vector<Row> rows;
  for (;;) {
    OMEN_RETURN_IF_ERROR(cursor->Next(&rows, kStoreBatch));
    if (rows.empty()) break;
    for (Row& row : rows) OMEN_RETURN_IF_ERROR(kept.Add(std::move(row)));
  }
  cursor.reset();
  stored = std::move(kept);
  return Status::Ok();
}

}  // namespace omen::session
