#include "index/pair_rows.h"

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
Status PairRows<Keys>::Insert(std::span<const Change<Keys>> changes) {
  if (!slots_.enabled()) return Status::Ok();
  for (size_t i = 0; i < changes.size(); ++i) {
    if (changes[i].erase || slots_.Insert(changes[i].payload)) continue;
    Uninsert(changes.first(i));
    return Status(sqlstate::kInvalidParameter, "a payload is not a stored row without a pair");
  }
  return Status::Ok();
}

template <typename Keys>
void PairRows<Keys>::Uninsert(std::span<const Change<Keys>> changes) {
  if (!slots_.enabled()) return;
  for (const Change<Keys>& change : changes)
    if (!change.erase) slots_.Uninsert(change.payload);
}

template <typename Keys>
void PairRows<Keys>::TakeBack(std::span<const Change<Keys>> changes) {
  slots_.Unerase(chain_.current()->erased_rows);
  Uninsert(changes);
}

template <typename Keys>
Status PairRows<Keys>::Apply(Version<Keys>& next, std::span<const Change<Keys>> changes,
                             bool tombstones) {
  DeltaState<Keys>& active = next.active;
  for (const Change<Keys>& change : changes)
    OMEN_RETURN_IF_ERROR(change.erase ? Erase(next, change, tombstones)
                                      : active.delta->Change(active.root, change.key,
                                                             change.payload, false, tombstones));
  return Status::Ok();
}

// Only a pair that is there as of this change gives its slot back: a pair of that key that is
// not there, or a slot that is another key's, is nobody's to erase.
template <typename Keys>
Status PairRows<Keys>::Erase(Version<Keys>& next, const Change<Keys>& erase, bool tombstones) {
  const bool every = erase.payload == kEveryRow;
  uint64_t from = every ? 0 : erase.payload;
  // Each look starts anew: an erase may move what a cursor stands on.
  do {
    const Found row = FirstRow(next, erase.key, from);
    if (!row.found || (!every && row.payload != erase.payload)) break;
    OMEN_RETURN_IF_ERROR(
        next.active.delta->Change(next.active.root, erase.key, row.payload, true, tombstones));
    slots_.Erase(row.payload, chain_.current()->erased_rows);
    from = row.payload + 1;
  } while (every);
  return Status::Ok();
}

// Erased rows that only wait for the epoch to move on are better than more memory.
template <typename Keys>
Result<uint64_t> PairRows<Keys>::Store(std::span<const std::byte> row) {
  for (int moves = 0; moves < 2 && slots_.full() && slots_.erased() != 0; ++moves)
    chain_.Reclaim(true);
  return slots_.Store(row);
}

template <typename Keys>
Status PairRows<Keys>::StoreAll(std::span<const RowChange<Keys>> changes,
                                learn::Array<Change<Keys>>& pairs) {
  using Kind = typename RowChange<Keys>::Kind;
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

template class PairRows<IntKeys>;
template class PairRows<StringKeys>;

}  // namespace omen::index
