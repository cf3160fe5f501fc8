// DECLARE, FETCH, MOVE, CLOSE.
#pragma once

#include <string_view>
#include <vector>

#include "session/compile/compiler.h"
#include "session/plan_runner.h"
#include "session/portal/portals.h"

namespace omen::session {

/// The statements that work on portals by name. One thread.
class Cursors {
 public:
  /// All outlive it.
  struct Parts {
    const Settings* settings;
    TransactionBlock* block;
    Portals* portals;
    Compiler* compiler;
    PlanRunner* runner;
    FunctionHooks* hooks;
    MemoryAccountPtr memory;  // what a cursor keeps is charged there
  };
  explicit Cursors(Parts parts) : parts_(std::move(parts)) {}

  /// `from`: the portal of the statement itself.
  Status Declare(const Portal& from, std::string_view text);
  /// FETCH and MOVE.
  Status Fetch(const Portal& from, const RunRequest& request, Sink& sink, RunResult* result);
  Status Close(const sql::CloseCursor& close);

 private:
  /// `formats` null: the cursor moves, and no row is sent.
  Status Forward(Portal* cursor, uint64_t count, const std::vector<Format>* formats, Sink& sink,
                 uint64_t* moved);
  Status Backward(Portal* cursor, uint64_t count, const std::vector<Format>* formats, Sink& sink,
                  uint64_t* moved);

  const Parts parts_;
  std::vector<Row> batch_;  // reused
};

}  // namespace omen::session
