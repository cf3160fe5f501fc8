#include "pgwire/server.h"

#include <fmt/format.h>
#include <poll.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <thread>
#include <vector>

#include "obs/log.h"
#include "pgwire/connection.h"
#include "pgwire/listener.h"
#include "pgwire/server_state.h"

namespace omen::pgwire {
namespace {

/// Beyond max_connections, so that the client can be told why it is refused.
constexpr int kRefusalsAtOnce = 32;
/// Address space only: pages are used as deep as a statement nests.
constexpr size_t kStackBytes = 8 << 20;
/// After the grace: how long cancelled statements have before their sockets are cut.
constexpr std::chrono::milliseconds kCancelGrace{2000};

struct ConnectionStart {
  ServerState* state;
  Accepted accepted;
};

void* ServeConnection(void* argument) {
  std::unique_ptr<ConnectionStart> start(static_cast<ConnectionStart*>(argument));
  ServerState* state = start->state;
  Connection(state, start->accepted.fd, start->accepted.local).Run();
  state->registry.ThreadEnded(&state->connections);
  return nullptr;
}

/// False when the system has no more threads.
bool StartThread(std::unique_ptr<ConnectionStart> start) {
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, kStackBytes);
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  pthread_t thread;
  const int failed = pthread_create(&thread, &attributes, ServeConnection, start.get());
  pthread_attr_destroy(&attributes);
  if (failed == 0) start.release();
  return failed == 0;
}

}  // namespace

struct Server::Impl {
  ServerState state;
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
    const int before = state.connections.fetch_add(1);
    auto start = std::make_unique<ConnectionStart>(ConnectionStart{&state, *accepted});
    if (before < state.options.max_connections + kRefusalsAtOnce && StartThread(std::move(start))) {
      continue;
    }
    close(accepted->fd);
    state.registry.ThreadEnded(&state.connections);
  }
}

void Server::Impl::Stop(std::chrono::milliseconds grace) {
  std::lock_guard lock(stop_mutex);
  if (std::exchange(stopped, true)) return;
  state.stopping.store(true);
  listener.Stop();
  acceptor.join();
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

Result<std::unique_ptr<Server>> Server::Start(const ServerOptions& options,
                                              exec::Database* database) {
  auto impl = std::make_unique<Impl>();
  impl->state.options = options;
  impl->state.database = database;
  if (!options.tls_certificate.empty() || !options.tls_key.empty()) {
    OMEN_ASSIGN_OR_RETURN(impl->state.tls,
                          TlsContext::Load(options.tls_certificate, options.tls_key));
  }
  OMEN_RETURN_IF_ERROR(impl->listener.Open(options.host, options.port, options.socket_dir));
  impl->acceptor = std::thread([state = impl.get()] { state->Accept(); });
  return std::unique_ptr<Server>(new Server(std::move(impl)));
}

Server::~Server() { Stop(std::chrono::milliseconds(0)); }

void Server::Stop(std::chrono::milliseconds grace) { impl_->Stop(grace); }
void Server::StopNow() { impl_->stop_now.store(true); }
uint16_t Server::port() const { return impl_->listener.port(); }
int Server::ConnectionCount() const { return impl_->state.connections.load(); }

void ConnectionRegistry::Add(int32_t pid, Connection* connection) {
  std::lock_guard lock(mutex_);
  connections_.emplace(pid, connection);
}

void ConnectionRegistry::Remove(int32_t pid) {
  std::lock_guard lock(mutex_);
  connections_.erase(pid);
}

void ConnectionRegistry::Cancel(int32_t pid, std::string_view key) {
  std::lock_guard lock(mutex_);
  auto it = connections_.find(pid);
  if (it != connections_.end() && it->second->KeyFits(key)) it->second->CancelStatement();
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

void ConnectionRegistry::ThreadEnded(std::atomic<int>* connections) {
  std::lock_guard lock(mutex_);
  connections->fetch_sub(1);
  ended_.notify_all();
}

bool ConnectionRegistry::WaitUntilGone(const std::atomic<int>* connections,
                                       std::chrono::milliseconds limit) {
  std::unique_lock lock(mutex_);
  return ended_.wait_for(lock, limit, [&] { return connections->load() == 0; });
}

}  // namespace omen::pgwire
