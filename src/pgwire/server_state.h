// What the server's connections share: options, the registry that cancel requests and shutdown
// look in, and the sessions' common state.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "pgwire/server.h"
#include "pgwire/transport.h"
#include "session/session.h"
#include "session/shared_state.h"

namespace omen::pgwire {

class Connection;

/// Any thread.
class ConnectionRegistry {
 public:
  /// A fresh process-wide number, as pg_backend_pid() shows it.
  int32_t NextPid() { return next_pid_.fetch_add(1, std::memory_order_relaxed); }
  void Add(int32_t pid, Connection* connection);
  /// After this returns nobody else touches the connection.
  void Remove(int32_t pid);
  /// Cancels the statement of that session if the key fits. Tells nobody whether it did.
  void Cancel(int32_t pid, std::string_view key);
  /// Stop's three steps, each for every connection there is.
  void EndIdle();
  void TerminateAll();
  void CutAll();
  /// A connection has come to its end.
  void Ended(std::atomic<int>* connections);
  /// False when some are left after `limit`.
  bool WaitUntilGone(const std::atomic<int>* connections, std::chrono::milliseconds limit);

 private:
  std::mutex mutex_;
  std::condition_variable ended_;
  std::unordered_map<int32_t, Connection*> connections_;
  std::atomic<int32_t> next_pid_{1000};
};

/// Outlives its connections. Any thread.
struct ServerState {
  ServerOptions options;
  exec::Database* database = nullptr;
  std::unique_ptr<TlsContext> tls;
  session::SharedState sessions;
  ConnectionRegistry registry;
  std::atomic<bool> stopping{false};
  std::atomic<int> connections{0};  // the unauthenticated included
};

}  // namespace omen::pgwire
