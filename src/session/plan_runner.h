// Portals to rows: opening a plan, streaming it, COPY.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "exec/database/database.h"
#include "session/catalogue/function_hooks.h"
#include "session/portal/portals.h"
#include "session/session.h"
#include "session/setting/settings.h"
#include "session/sink.h"
#include "session/transaction/notices.h"
#include "session/transaction/transaction_block.h"

namespace omen::session {

/// One run of a portal, as a message asks for it.
struct RunRequest {
  std::string_view text;
  uint64_t max_rows = 0;  // 0: all
  bool describe = false;  // RowDescription before the first row, as the simple protocol does
  std::span<Value> more_rows = {};  // exec::StatementContext::more_rows
};

struct RunResult {
  std::string tag;  // what CommandComplete says
  bool suspended = false;
};

/// Runs what the engine has planned, in the session's transaction. One thread.
class PlanRunner {
 public:
  /// All outlive it.
  struct Parts {
    exec::Database* database;
    const SessionOptions* options;
    const Settings* settings;
    TransactionBlock* block;
    Portals* portals;
    Notices* notices;
    FunctionHooks* hooks;
    CancelToken* token;
    MemoryAccountPtr memory;  // what a run takes is charged there
  };
  explicit PlanRunner(Parts parts);

  /// To the end, or to `max_rows` rows, when the result says suspended.
  Status Run(Portal* portal, const RunRequest& request, Sink& sink, RunResult* result);
  /// Begins the transaction where none has begun.
  Status Open(Portal* portal, std::string_view text, std::span<Value> more_rows = {});
  /// What a plan of one row gives, apart from any portal that clients know.
  Result<Row> RunOneRow(std::shared_ptr<const exec::Plan> plan, const Row& params,
                        std::string_view text);
  /// Before a portal's first run: the account that is to pay for it.
  void ChargeRunOf(Portal* portal);

 private:
  void FillContext(Portal* portal, std::string_view text);
  void FillFromSettings(exec::StatementContext* context);
  /// All rows that are left, as fields.
  Status StreamFields(Portal* portal, bool describe, Sink& sink, uint64_t* sent);
  Status Stream(Portal* portal, const RunRequest& request, Sink& sink, uint64_t* sent);
  Status RunCopy(Portal* portal, std::string_view text, const sql::Copy& copy, Sink& sink,
                 RunResult* result);
  Result<int> CopyColumns(const sql::Copy& copy) const;

  const Parts parts_;
  uint64_t random_state_;
  std::vector<Row> batch_;  // reused
};

}  // namespace omen::session
