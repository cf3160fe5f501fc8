// Statements that the session runs itself: settings, PREPARE and EXECUTE, DISCARD, cursors.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "session/compile/compiler.h"
#include "session/cursors.h"
#include "session/plan_runner.h"
#include "session/prepared_statements.h"
#include "session/transaction/setting_statements.h"

namespace omen::session {

/// What has no plan of the engine. One thread.
class SessionStatements {
 public:
  /// All outlive it.
  struct Parts {
    exec::Database* database;
    Settings* settings;
    SettingStatements* setting_statements;
    TransactionBlock* block;
    Portals* portals;
    PreparedStatements* prepared;
    Compiler* compiler;
    PlanRunner* runner;
    Cursors* cursors;
    FunctionHooks* hooks;
    const CancelToken* token;
  };
  explicit SessionStatements(const Parts& parts) : parts_(parts) {}

  Status Run(Portal* portal, const RunRequest& request, Sink& sink, RunResult* result);
  /// What a statement returns, of the engine or of the session.
  std::vector<sql::OutputColumn> OutputsOf(const Compiled& compiled) const;
  bool ReturnsRows(const Compiled& compiled) const;

 private:
  Status RunShow(Portal* portal, const sql::ShowVariable& show, const RunRequest& request,
                 Sink& sink);
  Status SendRows(Portal* portal, std::vector<Row> rows, bool describe, Sink& sink);
  Status RunPrepare(const sql::Prepare& prepare, std::string_view text);
  Status RunExecute(Portal* portal, const sql::Execute& execute, const RunRequest& request,
                    Sink& sink, RunResult* result);
  Result<Row> ExecuteArguments(const Portal& portal, const sql::Execute& execute,
                               const PreparedStatement& prepared);
  Status RunDeallocate(const sql::Deallocate& deallocate);
  Status RunDiscard(sql::Discard::What what);

  const Parts parts_;
};

}  // namespace omen::session
