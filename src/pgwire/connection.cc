#include "pgwire/connection.h"

#include <openssl/crypto.h>

#include "pgwire/scram.h"

namespace omen::pgwire {
namespace {

constexpr size_t kCancelKeyBytes = 4;
/// What a client sent before it left is done if it is short, as ever; what waits is not.
constexpr std::chrono::milliseconds kAfterHangUp{500};

}  // namespace

Connection::Connection(ServerState* server, const Accepted& accepted)
    : server_(server),
      peer_(accepted),
      pid_(server->registry.NextPid()),
      cancel_key_(RandomBytes(kCancelKeyBytes)),
      memory_(std::make_shared<MemoryAccount>(server->options.session_memory_bytes,
                                              server->sessions.memory,
                                              MemoryAccount::Owner::kSession)),
      transport_(accepted.fd),
      stream_(&transport_, memory_),
      answers_(&stream_, pid_) {
  gone_limit_.SetInterrupt([this] { server_->registry.ClientGone(pid_); });
  server_->registry.Add(pid_, this);
}

Connection::~Connection() {
  server_->sessions.timer.Disarm(gone_ticket_);
  server_->registry.Remove(pid_);
  if (authenticated_) server_->authenticated.fetch_sub(1);
  server_->registry.Ended(&server_->connections);
}

Client::Served Connection::Serve(bool hung_up) {
  Status status;
  if (session_ == nullptr) {
    status = Startup();  // its statements are served once it is watched
  } else {
    status = session_->commits() ? ServeResumed(hung_up) : ServeArrived(hung_up);
  }
  if (session_ != nullptr && session_->commits()) return Served::kParked;
  if (!status.ok() || answers_.closed() || session_ == nullptr) {
    End(std::move(status));
    return Served::kEnded;
  }
  BeforeWait();
  return Served::kIdle;
}

void Connection::End(Status status) {
  if (!status.ok()) answers_.Fatal(status.error());
  // Before the transport goes, and while no one can cancel it any more.
  server_->registry.Remove(pid_);
  session_.reset();
}

bool Connection::KeyFits(std::string_view key) const {
  return key.size() == cancel_key_.size() &&
         CRYPTO_memcmp(key.data(), cancel_key_.data(), key.size()) == 0;
}

void Connection::CancelStatement() {
  if (session::Session* session = running_.load()) {
    session->token().Cancel(CancelToken::Reason::kUser);
  }
}

void Connection::HungUpWhileServed() {
  if (gone_.exchange(true)) return;
  gone_ticket_ = server_->sessions.timer.Arm(&gone_limit_, kAfterHangUp);
}

void Connection::EndIdle() {
  if (waiting_.load()) transport_.StopReading();
}

void Connection::Terminate() {
  if (session::Session* session = running_.load()) session->Terminate();
  transport_.StopReading();
}

void Connection::Cut() { transport_.StopAll(); }

Status Connection::ServeArrived(bool hung_up) {
  AfterWait();
  return ServeMessages(hung_up, /*called=*/true);
}

Status Connection::ServeResumed(bool hung_up) {
  OMEN_RETURN_IF_ERROR(session_->EndCommit(answers_));
  return ServeMessages(hung_up, /*called=*/false);
}

/// `called`: bytes may have arrived since the last were read.
Status Connection::ServeMessages(bool hung_up, bool called) {
  for (bool first = called; !answers_.closed() && !session_->commits(); first = false) {
    if (gone_limit_.cancelled()) return EndOfInput();
    if (stream_.input_empty()) {
      if (!first && !transport_.may_have_more() && !hung_up) break;
      const MessageStream::Arrival arrival = stream_.Poll();
      if (arrival == MessageStream::Arrival::kNone) break;
      if (arrival == MessageStream::Arrival::kGone) return EndOfInput();
    }
    auto message = stream_.Read();
    if (!message.ok()) return std::move(message).status();
    if (message->type == 0) return EndOfInput();
    if (message->type == 'X') {
      answers_.Close();
    } else {
      OMEN_RETURN_IF_ERROR(Dispatch(*message));
    }
    stream_.Release();
  }
  return Status::Ok();
}

Status Connection::Refuse(MessageStream::Message& message) {
  switch (message.type) {
    case 'd':
    case 'c':
    case 'f':
      return Status::Ok();  // of a COPY that has failed
    case 'Q':
    case 'F':
      return FailAndSync(std::move(message.room));
    default:
      return session_->Fail(std::move(message.room), answers_);
  }
}

Status Connection::Dispatch(MessageStream::Message& message) {
  if (!message.room.ok()) return Refuse(message);
  switch (message.type) {
    case 'Q': {
      auto script = DecodeQuery(message.body);
      if (!script.ok()) return FailAndSync(std::move(script).status());
      return session_->SimpleQuery(*script, answers_);
    }
    case 'S': {
      Status status = DecodeEmpty(message.body);
      return status.ok() ? session_->Sync(answers_) : FailAndSync(std::move(status));
    }
    case 'H':
      return stream_.Flush();
    case 'F':
      return FailAndSync(NotSupported("function call message"));
    case 'd':
    case 'c':
    case 'f':
      return Status::Ok();  // of a COPY that has failed
    case 'p':
      return Status(sqlstate::kProtocolViolation, "invalid frontend message type 112");
    default:
      return DispatchExtended(message);
  }
}

Status Connection::FailAndSync(Status error) {
  OMEN_RETURN_IF_ERROR(session_->Fail(std::move(error), answers_));
  return session_->Sync(answers_);
}

Status Connection::DispatchExtended(const MessageStream::Message& message) {
  switch (message.type) {
    case 'P': {
      Status status = DecodeParse(message.body, &parse_);
      if (!status.ok()) return session_->Fail(std::move(status), answers_);
      return session_->Parse(parse_.name, parse_.text, parse_.param_types, answers_);
    }
    case 'B': {
      Status status = DecodeBind(message.body, &bind_);
      if (!status.ok()) return session_->Fail(std::move(status), answers_);
      return session_->Bind(bind_, answers_);
    }
    case 'E': {
      auto execute = DecodeExecute(message.body);
      if (!execute.ok()) return session_->Fail(std::move(execute).status(), answers_);
      return session_->Execute(execute->portal, execute->max_rows, answers_);
    }
    case 'D':
    case 'C': {
      auto target = DecodeTarget(message.body);
      if (!target.ok()) return session_->Fail(std::move(target).status(), answers_);
      const bool statement = target->kind == 'S';
      if (message.type == 'D') {
        return statement ? session_->DescribeStatement(target->name, answers_)
                         : session_->DescribePortal(target->name, answers_);
      }
      return statement ? session_->CloseStatement(target->name, answers_)
                       : session_->ClosePortal(target->name, answers_);
    }
    default:
      return InternalError("a message type without a handler");
  }
}

void Connection::BeforeWait() {
  const char status = session_->transaction_status();
  const int64_t limit = status == 'I' ? session_->idle_session_timeout_ms()
                                      : session_->idle_in_transaction_timeout_ms();
  if (limit > 0) {
    wait_limit_.Reset();
    wait_limit_.SetInterrupt([this] { transport_.StopReading(); });
    wait_ticket_ = server_->sessions.timer.Arm(&wait_limit_, std::chrono::milliseconds(limit));
    wait_armed_ = true;
  }
  // Stop() sets `stopping`, then looks at `waiting_`: one of the two sees the other.
  waiting_.store(true);
  if (server_->stopping.load()) transport_.StopReading();
}

void Connection::AfterWait() {
  waiting_.store(false, std::memory_order_relaxed);
  if (!wait_armed_) return;
  wait_armed_ = false;
  server_->sessions.timer.Disarm(wait_ticket_);
  wait_limit_.ClearInterrupt();
}

Status Connection::EndOfInput() {
  if (server_->stopping.load()) {
    return Status(sqlstate::kAdminShutdown, "terminating connection due to administrator command");
  }
  if (wait_limit_.cancelled()) {
    if (session_->transaction_status() == 'I') {
      return Status(SqlState("57P05"), "terminating connection due to idle-session timeout");
    }
    return Status(sqlstate::kIdleTransactionTimeout,
                  "terminating connection due to idle-in-transaction timeout");
  }
  answers_.Close();
  return Status::Ok();
}

}  // namespace omen::pgwire
