// What the functions we add to the engine may ask of the statement that calls them. One
// per connection, found by its ClientContext; set before a statement is planned.
#pragma once

#include <memory>
#include <vector>

#include "base/memory_account.h"
#include "colstore/colstore.h"
#include "duckdb.hpp"
#include "duckdb/main/client_context_state.hpp"

namespace omen::colstore {

/// Written by the connection's thread between statements only, read by the engine's threads
/// while one runs.
class StatementState final : public duckdb::ClientContextState {
 public:
  std::vector<std::shared_ptr<ScanSource>> sources;
  functions::CallContext context;
  MemoryAccountPtr memory;  // the statement's
  // Set while a statement is planned: its plan may hold what only its own surroundings give.
  bool plans_for_itself = false;

  /// The statement has ended, and with it its token and its session.
  void Forget() {
    sources.clear();
    context = {};
    memory = nullptr;
  }

  static constexpr const char* kKey = "omen_statement";
  static StatementState& Of(duckdb::ClientContext& context) {
    return *context.registered_state->GetOrCreate<StatementState>(kKey);
  }
};

}  // namespace omen::colstore
