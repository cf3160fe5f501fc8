#include "pgwire/connection.h"

#include <fmt/format.h>
#include <openssl/crypto.h>

#include "base/work.h"
#include "obs/log.h"
#include "pgwire/scram.h"

namespace omen::pgwire {
namespace {

// A message may quote a value as large as values are; so much of it tells enough.
constexpr size_t kReportTextMax = 1 << 20;

std::string_view Beginning(const std::string& text) {
  if (text.size() <= kReportTextMax) return text;
  size_t end = kReportTextMax;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return std::string_view(text).substr(0, end);
}

ErrorInfo WithinReport(const ErrorInfo& info) {
  if (std::max({info.message.size(), info.detail.size(), info.where.size()}) <= kReportTextMax) {
    return info;
  }
  ErrorInfo report{info.state, std::string(Beginning(info.message))};
  report.detail = Beginning(info.detail);
  report.hint = info.hint;
  report.where = Beginning(info.where);
  return report;
}

constexpr size_t kCancelKeyBytes = 4;
/// What a client sent before it left is done if it is short, as ever; what waits is not.
constexpr std::chrono::milliseconds kAfterHangUp{500};

Status ConnectionLost() {
  return Status(sqlstate::kConnectionFailure, "connection to client lost");
}

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
      stream_(&transport_, memory_) {
  gone_limit_.SetInterrupt([this] { server_->registry.ClientGone(pid_); });
  server_->registry.Add(pid_, this);
}

Connection::~Connection() {
  server_->sessions.timer.Disarm(gone_ticket_);
  server_->registry.Remove(pid_);
  if (authenticated_) server_->authenticated.fetch_sub(1);
  server_->registry.Ended(&server_->connections);
}

bool Connection::Serve(bool hung_up) {
  Status status;
  if (session_ == nullptr) {
    status = Startup();  // its statements are served once it is watched
  } else {
    AfterWait();
    status = ServeArrived(hung_up);
  }
  if (!status.ok() || closed_ || session_ == nullptr) {
    End(std::move(status));
    return false;
  }
  BeforeWait();
  return true;
}

void Connection::End(Status status) {
  if (!status.ok()) Fatal(status.error());
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
  for (bool first = true; !closed_; first = false) {
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
    closed_ = message->type == 'X';
    if (!closed_) OMEN_RETURN_IF_ERROR(Dispatch(*message));
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
      return session_->Fail(std::move(message.room), *this);
  }
}

Status Connection::Dispatch(MessageStream::Message& message) {
  if (!message.room.ok()) return Refuse(message);
  switch (message.type) {
    case 'Q': {
      auto script = DecodeQuery(message.body);
      if (!script.ok()) return FailAndSync(std::move(script).status());
      return session_->SimpleQuery(*script, *this);
    }
    case 'S': {
      Status status = DecodeEmpty(message.body);
      return status.ok() ? session_->Sync(*this) : FailAndSync(std::move(status));
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
  OMEN_RETURN_IF_ERROR(session_->Fail(std::move(error), *this));
  return session_->Sync(*this);
}

Status Connection::DispatchExtended(const MessageStream::Message& message) {
  switch (message.type) {
    case 'P': {
      Status status = DecodeParse(message.body, &parse_);
      if (!status.ok()) return session_->Fail(std::move(status), *this);
      return session_->Parse(parse_.name, parse_.text, parse_.param_types, *this);
    }
    case 'B': {
      Status status = DecodeBind(message.body, &bind_);
      if (!status.ok()) return session_->Fail(std::move(status), *this);
      return session_->Bind(bind_, *this);
    }
    case 'E': {
      auto execute = DecodeExecute(message.body);
      if (!execute.ok()) return session_->Fail(std::move(execute).status(), *this);
      return session_->Execute(execute->portal, execute->max_rows, *this);
    }
    case 'D':
    case 'C': {
      auto target = DecodeTarget(message.body);
      if (!target.ok()) return session_->Fail(std::move(target).status(), *this);
      const bool statement = target->kind == 'S';
      if (message.type == 'D') {
        return statement ? session_->DescribeStatement(target->name, *this)
                         : session_->DescribePortal(target->name, *this);
      }
      return statement ? session_->CloseStatement(target->name, *this)
                       : session_->ClosePortal(target->name, *this);
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
  closed_ = true;
  return Status::Ok();
}

void Connection::Fatal(const ErrorInfo& info) {
  if (closed_ || info.state == sqlstate::kConnectionFailure) return;
  closed_ = true;
  obs::Log(
      obs::LogLevel::kInfo, "connection ended",
      {{"pid", pid_}, {"user", user_}, {"state", info.state.view()}, {"reason", info.message}});
  AppendReport(stream_.out(), 'E', "FATAL", info);
  (void)stream_.Flush().ok();
}

Status Connection::Lost() const { return ConnectionLost(); }

Status Connection::RowDescription(std::span<const sql::OutputColumn> columns,
                                  std::span<const session::Format> formats) {
  AppendRowDescription(stream_.out(), columns, formats);
  return stream_.Written();
}

Status Connection::DataRow(std::span<const sql::OutputColumn> columns, const Row& row,
                           std::span<const session::Format> formats, const TextStyle& style) {
  // A statement may be stopped here, for its row's text: nothing of the message may stay then.
  const size_t start = stream_.out().size();
  bool whole = false;
  const auto restore = [&](std::string* out) {
    if (!whole) out->resize(start);
  };
  const std::unique_ptr<std::string, decltype(restore)> message(&stream_.out(), restore);
  OMEN_RETURN_IF_ERROR(AppendDataRow(stream_.out(), columns, row, formats, style));
  whole = true;
  return stream_.Written(&session_->token());
}

Status Connection::CommandComplete(std::string_view tag) {
  AppendCommandComplete(stream_.out(), tag);
  return stream_.Written();
}

Status Connection::EmptyQuery() {
  AppendBare(stream_.out(), 'I');
  return stream_.Written();
}
Status Connection::PortalSuspended() {
  AppendBare(stream_.out(), 's');
  return stream_.Written();
}
Status Connection::ParseComplete() {
  AppendBare(stream_.out(), '1');
  return stream_.Written();
}
Status Connection::BindComplete() {
  AppendBare(stream_.out(), '2');
  return stream_.Written();
}
Status Connection::CloseComplete() {
  AppendBare(stream_.out(), '3');
  return stream_.Written();
}
Status Connection::NoData() {
  AppendBare(stream_.out(), 'n');
  return stream_.Written();
}

Status Connection::ParameterDescription(std::span<const Type> types) {
  AppendParameterDescription(stream_.out(), types);
  return stream_.Written();
}

Status Connection::ParameterStatus(std::string_view name, std::string_view value) {
  AppendParameterStatus(stream_.out(), name, value);
  return stream_.Written();
}

Status Connection::Notice(std::string_view severity, const ErrorInfo& info) {
  AppendReport(stream_.out(), 'N', severity, WithinReport(info));
  return stream_.Written();
}

Status Connection::Error(const ErrorInfo& info) {
  // A lost client gets nothing; a server that stops says so and ends the connection.
  if (closed_ || info.state == sqlstate::kConnectionFailure) return Lost();
  if (info.state == sqlstate::kAdminShutdown) {
    Fatal(info);
    return Lost();
  }
  AppendReport(stream_.out(), 'E', "ERROR", WithinReport(info));
  return Status::Ok();  // sent when the statement has let go of what it holds
}

Status Connection::ReadyForQuery(char transaction_status) {
  AppendReadyForQuery(stream_.out(), transaction_status);
  return stream_.Flush();
}

Status Connection::CopyInResponse(bool binary, int columns) {
  AppendCopyResponse(stream_.out(), 'G', binary, columns);
  // The statement's text lies in the input buffer and must outlast the data.
  stream_.Hold();
  return stream_.Flush();
}

Status Connection::CopyOutResponse(bool binary, int columns) {
  AppendCopyResponse(stream_.out(), 'H', binary, columns);
  return stream_.Written();
}

Status Connection::CopyData(std::string_view data) {
  AppendCopyData(stream_.out(), data);
  return stream_.Written(&session_->token());
}

Status Connection::CopyDone() {
  AppendBare(stream_.out(), 'c');
  return stream_.Written();
}

Result<bool> Connection::ReadCopyData(std::string* chunk) {
  for (;;) {
    auto message = stream_.Read(&session_->token());
    if (!message.ok()) {
      OMEN_RETURN_IF_ERROR(session_->token().Check());
      // Out of step: nothing after this can be understood.
      Fatal(message.status().error());
      return Lost();
    }
    switch (message->type) {
      case 0:
        OMEN_RETURN_IF_ERROR(session_->token().Check());
        closed_ = true;
        return Lost();
      case 'd':
        OMEN_RETURN_IF_ERROR(std::move(message->room));
        // Of the statement that reads it, for as long as it keeps it.
        OMEN_RETURN_IF_ERROR(Work::Run({.cancel = &session_->token()}, [&] {
          chunk->append(message->body);
          return Status::Ok();
        }));
        return true;
      case 'c':
        return false;
      case 'f': {
        OMEN_ASSIGN_OR_RETURN(std::string_view reason, DecodeCopyFail(message->body));
        return Status(sqlstate::kQueryCanceled, fmt::format("COPY from stdin failed: {}", reason));
      }
      case 'H':
      case 'S':
        continue;
      default:
        Fatal({sqlstate::kProtocolViolation,
               fmt::format("unexpected message type 0x{:02X} during COPY from stdin",
                           static_cast<int>(static_cast<uint8_t>(message->type)))});
        return Lost();
    }
  }
}

}  // namespace omen::pgwire
