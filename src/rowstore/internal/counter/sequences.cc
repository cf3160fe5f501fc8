#include "rowstore/internal/counter/sequences.h"

#include <fmt/format.h>

#include "rowstore/internal/engine/meta_keys.h"

namespace omen::rowstore {
namespace {

constexpr size_t kValuesAhead = 32;
constexpr size_t kStateBytes = 9;

}  // namespace

std::shared_ptr<Sequences::Entry> Sequences::Find(Oid sequence) {
  std::lock_guard lock(mutex_);
  std::shared_ptr<Entry>& entry = entries_[sequence];
  if (!entry) entry = std::make_shared<Entry>();
  return entry;
}

Status Sequences::Load(Oid sequence, Entry* entry) const {
  if (entry->loaded) return Status::Ok();
  std::string bytes;
  OMEN_ASSIGN_OR_RETURN(const bool found, engine_->GetMeta(SequenceKey(sequence), &bytes));
  if (!found) return InternalError(fmt::format("sequence {} has no state", sequence));
  if (bytes.size() != kStateBytes) {
    return Status(sqlstate::kDataCorrupted, fmt::format("sequence {} is damaged", sequence));
  }
  entry->state.last_value = static_cast<int64_t>(LoadLittleEndian<uint64_t>(bytes.data()));
  entry->state.is_called = bytes[8] != 0;
  entry->planned.clear();
  entry->loaded = true;
  return Status::Ok();
}

Status Sequences::Store(Oid sequence, SequenceState state) const {
  std::string bytes;
  AppendLittleEndian(bytes, static_cast<uint64_t>(state.last_value));
  bytes.push_back(state.is_called ? 1 : 0);
  return engine_->PutMeta(SequenceKey(sequence), bytes);
}

Result<SequenceState> Sequences::Read(Oid sequence) {
  const std::shared_ptr<Entry> entry = Find(sequence);
  std::lock_guard lock(entry->mutex);
  OMEN_RETURN_IF_ERROR(Load(sequence, entry.get()));
  return entry->state;
}

Status Sequences::Write(Oid sequence, SequenceState state) {
  const std::shared_ptr<Entry> entry = Find(sequence);
  std::lock_guard lock(entry->mutex);
  OMEN_RETURN_IF_ERROR(Store(sequence, state));
  entry->state = state;
  entry->planned.clear();
  entry->loaded = true;
  return Status::Ok();
}

Status Sequences::Plan(Oid sequence, SequenceState first, const Advance& advance,
                       Entry* entry) const {
  std::deque<SequenceState> planned{first};
  while (planned.size() < kValuesAhead) {
    auto further = advance(planned.back());
    if (!further.ok()) break;
    planned.push_back(*further);
  }
  OMEN_RETURN_IF_ERROR(Store(sequence, planned.back()));
  entry->planned = std::move(planned);
  return Status::Ok();
}

Result<SequenceState> Sequences::Next(Oid sequence, const Advance& advance) {
  const std::shared_ptr<Entry> entry = Find(sequence);
  std::lock_guard lock(entry->mutex);
  OMEN_RETURN_IF_ERROR(Load(sequence, entry.get()));
  OMEN_ASSIGN_OR_RETURN(const SequenceState next, advance(entry->state));
  if (entry->planned.empty() || entry->planned.front() != next) {
    OMEN_RETURN_IF_ERROR(Plan(sequence, next, advance, entry.get()));
  }
  entry->planned.pop_front();
  entry->state = next;
  return next;
}

Status Sequences::Drop(Oid sequence) {
  {
    std::lock_guard lock(mutex_);
    entries_.erase(sequence);
  }
  return engine_->DeleteMeta(SequenceKey(sequence));
}

Status Sequences::Settle() {
  std::lock_guard lock(mutex_);
  for (auto& [sequence, entry] : entries_) {
    std::lock_guard entry_lock(entry->mutex);
    if (!entry->loaded || entry->planned.empty()) continue;
    OMEN_RETURN_IF_ERROR(Store(sequence, entry->state));
    entry->planned.clear();
  }
  return Status::Ok();
}

}  // namespace omen::rowstore
