// The inside of a session, shared by the sources that implement its parts.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/containment.h"
#include "base/memory_meter.h"
#include "session/block_state.h"
#include "session/normalizer.h"
#include "session/plan_cache.h"
#include "session/portal.h"
#include "session/session.h"
#include "session/settings.h"
#include "session/shared_state.h"
#include "sql/command/bind.h"

namespace omen::session {

class FunctionHooks;

/// True for the engine's request to bind and plan again.
bool IsStale(const Status& status);
/// How often one statement is planned, when others keep changing the definitions under it.
inline constexpr int kReplansMax = 10;

/// One thread, except token and terminated.
struct Session::Impl {
  Impl(exec::Database* db, SessionOptions opts);
  ~Impl();

  // compile.cc
  std::shared_ptr<const catalog::Snapshot> Catalog() const;
  uint64_t CatalogVersion() const;
  uint64_t Environment();
  /// One statement, through the caches. 42601 for several, 25P02 in a failed transaction.
  Result<CompiledPtr> CompileText(std::string_view text, const std::vector<Oid>& types);
  sql::BindContext MakeBindContext(const catalog::Snapshot* catalog) const;
  Result<CompiledPtr> CompileParsed(const sql::ParsedStatement& parsed,
                                    const std::vector<Oid>& types, bool has_params);
  Result<CompiledPtr> CompileStatement(std::shared_ptr<const sql::Statement> statement,
                                       const std::shared_ptr<const catalog::Snapshot>& catalog);
  using Made = Result<std::shared_ptr<Compiled>>;
  Made Compile(std::shared_ptr<const sql::Statement> statement,
               const std::shared_ptr<const catalog::Snapshot>& catalog);
  /// What is made is charged to the session as long as it lives, whoever has it then.
  Result<CompiledPtr> MakeCharged(const std::function<Made()>& make);
  /// The trees and copies of a long text are charged while `trees` lives.
  Result<std::vector<sql::ParsedStatement>> ParseScript(std::string_view text,
                                                        MemoryCharge* trees) const;
  CompiledPtr FindCompiled(std::string_view key);
  void Remember(std::string_view key, const CompiledPtr& compiled);
  bool IsCurrent(const Compiled& compiled, uint64_t catalog_version);
  /// Compiles again where the catalogue moved. 0A000 when the result's shape changed.
  Status Revalidate(PreparedStatement* prepared);
  std::vector<sql::OutputColumn> OutputsOf(const Compiled& compiled);
  bool ReturnsRows(const Compiled& compiled);

  // run_statement.cc
  void BeginCommand(Sink& sink);
  Status CheckNotFailed(const Compiled& compiled) const;
  void FillContext(Portal* portal, std::string_view text);
  Status OpenPortal(Portal* portal, std::string_view text);
  /// `describe`: RowDescription before the first row.
  Status Stream(Portal* portal, uint64_t max_rows, bool describe, Sink& sink, uint64_t* sent);
  /// Runs to the end, or to `max_rows` rows (0: all), when `suspended` is set. `tag` is what
  /// CommandComplete says. `describe`: send RowDescription first, as the simple protocol does.
  struct RunResult {
    std::string tag;
    bool suspended = false;
  };
  void ChargeRunOf(Portal* portal);
  Status Run(Portal* portal, std::string_view text, uint64_t max_rows, bool describe, Sink& sink,
             RunResult* result);
  Status RunEngine(Portal* portal, std::string_view text, uint64_t max_rows, bool describe,
                   Sink& sink, RunResult* result);
  Status RunCopy(Portal* portal, std::string_view text, const sql::Copy& copy, Sink& sink,
                 RunResult* result);
  Result<int> CopyColumns(const sql::Copy& copy);
  /// Before a write: cursors still open read into memory, since they would see the write.
  Status DrainPortals(const Portal* except);
  void EndEngineStatement();
  /// An SQL error: the transaction's share of it, then Sink::Error.
  Status Report(Status error, std::string_view text, Sink& sink);
  void Notice(std::string_view severity, const ErrorInfo& info);
  void Warn(SqlState state, std::string message);
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
  /// Of the statement a portal executes, valid as long as `keep`; empty when there is none.
  std::string_view TextOf(std::string_view portal, KeptText* keep);

  // transaction_control.cc
  Status BeginTransaction(BlockState state, const exec::TransactionOptions& options);
  exec::TransactionOptions DefaultOptions() const;
  Status EnsureTransaction();
  Status CommitTransaction();
  void RollbackTransaction();
  /// After an error: ends an implicit transaction, marks an explicit one failed.
  void FailTransaction();
  /// Back to the last savepoint, so that what was locked since is free for others.
  Status UndoToSavepoint();
  /// Commits what a statement or pipeline began by itself.
  Status EndImplicit();
  bool InBlock() const;
  Status RunTransactionControl(const sql::TransactionControl& control, std::string* tag);
  Status RunBegin(const sql::TransactionControl& control);
  Status RunCommit(const sql::TransactionControl& control, std::string* tag);
  Status RunRollback(const sql::TransactionControl& control);
  Status RunSavepoint(const sql::TransactionControl& control);
  Status SetTransaction(const sql::SetTransaction& set);

