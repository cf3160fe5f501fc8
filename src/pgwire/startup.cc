// The way from an accepted socket to a session: TLS, cancel requests, authentication.
#include <fmt/format.h>

#include "base/contention/serving_place.h"
#include "base/wait.h"
#include "obs/log.h"
#include "pgwire/connection.h"
#include "pgwire/scram.h"

namespace omen::pgwire {
namespace {

/// SSLRequest and GSSENCRequest may each come once before the startup packet.
constexpr int kPacketsMax = 3;

Status TooMany() {
  return Status(sqlstate::kTooManyConnections, "sorry, too many clients already");
}

bool IsTrue(std::string_view value) {
  return value == "true" || value == "on" || value == "1" || value == "yes" || value == "database";
}

}  // namespace

Status Connection::Startup() {
  // One absolute limit on all of it, however slowly the bytes come.
  wait_limit_.SetInterrupt([this] { transport_.StopAll(); });
  const auto ticket = server_->sessions.timer.Arm(&wait_limit_, server_->options.auth_timeout);
  auto disarm = [&] {
    server_->sessions.timer.Disarm(ticket);
    wait_limit_.ClearInterrupt();
    wait_limit_.Reset();
  };
  auto request = ReadStartupRequest();
  Status status = request.ok() ? Status::Ok() : std::move(request).status();
  const bool serve =
      status.ok() && request->kind == StartupRequest::Kind::kStartup && request->protocol != 0;
  if (serve) status = CheckStartup(*request);
  if (serve && status.ok()) {
    const auto catalog = server_->database->catalog().Current();
    status = Authenticate(catalog->FindRole(user_));
  }
  disarm();
  if (!serve || !status.ok()) return status;
  server_->registry.Started(pid_);
  stream_.Trust();
  authenticated_ = true;
  if (server_->authenticated.fetch_add(1) >= server_->options.max_connections) return TooMany();
  return BeginSession(*request);
}

Result<StartupRequest> Connection::ReadStartupRequest() {
  for (int packet = 0; packet < kPacketsMax; ++packet) {
    OMEN_ASSIGN_OR_RETURN(std::string_view body, stream_.ReadStartup());
    if (body.empty()) break;
    OMEN_ASSIGN_OR_RETURN(StartupRequest request, DecodeStartup(body));
    switch (request.kind) {
      case StartupRequest::Kind::kStartup:
        return request;
      case StartupRequest::Kind::kCancel:
        server_->registry.Cancel(request.cancel_pid, request.cancel_key);
        answers_.Close();
        return request;
      case StartupRequest::Kind::kSsl:
        OMEN_RETURN_IF_ERROR(AnswerTls());
        break;
      case StartupRequest::Kind::kGss:
        stream_.out() += 'N';
        OMEN_RETURN_IF_ERROR(stream_.Flush());
        break;
    }
  }
  // The client left without asking for anything.
  answers_.Close();
  return StartupRequest();
}

Status Connection::AnswerTls() {
  const bool offer = server_->tls != nullptr && !transport_.is_tls();
  stream_.out() += offer ? 'S' : 'N';
  OMEN_RETURN_IF_ERROR(stream_.Flush());
  if (!offer) return Status::Ok();
  // Bytes sent before the handshake are in clear: someone in between may have put them there.
  if (!stream_.input_empty()) {
    return Status(sqlstate::kProtocolViolation, "received unencrypted data after SSL request")
        .Detail(
            "This could be either a client-software bug or evidence of an attempted "
            "man-in-the-middle attack.");
  }
  return transport_.StartTls(*server_->tls);
}

Status Connection::CheckStartup(const StartupRequest& request) {
  if (request.protocol > kProtocol30 || !request.unknown_options.empty()) {
    AppendNegotiateVersion(stream_.out(), request.unknown_options);
  }
  user_ = request.Find("user");
  answers_.SetUser(user_);
  if (user_.empty()) {
    return Status(sqlstate::kInvalidAuthorization,
                  "no PostgreSQL user name specified in startup packet");
  }
  if (server_->stopping.load()) {
    return Status(sqlstate::kCannotConnectNow, "the database system is shutting down");
  }
  if (server_->options.require_tls && !peer_.unix_socket && !transport_.is_tls()) {
    return Status(sqlstate::kInvalidAuthorization, "this server requires encryption (TLS)")
        .Hint("Connect with sslmode=require.");
  }
  if (server_->authenticated.load() >= server_->options.max_connections) return TooMany();
  if (IsTrue(request.Find("replication"))) return NotSupported("replication connection");
  return Status::Ok();
}

Status Connection::Authenticate(const catalog::Role* role) {
  const AuthMode mode = server_->options.auth;
  const bool trust = mode == AuthMode::kTrust || (mode == AuthMode::kAuto && peer_.local);
  if (!trust) OMEN_RETURN_IF_ERROR(CheckPassword(role));
  if (role == nullptr) {
    return Status(sqlstate::kInvalidAuthorization,
                  fmt::format("role \"{}\" does not exist", user_));
  }
  if (!role->can_login) {
    return Status(sqlstate::kInvalidAuthorization,
                  fmt::format("role \"{}\" is not permitted to log in", user_));
  }
  AppendAuthentication(stream_.out(), AuthRequest::kOk);
  return Status::Ok();
}

Status Connection::CheckPassword(const catalog::Role* role) {
  const Guesses::Source source{user_, peer_.address};
  const auto now = Guesses::Clock::now();
  const auto delay = server_->guesses.Delay(source, now);
  if (delay > server_->options.auth_timeout / 2) {
    return Status(sqlstate::kInvalidAuthorization, "too many failed attempts to authenticate")
        .Hint("Try again later.");
  }
  if (delay.count() > 0) {
    PassPlace();
    OMEN_RETURN_IF_ERROR(SleepFor(delay, &wait_limit_));
  }
  Status status = RunScram(role == nullptr ? std::string_view() : role->scram_verifier);
  if (status.ok()) {
    server_->guesses.Succeeded(source);
  } else if (status.Is(sqlstate::kInvalidPassword)) {
    server_->guesses.Failed(source, Guesses::Clock::now());
  }
  return status;
}

Result<std::string_view> Connection::ReadAuthMessage() {
  OMEN_RETURN_IF_ERROR(stream_.Flush());
  OMEN_ASSIGN_OR_RETURN(MessageStream::Message message, stream_.Read());
  if (message.type == 0) {
    answers_.Close();
    return Answers::Lost();
  }
  if (message.type != 'p') {
    return Status(sqlstate::kProtocolViolation,
                  fmt::format("expected SASL response, got message type {}",
                              static_cast<int>(static_cast<uint8_t>(message.type))));
  }
  return message.body;
}

Status Connection::RunScram(std::string_view verifier) {
  const bool tls = transport_.is_tls();
  std::vector<std::string_view> mechanisms;
  if (tls) mechanisms.push_back(kScramPlusMechanism);
  mechanisms.push_back(kScramMechanism);
  AppendSaslMechanisms(stream_.out(), mechanisms);
  OMEN_ASSIGN_OR_RETURN(std::string_view first, ReadAuthMessage());
  OMEN_ASSIGN_OR_RETURN(SaslInitialResponse initial, DecodeSaslInitial(first));
  ScramExchange exchange(user_, verifier, tls ? server_->tls->channel_binding() : std::string());
  OMEN_ASSIGN_OR_RETURN(std::string challenge, exchange.First(initial.mechanism, initial.data));
  AppendAuthentication(stream_.out(), AuthRequest::kSaslContinue, challenge);
  OMEN_ASSIGN_OR_RETURN(std::string_view final, ReadAuthMessage());
  OMEN_ASSIGN_OR_RETURN(std::string proof, exchange.Final(final));
  AppendAuthentication(stream_.out(), AuthRequest::kSaslFinal, proof);
  return Status::Ok();
}

Status Connection::BeginSession(const StartupRequest& request) {
  session::SessionOptions options;
  options.user = user_;
  options.database = request.Find("database");
  if (options.database.empty()) options.database = user_;
  if (options.database != server_->options.database) {
    return Status(sqlstate::kInvalidCatalogName,
                  fmt::format("database \"{}\" does not exist", options.database));
  }
  options.settings = server_->options.settings;
  options.facts = server_->options.facts;
  for (const auto& [name, value] : request.parameters) {
    if (name != "user" && name != "database" && name != "replication") {
      options.settings.emplace_back(name, value);
    }
  }
  options.backend_pid = pid_;
  options.id = static_cast<uint64_t>(pid_);
  options.shared = &server_->sessions;
  options.memory = memory_;
  options.client = this;
  session_ = std::make_unique<session::Session>(server_->database, std::move(options));
  OMEN_RETURN_IF_ERROR(session_->Start(answers_));
  answers_.SetToken(&session_->token());
  running_.store(session_.get());
  AppendBackendKeyData(stream_.out(), pid_, cancel_key_);
  obs::Log(obs::LogLevel::kDebug, "connection",
           {{"pid", pid_}, {"user", user_}, {"tls", transport_.is_tls()}});
  return answers_.ReadyForQuery(session_->transaction_status());
}

}  // namespace omen::pgwire
