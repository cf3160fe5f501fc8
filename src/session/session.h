// One client's state: transaction, prepared statements, portals, settings. Knows no
// sockets: `pgwire` calls it with decoded messages and gives it a Sink for answers.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/cancel.h"
#include "base/contention/resumable.h"
#include "base/memory_account.h"
#include "exec/database/database.h"
#include "session/sink.h"

namespace omen::session {

struct SharedState;

struct SessionOptions {
  std::string user, database;
  /// Startup parameters that are settings (application_name, DateStyle, options...).
  std::vector<std::pair<std::string, std::string>> settings;
  /// Settings that are the server's to say.
  std::vector<std::pair<std::string, std::string>> facts;
  int32_t backend_pid = 0;
  uint64_t id = 0;
  /// Plan cache and timer of the server; outlives the session. Null: its own.
  SharedState* shared = nullptr;
  /// What it may take, of the server's. Null: as much as there is.
  MemoryAccountPtr memory;
  /// Who is told when a commit is done that a message has left waiting; outlives the session.
  /// Null: the thread waits in the message.
  Resumable* client = nullptr;
};

/// Any failed Status returned from here means the connection is lost; SQL errors go to
/// Sink::Error and the session goes on. One thread, except token().
class Session {
 public:
  Session(exec::Database* database, SessionOptions options);
  ~Session();

  /// Applies startup settings; an error refuses the connection. Then sends ParameterStatus.
  Status Start(Sink& sink);

  Status SimpleQuery(std::string_view script, Sink& sink);

  // Extended protocol. After an error every call but Sync is ignored until Sync.
  Status Parse(std::string_view name, std::string_view text, std::span<const Oid> param_types,
               Sink& sink);
  struct BindArgs {
    std::string_view portal, statement;
    std::vector<Format> param_formats;  // none, one for all, or one each
    std::vector<std::optional<std::string_view>> params;
    std::vector<Format> result_formats;
  };
  Status Bind(const BindArgs& args, Sink& sink);
  Status DescribeStatement(std::string_view name, Sink& sink);
  Status DescribePortal(std::string_view name, Sink& sink);
  Status Execute(std::string_view portal, uint32_t max_rows, Sink& sink);
  Status CloseStatement(std::string_view name, Sink& sink);
  Status ClosePortal(std::string_view name, Sink& sink);
  Status Sync(Sink& sink);
  /// A message pgwire could not decode: reported like any error of the extended protocol.
  Status Fail(Status error, Sink& sink);
  /// The last message's answer waits for its commit. The client is told when that is done: then,
  /// and before anything else, EndCommit gives the rest of the answer.
  bool commits() const;
  Status EndCommit(Sink& sink);

  /// 'I', 'T' or 'E'.
  char transaction_status() const;
  /// Cancels the running statement; any thread.
  CancelToken& token();
  /// The server stops: the running statement and every later one fail with 57P01; any thread.
  void Terminate();
  /// From settings; 0 is off. The session itself times its statements; waiting for the client
  /// is pgwire's.
  int64_t statement_timeout_ms() const;
  int64_t idle_in_transaction_timeout_ms() const;
  int64_t idle_session_timeout_ms() const;

  struct Impl;  // session_impl.h

 private:
  std::unique_ptr<Impl> impl_;
};

}  // namespace omen::session
