// Locking rows that a statement has found.
#pragma once

#include <string>
#include <string_view>

#include "exec/statement/transaction.h"

namespace omen::exec {

/// How the row was found.
enum class Sighting : uint8_t {
  kRead,    // the statement's view has shown it
  kHeld,    // the same, and `bytes` are what it has shown
  kUnread,  // by its key alone: the lock decides, unless it had to be waited for
};

/// Locks a row and reads its newest version. False when the row found is gone: deleted, or
/// (READ COMMITTED) deleted with another inserted under its key, which PostgreSQL's chains of
/// versions do not lead to either. Fails as GetForUpdate does.
Result<bool> LockSeenRow(Transaction* transaction, const catalog::Table& table, Sighting sighting,
                         std::string_view key, std::string* bytes,
                         rowstore::Transaction::Wait wait = rowstore::Transaction::Wait::kBlock);

}  // namespace omen::exec
