#include "session/portal/portal.h"

namespace omen::session {
namespace {

constexpr size_t kStoreBatch = 512;

int64_t BytesOfStored(const Row& row) {
  constexpr size_t kBlock = 16;  // what the allocator keeps for itself
  size_t bytes = sizeof(Row) + kBlock + row.capacity() * sizeof(Value);
  for (const Value& value : row) bytes += value.HeapBytes();
  return static_cast<int64_t>(bytes);
}

}  // namespace

Status StoredRows::Add(Row row) {
  OMEN_RETURN_IF_ERROR(memory_.Charge(BytesOfStored(row)));
  rows_.push_back(std::move(row));
  return Status::Ok();
}

const Row* StoredRows::Next() {
  if (scrollable_) {
    if (position_ <= rows_.size()) ++position_;
    return position_ <= rows_.size() ? &rows_[position_ - 1] : nullptr;
  }
  if (taken_) {
    memory_.Release(BytesOfStored(rows_.front()));
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

int64_t BytesOfPortal(std::string_view name, std::string_view own_text, const Row& params) {
  constexpr size_t kContext = 16 << 10;  // of its statement, and its open reads
  return static_cast<int64_t>(sizeof(Portal) + kContext + 2 * name.size() + own_text.size()) +
         BytesOfStored(params);
}

void Portal::Reset() {
  cursor.reset();
  source.reset();
  compiled.reset();
  params.clear();
  formats.clear();
  stored.reset();
  held.Clear();
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
