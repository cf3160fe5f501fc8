// The network side of the server: listens, authenticates, and runs one session per connection.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "base/result.h"
#include "exec/database/database.h"

namespace omen::pgwire {

enum class AuthMode : uint8_t {
  kAuto,   // trust on the Unix socket and loopback, SCRAM elsewhere
  kTrust,  // everywhere
  kScram,  // everywhere
};

struct ServerOptions {
  std::string host = "127.0.0.1";  // empty: no TCP; "*" or "0.0.0.0": every address
  uint16_t port = 5432;            // 0: any free one, see Server::port()
  std::string socket_dir;          // for .s.PGSQL.<port>; empty: no Unix socket
  AuthMode auth = AuthMode::kAuto;
  int max_connections = 500;
  int64_t server_memory_bytes = INT64_MAX;         // what all sessions may take together
  int64_t session_memory_bytes = INT64_MAX;        // and one of them
  std::chrono::milliseconds auth_timeout{10'000};  // from the connection to the session
  std::string tls_certificate, tls_key;            // files; both or neither
  bool require_tls = false;                        // over TCP
  std::string database = "omendb";                 // the one there is
  /// What every session starts with, before what its client asks for.
  std::vector<std::pair<std::string, std::string>> settings;
  std::vector<std::pair<std::string, std::string>> facts;  // what SHOW says, and no session changes
};

/// Any thread.
class Server {
 public:
  /// Takes the TCP port: clients that come now wait until Serve. Errors: 58P01, 08006.
  static Result<std::unique_ptr<Server>> Listen(const ServerOptions& options);
  /// Opens the Unix socket and accepts. `database` outlives the server. 08006. Once.
  Status Serve(exec::Database* database);
  /// Stops with no grace if Stop was not called.
  ~Server();

  /// Accepts no more, ends idle connections with 57P01, gives running statements `grace` to
  /// finish, cancels the rest, and waits for every connection to end. Once.
  void Stop(std::chrono::milliseconds grace);
  /// From a second signal: cuts short a Stop that is waiting.
  void StopNow();

  uint16_t port() const;
  int ConnectionCount() const;

 private:
  struct Impl;
  explicit Server(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace omen::pgwire