  // simple_query.cc
  Status RunScript(std::string_view script, Sink& sink);
  Status RunParsed(const sql::ParsedStatement& statement, std::string_view script, bool last,
                   Sink& sink);
  Status RunSimple(CompiledPtr compiled, Row params, std::string_view text, bool last, Sink& sink);
  /// The statement with its literals taken out, if that form compiles; else null.
  CompiledPtr FindNormalized(std::string_view script);
  bool LiteralValues(const sql::Statement& statement, Row* params);

  // extended_query.cc
  Status DoParse(std::string_view name, std::string_view text, std::span<const Oid> types);
  Status DoBind(const BindArgs& args);
  Status DoExecute(std::string_view name, uint32_t max_rows, Sink& sink);
  Status BindParameters(const BindArgs& args, const std::vector<Type>& types, Row* params);
  Status BindFormats(const BindArgs& args, Portal* portal);
  Status Hold(Portal* portal);
  Result<PreparedStatement*> FindStatement(std::string_view name);
  Result<Portal*> FindPortal(std::string_view name);
  void DropPortal(std::string_view name);
  /// Those of the transaction that ends; held ones whose transaction has ended stay.
  void DropTransactionPortals(size_t from_savepoint_depth);

  // session_statements.cc
  Status RunSessionStatement(Portal* portal, std::string_view text, uint64_t max_rows,
                             bool describe, Sink& sink, RunResult* result);
  Result<std::string> ShowSetting(std::string_view name);
  Status SetSetting(std::string_view name, const std::vector<std::string>& values, bool local);
  Status SendRows(Portal* portal, std::vector<Row> rows, bool describe, Sink& sink);
  Status RunPrepare(const sql::Prepare& prepare, std::string_view text);
  Status RunExecute(Portal* portal, const sql::Execute& execute, std::string_view text,
                    uint64_t max_rows, bool describe, Sink& sink, RunResult* result);
  Result<Row> ExecuteArguments(const Portal& portal, const sql::Execute& execute,
                               const PreparedStatement& prepared);
  Status RunDiscard(sql::Discard::What what);
  Status RunDeallocate(const sql::Deallocate& deallocate);

  // cursors.cc
  Status RunDeclare(const Portal& from, std::string_view text);
  Status RunFetch(const Portal& from, uint64_t max_rows, bool describe, Sink& sink,
                  RunResult* result);
  /// `formats` null: the cursor moves, and no row is sent.
  Status FetchForward(Portal* cursor, uint64_t count, const std::vector<Format>* formats,
                      Sink& sink, uint64_t* moved);
  Status FetchBackward(Portal* cursor, uint64_t count, const std::vector<Format>* formats,
                       Sink& sink, uint64_t* moved);
  Result<Portal*> FindCursor(const std::string& name);
  Status RunClose(const sql::CloseCursor& close);

  exec::Database* const database;
  const SessionOptions options;
  std::unique_ptr<SharedState> own_shared;
  SharedState* shared = nullptr;
  MemoryAccountPtr memory;  // the session's: statements and portals charge theirs through it
  CancelToken token;
  std::atomic<bool> terminated{false};

  MemoryMeter settings_memory;
  Settings settings;
  PlanCache plans{256, 16 << 20};
  uint64_t environment = 0;
  uint64_t environment_generation = 0;
  std::unique_ptr<FunctionHooks> hooks;
  uint64_t random_state;

  BlockState block = BlockState::kNone;
  bool ran_query = false;           // too late to choose the isolation level
  bool several_statements = false;  // an implicit block spans a message of several
  exec::TransactionOptions block_options;
  std::vector<SavepointMark> savepoints;
  rowstore::CommitId session_commit = 0;
  int64_t transaction_micros = 0;  // PostgreSQL epoch
  int64_t statement_micros = 0;

  std::map<std::string, std::shared_ptr<PreparedStatement>, std::less<>> statements;
  std::shared_ptr<PreparedStatement> unnamed_statement;
  bool command_begun = false;      // since the last ReadyForQuery
  bool skipping = false;           // to the next Sync, after an error
  Sink* sink = nullptr;            // of the call in progress, for notices
  std::vector<Row> batch;          // reused by Stream
  std::string key;                 // reused for cache keys
  NormalizedStatement normalized;  // reused

  // Portals hold cursors, which hold the transaction: destroyed first.
  std::unique_ptr<exec::Transaction> transaction;
  std::unique_ptr<exec::Transaction> ended_transaction;  // for the next
  std::map<std::string, std::unique_ptr<Portal>, std::less<>> portals;
  Portal unnamed_portal;
  bool unnamed_portal_bound = false;
  Portal simple_portal;
};

}  // namespace omen::session
