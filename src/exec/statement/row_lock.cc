#include "exec/statement/row_lock.h"

#include "rowstore/row_codec.h"

namespace omen::exec {

Result<bool> LockSeenRow(Transaction* transaction, const catalog::Table& table, Sighting sighting,
                         std::string_view key, std::string* bytes,
                         rowstore::Transaction::Wait wait) {
  rowstore::Transaction& rows = transaction->rows();
  const bool held = sighting == Sighting::kHeld;
  const uint64_t held_incarnation = held ? rowstore::IncarnationOf(*bytes) : 0;
  OMEN_ASSIGN_OR_RETURN(const bool found, held ? rows.RenewForUpdate(key, bytes, wait)
                                               : rows.GetForUpdate(key, bytes, wait));
  if (!found) return false;
  // REPEATABLE READ has compared already, and a hidden row id is never used again.
  if (transaction->repeatable() || table.primary_key() == nullptr) return true;
  if (sighting == Sighting::kUnread && !rows.waited()) return true;
  if (rows.ViewIsNewest()) return true;
  const uint64_t incarnation = rowstore::IncarnationOf(*bytes);
  std::string seen;
  if (held) {
    if (held_incarnation == incarnation) return true;
  } else {
    OMEN_ASSIGN_OR_RETURN(const bool was_there, rows.Get(key, &seen));
    if (was_there && rowstore::IncarnationOf(seen) == incarnation) return true;
  }
  rows.UndoGetForUpdate(key);
  return false;
}

}  // namespace omen::exec
