// The sockets a server listens on.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"

namespace omen::pgwire {

struct Accepted {
  int fd = -1;
  bool local = false;        // over the Unix socket or loopback
  bool unix_socket = false;  // over the Unix socket
  std::string address;       // the peer's; empty over the Unix socket
};

/// Next on one thread; Stop from any.
class Listener {
 public:
  Listener() = default;
  ~Listener();
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  /// `host` may be empty (no TCP) or "*"; `port` 0 takes a free one. 08006 with the reason when
  /// the address cannot be had.
  Status OpenTcp(const std::string& host, uint16_t port);
  /// After OpenTcp. An empty folder: no Unix socket.
  Status OpenUnix(const std::string& socket_dir);
  /// The next client; nothing once stopped.
  std::optional<Accepted> Next();
  void Stop();
  void Close();
  uint16_t port() const { return port_; }

 private:
  std::optional<Accepted> AcceptFrom(int listening);

  uint16_t port_ = 0;
  std::vector<int> sockets_;
  std::string unix_path_;
  int wake_ = -1;
};

}  // namespace omen::pgwire
