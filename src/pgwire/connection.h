// One client: startup, authentication, then its messages to its session.
#pragma once

#include <atomic>
#include <memory>
#include <string>

#include "pgwire/answers.h"
#include "pgwire/codec/codec.h"
#include "pgwire/dispatcher.h"
#include "pgwire/listener.h"
#include "pgwire/message_stream.h"
#include "pgwire/server_state.h"
#include "session/session.h"

namespace omen::pgwire {

/// Served by one thread at a time; the calls of the registry (Cancel, EndIdle...) from any,
/// under its lock.
class Connection final : public Client {
 public:
  Connection(ServerState* server, const Accepted& accepted);
  ~Connection() override;

  // Client. Between two messages nobody waits: Serve is called again when one has come.
  int fd() const override { return transport_.fd(); }
  Served Serve(bool hung_up) override;
  void HungUpWhileServed() override;

  bool KeyFits(std::string_view key) const;
  void CancelStatement();
  /// Ends the connection now if it waits for its client, else after the message it works on.
  void EndIdle();
  void Terminate();
  void Cut();

 private:
  // startup.cc
  Status Startup();
  /// The startup packet proper, after TLS was settled; its kind is kStartup or kCancel.
  Result<StartupRequest> ReadStartupRequest();
  Status AnswerTls();
  Status CheckStartup(const StartupRequest& request);
  Status Authenticate(const catalog::Role* role);
  /// One attempt, after the wait that earlier failures have earned it.
  Status CheckPassword(const catalog::Role* role);
  Status RunScram(std::string_view verifier);
  Result<std::string_view> ReadAuthMessage();
  Status BeginSession(const StartupRequest& request);

  // connection.cc
  /// Everything that has arrived, until one message waits for its commit.
  Status ServeArrived(bool hung_up);
  /// The rest of an answer that waited for a commit, and what arrived meanwhile.
  Status ServeResumed(bool hung_up);
  Status ServeMessages(bool hung_up, bool called);
  void End(Status status);
  Status Dispatch(MessageStream::Message& message);
  Status DispatchExtended(const MessageStream::Message& message);
  /// A message that there was no room for.
  Status Refuse(MessageStream::Message& message);
  Status FailAndSync(Status error);
  void BeforeWait();
  void AfterWait();
  Status EndOfInput();

  ServerState* const server_;
  const Accepted peer_;
  const int32_t pid_;
  std::string cancel_key_;
  const MemoryAccountPtr memory_;  // what the session and its messages may take
  Transport transport_;
  MessageStream stream_;
  Answers answers_;
  std::string user_;
  std::unique_ptr<session::Session> session_;
  std::atomic<session::Session*> running_{nullptr};  // set while others may cancel it
  session::Session::BindArgs bind_;
  ParseMessage parse_;
  std::atomic<bool> waiting_{false};
  CancelToken wait_limit_;  // auth and idle time limits: its interrupt stops the transport
  session::StatementTimer::Ticket wait_ticket_;
  bool wait_armed_ = false;
  bool authenticated_ = false;     // counted as such
  std::atomic<bool> gone_{false};  // hung up while it was served
  CancelToken gone_limit_;         // cancels the statement a moment later
  session::StatementTimer::Ticket gone_ticket_;
};

}  // namespace omen::pgwire
