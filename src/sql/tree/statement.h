// A bound statement of any kind. Made by sql/grammar/parse.h (text to statements) and
// sql/command/bind.h (one statement against a catalogue snapshot).
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "catalog/catalog.h"
#include "sql/tree/commands.h"

namespace omen::sql {

using StatementBody =
    std::variant<Empty, std::unique_ptr<Query>, CreateTable, AlterTable, Drop, CreateIndex,
                 CreateSchema, CreateView, SequenceChange, Truncate, Copy, TransactionControl,
                 SetVariable, ResetVariable, ShowVariable, SetTransaction, Prepare, Execute,
                 Deallocate, Explain, DeclareCursor, Fetch, CloseCursor, LockTable, CreateRole,
                 DropRole, Vacuum, Checkpoint, Discard, Comment>;

/// A bound statement. Immutable once bound; may be shared between sessions.
struct Statement {
  StatementBody body;
  std::string tag;                // command tag verb: "SELECT", "INSERT", "CREATE TABLE"
  std::vector<Type> param_types;  // resolved, one per $n
  std::vector<Oid> tables;        // every table it reads or writes (views expanded)
  uint64_t catalog_version = 0;
  /// A literal was read under the session's time zone or clock ('now'): bind anew when
  /// either differs.
  bool session_literals = false;
};

}  // namespace omen::sql
