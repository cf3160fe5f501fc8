#include "pgwire/server.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <thread>
#include <vector>

#include "obs/log.h"
#include "pgwire/connection.h"
#include "pgwire/dispatcher.h"
#include "pgwire/listener.h"
#include "pgwire/server_state.h"

namespace omen::pgwire {
namespace {

/// Clients that have not authenticated themselves have a budget of their own: so many, and each
/// is sure of its place only for a moment. Those who say nothing keep nobody out.
constexpr size_t kStartingAtOnce = 128;
constexpr std::chrono::milliseconds kSureToStart{1000};
/// After the grace: how long cancelled statements have before their sockets are cut.
constexpr std::chrono::milliseconds kCancelGrace{2000};

/// Threads that serve short statements at a time.
int Places() { return static_cast<int>(std::max(2u, std::thread::hardware_concurrency())); }

}  // namespace

struct Server::Impl {
  ServerState state;
  Dispatcher dispatcher{Places()};
  Listener listener;
  std::thread acceptor;
  std::mutex stop_mutex;
  bool stopped = false;
  std::atomic<bool> stop_now{false};

  void Accept();
  void Stop(std::chrono::milliseconds grace);
};

void Server::Impl::Accept() {
  while (auto accepted = listener.Next()) {
    state.registry.AwaitRoomToStart(kStartingAtOnce, kSureToStart);
    state.connections.fetch_add(1);
    auto connection = std::make_unique<Connection>(&state, *accepted);
    if (!dispatcher.Adopt(std::move(connection))) {
      obs::Log(obs::LogLevel::kWarn, "connection refused", {{"reason", "no thread"}});
    }
  }
}

void Server::Impl::Stop(std::chrono::milliseconds grace) {
  std::lock_guard lock(stop_mutex);
  if (std::exchange(stopped, true)) return;
  state.stopping.store(true);
  listener.Stop();
  if (acceptor.joinable()) acceptor.join();
  listener.Close();
  state.registry.EndIdle();
  const auto until = std::chrono::steady_clock::now() + grace;
  constexpr std::chrono::milliseconds kLook{50};
  while (!stop_now.load() && std::chrono::steady_clock::now() < until) {
    if (state.registry.WaitUntilGone(&state.connections, kLook)) return;
  }
  state.registry.TerminateAll();
  const auto cut = std::chrono::steady_clock::now() + kCancelGrace;
  while (!stop_now.load() && std::chrono::steady_clock::now() < cut) {
    if (state.registry.WaitUntilGone(&state.connections, kLook)) return;
  }
  state.registry.CutAll();
  while (!state.registry.WaitUntilGone(&state.connections, std::chrono::milliseconds(1000))) {
    obs::Log(obs::LogLevel::kWarn, "waiting for connections",
             {{"connections", state.connections.load()}});
    state.registry.TerminateAll();
    state.registry.CutAll();
  }
}

Server::Server(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Result<std::unique_ptr<Server>> Server::Listen(const ServerOptions& options) {
  auto impl = std::make_unique<Impl>();
  impl->state.options = options;
  impl->state.sessions.memory = std::make_shared<MemoryAccount>(
      options.server_memory_bytes, nullptr, MemoryAccount::Owner::kServer);
  if (!options.tls_certificate.empty() || !options.tls_key.empty()) {
    OMEN_ASSIGN_OR_RETURN(impl->state.tls,
                          TlsContext::Load(options.tls_certificate, options.tls_key));
  }
  if (options.host.empty() && options.socket_dir.empty()) {
    return Status(sqlstate::kConnectionFailure, "neither a host nor a socket directory was given");
  }
  OMEN_RETURN_IF_ERROR(impl->listener.OpenTcp(options.host, options.port));
  return std::unique_ptr<Server>(new Server(std::move(impl)));
}

Status Server::Serve(exec::Database* database) {
  impl_->state.database = database;
  OMEN_RETURN_IF_ERROR(impl_->listener.OpenUnix(impl_->state.options.socket_dir));
  OMEN_RETURN_IF_ERROR(impl_->dispatcher.Start());
  impl_->acceptor = std::thread([state = impl_.get()] { state->Accept(); });
  return Status::Ok();
}

Server::~Server() { Stop(std::chrono::milliseconds(0)); }

void Server::Stop(std::chrono::milliseconds grace) { impl_->Stop(grace); }
void Server::StopNow() { impl_->stop_now.store(true); }
uint16_t Server::port() const { return impl_->listener.port(); }
int Server::ConnectionCount() const { return impl_->state.connections.load(); }
void ConnectionRegistry::Add(int32_t pid, Connection* connection) {
  std::lock_guard lock(mutex_);
  connections_.emplace(pid, connection);
  starting_.emplace(pid, Starting{connection, std::chrono::steady_clock::now()});
}

void ConnectionRegistry::Started(int32_t pid) {
  std::lock_guard lock(mutex_);
  starting_.erase(pid);
  ended_.NotifyAll();
}

void ConnectionRegistry::AwaitRoomToStart(size_t most, std::chrono::milliseconds patience) {
  std::unique_lock lock(mutex_);
  while (starting_.size() >= most) {
    const auto sure_until = starting_.begin()->second.since + patience;
    if (ended_.WaitInBackground(lock, sure_until, [&] { return starting_.size() < most; })) return;
    // It ends by itself now; its place is free.
    starting_.begin()->second.connection->Cut();
    starting_.erase(starting_.begin());
  }
}

void ConnectionRegistry::Remove(int32_t pid) {
  std::lock_guard lock(mutex_);
  connections_.erase(pid);
  if (starting_.erase(pid) != 0) ended_.NotifyAll();
}

void ConnectionRegistry::Cancel(int32_t pid, std::string_view key) {
  std::lock_guard lock(mutex_);
  auto it = connections_.find(pid);
  if (it != connections_.end() && it->second->KeyFits(key)) it->second->CancelStatement();
}

void ConnectionRegistry::ClientGone(int32_t pid) {
  std::lock_guard lock(mutex_);
  const auto it = connections_.find(pid);
  if (it != connections_.end()) it->second->CancelStatement();
}

void ConnectionRegistry::EndIdle() {
  std::lock_guard lock(mutex_);
  for (auto& [pid, connection] : connections_) connection->EndIdle();
}

void ConnectionRegistry::TerminateAll() {
  std::lock_guard lock(mutex_);
  for (auto& [pid, connection] : connections_) connection->Terminate();
}

void ConnectionRegistry::CutAll() {
  std::lock_guard lock(mutex_);
  for (auto& [pid, connection] : connections_) connection->Cut();
}

void ConnectionRegistry::Ended(std::atomic<int>* connections) {
  std::lock_guard lock(mutex_);
  connections->fetch_sub(1);
  ended_.NotifyAll();
}

bool ConnectionRegistry::WaitUntilGone(const std::atomic<int>* connections,
                                       std::chrono::milliseconds limit) {
  std::unique_lock lock(mutex_);
  return ended_.WaitInBackground(lock, std::chrono::steady_clock::now() + limit,
                                 [&] { return connections->load() == 0; });
}

}  // namespace omen::pgwire
