// The hybrid index as the owner of its rows: which slots a commit takes and which it sets free.
//
// Inserted slots are marked before a commit's changes are made, erased ones as they are made, on
// the list of the version that is current then: the last that needs them. A refused commit takes
// both back. Merges move pairs and never touch a slot.
#include <algorithm>
#include <cstring>

#include "index/hybrid_index.h"
#include "index/version/version_cursor.h"

namespace omen::index {

namespace {

// The key's first live payload from `from` on.
template <typename Keys>
Found FirstRow(const Version<Keys>& version, typename Keys::Key key, uint64_t from) {
  VersionCursor<Keys> cursor(version);
  cursor.Seek(key, from);
  const auto [entry, count] = cursor.Take(1);
  if (count == 0 || Keys::Compare(entry->key(), key) != 0) return {};
  return {entry->payload(), true};
}

}  // namespace

template <typename Keys>
Status HybridIndex<Keys>::InsertSlots(std::span<const Change<Keys>> changes) {
  if (!rows_.enabled()) return Status::Ok();
  for (size_t i = 0; i < changes.size(); ++i) {
    if (changes[i].erase || rows_.Insert(changes[i].payload)) continue;
    UninsertSlots(changes.first(i));
    return Status(sqlstate::kInvalidParameter, "a payload is not a stored row without a pair");
  }
  return Status::Ok();
}

template <typename Keys>
void HybridIndex<Keys>::UninsertSlots(std::span<const Change<Keys>> changes) {
  if (!rows_.enabled()) return;
  for (const Change<Keys>& change : changes)
    if (!change.erase) rows_.Uninsert(change.payload);
}

template <typename Keys>
Status HybridIndex<Keys>::ApplySlots(std::span<const Change<Keys>> changes, uint64_t commit_id) {
  OMEN_RETURN_IF_ERROR(InsertSlots(changes));
  Status applied = ApplyLocked(changes, commit_id);
  if (applied.ok()) return applied;
  rows_.Unerase(chain_.current()->erased_rows);
  UninsertSlots(changes);
  return applied;
}

template <typename Keys>
Status HybridIndex<Keys>::ChangeRows(V& next, std::span<const Change<Keys>> changes,
                                     bool tombstones) {
  DeltaState<Keys>& active = next.active;
  for (const Change<Keys>& change : changes)
    OMEN_RETURN_IF_ERROR(change.erase ? EraseRows(next, change, tombstones)
                                      : active.delta->Change(active.root, change.key,
                                                             change.payload, false, tombstones));
  return Status::Ok();
}

// Only a pair that is there as of this change gives its slot back: a pair of that key that is
// not there, or a slot that is another key's, is nobody's to erase.
template <typename Keys>
Status HybridIndex<Keys>::EraseRows(V& next, const Change<Keys>& erase, bool tombstones) {
  const bool every = erase.payload == kEveryRow;
  uint64_t from = every ? 0 : erase.payload;
  // Each look starts anew: an erase may move what a cursor stands on.
  do {
    const Found row = FirstRow(next, erase.key, from);
    if (!row.found || (!every && row.payload != erase.payload)) break;
    OMEN_RETURN_IF_ERROR(
        next.active.delta->Change(next.active.root, erase.key, row.payload, true, tombstones));
    rows_.Erase(row.payload, chain_.current()->erased_rows);
    from = row.payload + 1;
  } while (every);
  return Status::Ok();
}

// Erased rows that only wait for the epoch to move on are better than more memory.
template <typename Keys>
Result<uint64_t> HybridIndex<Keys>::Store(std::span<const std::byte> row) {
  for (int moves = 0; moves < 2 && rows_.full() && rows_.erased() != 0; ++moves)
    chain_.Reclaim(true);
  return rows_.Store(row);
}

template <typename Keys>
Result<uint64_t> HybridIndex<Keys>::StoreRow(std::span<const std::byte> row) {
  const std::lock_guard lock(write_mutex_);
  return Store(row);
}

template <typename Keys>
Status HybridIndex<Keys>::DropRow(uint64_t slot) {
  const std::lock_guard lock(write_mutex_);
  if (rows_.Drop(slot)) return Status::Ok();
  return Status(sqlstate::kInvalidParameter, "only a stored row without a pair can be dropped");
}

template <typename Keys>
Status HybridIndex<Keys>::StoreAll(std::span<const RowChange<Keys>> changes,
                                   learn::Array<Change<Keys>>& pairs) {
  using Kind = typename RowChange<Keys>::Kind;
  if (!rows_.enabled()) return Status(sqlstate::kInvalidParameter, "the index holds no rows");
  if (!pairs.Reserve(2 * changes.size())) return learn::OutOfMemory();
  const std::lock_guard lock(write_mutex_);
  for (const RowChange<Keys>& change : changes) {
    bool room = true;
    if (change.kind != Kind::kInsert) room = pairs.Append({change.key, change.erased, true});
    if (change.kind != Kind::kErase) {
      OMEN_ASSIGN_OR_RETURN(const uint64_t slot, Store(change.row));
      room = room && pairs.Append({change.key, slot});
    }
    OMEN_CHECK(room);
  }
  return Status::Ok();
}

template <typename Keys>
Status HybridIndex<Keys>::ApplyRows(std::span<const RowChange<Keys>> changes, uint64_t commit_id) {
  learn::Array<Change<Keys>> pairs(memory_);
  Status applied = StoreAll(changes, pairs);
  if (applied.ok()) applied = Apply({pairs.data(), pairs.size()}, commit_id);
  if (applied.ok()) return applied;
  const std::lock_guard lock(write_mutex_);
  for (const Change<Keys>& pair : pairs) {
    const bool dropped = pair.erase || rows_.Drop(pair.payload);
    OMEN_CHECK(dropped);
  }
  return applied;
}

template <typename Keys>
Found HybridIndex<Keys>::FindRow(Key key, std::span<std::byte> out) const {
  const uint32_t thread = ThreadNumber();
  reads_.Points(thread, 1);
  const EpochGuard guard(chain_.epochs(), thread);
  const Found found = VersionRead<Keys>::Find(*chain_.current(), key);
  if (found.found && !out.empty())
    std::memcpy(out.data(), Row(found.payload).data(), std::min(out.size(), rows_.row_bytes()));
  return found;
}

// The rows of a group are on their way from memory together.
template <typename Keys>
void HybridIndex<Keys>::FindRows(const Key* keys, size_t count, Found* found,
                                 std::span<std::byte> out) const {
  const size_t bytes = rows_.row_bytes();
  OMEN_CHECK(out.size() >= count * bytes);
  const uint32_t thread = ThreadNumber();
  reads_.Batched(thread, count);
  const EpochGuard guard(chain_.epochs(), thread);
  const V& version = *chain_.current();
  for (size_t done = 0; done < count; done += VersionRead<Keys>::kBatch) {
    const size_t end = std::min(count, done + VersionRead<Keys>::kBatch);
    VersionRead<Keys>::FindBatch(version, keys + done, end - done, found + done);
    for (size_t i = done; i < end; ++i)
      if (found[i].found) __builtin_prefetch(Row(found[i].payload).data());
    for (size_t i = done; i < end; ++i)
      if (found[i].found) std::memcpy(out.data() + i * bytes, Row(found[i].payload).data(), bytes);
  }
}

template class HybridIndex<IntKeys>;
template class HybridIndex<StringKeys>;

}  // namespace omen::index
