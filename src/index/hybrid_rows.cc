// The hybrid index as the owner of its rows. (Their slots: see pair_rows.h.)
#include <algorithm>
#include <cstring>

#include "index/hybrid_index.h"

namespace omen::index {

template <typename Keys>
Status HybridIndex<Keys>::ApplySlots(std::span<const Change<Keys>> changes, uint64_t commit_id) {
  OMEN_RETURN_IF_ERROR(pair_rows_.Insert(changes));
  Status applied = ApplyLocked(changes, commit_id);
  if (!applied.ok()) pair_rows_.TakeBack(changes);
  return applied;
}

template <typename Keys>
Result<uint64_t> HybridIndex<Keys>::StoreRow(std::span<const std::byte> row) {
  const std::lock_guard lock(write_mutex_);
  return pair_rows_.Store(row);
}

template <typename Keys>
Status HybridIndex<Keys>::DropRow(uint64_t slot) {
  const std::lock_guard lock(write_mutex_);
  if (rows_.Drop(slot)) return Status::Ok();
  return Status(sqlstate::kInvalidParameter, "only a stored row without a pair can be dropped");
}

template <typename Keys>
Status HybridIndex<Keys>::ApplyRows(std::span<const RowChange<Keys>> changes, uint64_t commit_id) {
  if (!rows_.enabled()) return Status(sqlstate::kInvalidParameter, "the index holds no rows");
  learn::Array<Change<Keys>> pairs(memory_);
  if (!pairs.Reserve(2 * changes.size())) return learn::OutOfMemory();
  Status applied;
  {
    const std::lock_guard lock(write_mutex_);
    applied = pair_rows_.StoreAll(changes, pairs);
  }
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
