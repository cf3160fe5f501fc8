// What the server's connections share: options, the registry that cancel requests and shutdown
// look in, and the sessions' common state.
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/wait.h"
#include "pgwire/guesses.h"
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
  /// It has authenticated itself: it no longer counts as starting.
  void Started(int32_t pid);
  /// Waits until fewer than `most` connections are starting. Those that have been at it for
  /// longer than `patience` make room for new ones, the oldest first.
  void AwaitRoomToStart(size_t most, std::chrono::milliseconds patience);
  /// After this returns nobody else touches the connection.
  void Remove(int32_t pid);
  /// Cancels the statement of that session if the key fits. Tells nobody whether it did.
  void Cancel(int32_t pid, std::string_view key);
  /// Cancels the statement of a client that has hung up.
  void ClientGone(int32_t pid);
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
  struct Starting {
    Connection* connection;
    std::chrono::steady_clock::time_point since;
  };

  Condition ended_;
  std::unordered_map<int32_t, Connection*> connections_;
  std::map<int32_t, Starting> starting_;  // not yet authenticated; the oldest first
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
  std::atomic<int> connections{0};    // the unauthenticated included
  std::atomic<int> authenticated{0};  // at most max_connections
  Guesses guesses;
};

}  // namespace omen::pgwire
