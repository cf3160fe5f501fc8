// A statement from its text to what runs: bound, and planned where the engine runs it.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/memory_account.h"
#include "exec/statement/plan.h"
#include "sql/tree/statement.h"

namespace omen::session {

/// A statement made ready to run. Immutable, shared between sessions.
struct Compiled {
  std::shared_ptr<const sql::Statement> statement;  // null: an empty query
  std::shared_ptr<const exec::Plan> plan;           // null: the session runs it itself
  bool transaction_exit = false;                    // may run in a failed transaction
  bool writes = false;
  uint64_t catalog_version = 0;
  uint64_t environment = 0;
  std::string tag;
  MemoryCharge memory;  // for statement and plan

  /// Whether a failed transaction lets it run.
  bool may_exit() const { return transaction_exit || statement == nullptr; }
  template <typename T>
  const T* As() const {
    return statement == nullptr ? nullptr : std::get_if<T>(&statement->body);
  }
};
using CompiledPtr = std::shared_ptr<const Compiled>;

}  // namespace omen::session
