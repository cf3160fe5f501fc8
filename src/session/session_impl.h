// The inside of a session: its parts, and the protocol between a client's messages and them.
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/containment.h"
#include "base/memory_meter.h"
#include "session/catalogue/function_hooks.h"
#include "session/compile/compiler.h"
#include "session/compile/literal_plans.h"
#include "session/cursors.h"
#include "session/plan_runner.h"
#include "session/portal/portals.h"
#include "session/prepared_statements.h"
#include "session/session.h"
#include "session/session_statements.h"
#include "session/setting/settings.h"
#include "session/shared_state.h"
#include "session/transaction/notices.h"
#include "session/transaction/setting_statements.h"
#include "session/transaction/transaction_block.h"

namespace omen::session {

/// What a message has still to say when its commit is done.
struct RestOfAnswer {
  std::optional<std::string> tag;  // of the statement that ends with it
  bool ready = true;               // then ReadyForQuery; else an error skips to the next Sync
};

/// One thread, except token and terminated.
struct Session::Impl {
  Impl(exec::Database* db, SessionOptions opts);
  ~Impl();

  // message.cc
  void BeginCommand(Sink& sink);
  /// Runs a portal under its deadline and its memory's limit.
  Status Run(Portal* portal, const RunRequest& request, Sink& sink, RunResult* result);
  /// An SQL error: the transaction's share of it, then Sink::Error.
  Status Report(Status error, std::string_view text, Sink& sink);
  Status Ready(Sink& sink);
  /// Where every message's work passes: what is thrown in it, or a broken invariant, ends the
  /// transaction with XX000 and not the server. `text`: what was asked. `skip`: to the next Sync
  /// then, as the extended protocol does.
  template <typename Work>
  Status Guard(std::string_view text, Sink& to, bool skip, Work work) {
    Status status;
    const std::optional<Fault> fault = Contain([&] { status = work(); });
    if (!fault) return status;
    skipping = skip;
    return EndFaulty(*fault, text, to);
  }
  Status EndFaulty(const Fault& fault, std::string_view text, Sink& to);

  // simple_query.cc
  Status RunScript(std::string_view script, Sink& sink);
  /// By a plan that its text, or its text without its literals, has already; false where there is
  /// none.
  Result<bool> RunKnown(std::string_view statement, bool last, Sink& sink);
  CompiledPtr FindText(std::string_view statement);
  /// Several statements, each of which RunKnown would run now.
  bool IsKnownScript(std::string_view script);
  Status RunKnownScript(std::string_view script, Sink& sink);
  /// Parsed, from the one of that number on.
  Status RunStatements(std::string_view script, size_t first, Sink& sink);
  Status RunParsed(const sql::ParsedStatement& statement, std::string_view script, bool last,
                   Sink& sink);
  /// An INSERT of many rows of literals by the plan of one; false where it is none, or one of its
  /// literals is refused: the plain way gives the error its position.
  Result<bool> RunLiteralRows(std::string_view script, Sink& sink);
  Status RunSimple(CompiledPtr compiled, Row params, std::string_view text, bool last, Sink& sink,
                   std::span<Value> more_rows = {});

  // extended_query.cc
  Status DoBind(const BindArgs& args);
  Status DoExecute(std::string_view name, uint32_t max_rows, Sink& sink);
  Status FillPortal(const BindArgs& args, const std::vector<Type>& types, Portal* portal);
  Status BindParameters(const BindArgs& args, const std::vector<Type>& types, Row* params);
  Status BindFormats(const BindArgs& args, Portal* portal);
  Status Hold(Portal* portal);

  // Each part is given those before it.
  exec::Database* const database;
  const SessionOptions options;
  const std::unique_ptr<SharedState> own_shared;  // where the server gave none
  SharedState* const shared;
  const MemoryAccountPtr memory;  // the session's: statements and portals charge theirs through it
  CancelToken token;
  std::atomic<bool> terminated{false};
  bool command_begun = false;  // since the last ReadyForQuery
  bool skipping = false;       // to the next Sync, after an error
  RestOfAnswer rest;           // while the block commits

  MemoryMeter settings_memory;
  Settings settings;
  Notices notices;
  Portals portals;
  TransactionBlock block;
  SettingStatements setting_statements;
  FunctionHooks hooks;
  Compiler compiler;
  LiteralPlans literal_plans;
  PreparedStatements prepared;
  PlanRunner runner;
  Cursors cursors;
  SessionStatements own_statements;
};

}  // namespace omen::session
