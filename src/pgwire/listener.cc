#include "pgwire/listener.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/wait.h"
#include "obs/log.h"

namespace omen::pgwire {
namespace {

constexpr int kBacklog = 512;

Status ListenError(const std::string& where, int error) {
  return Status(sqlstate::kConnectionFailure,
                fmt::format("could not listen on {}: {}", where, std::strerror(error)));
}

void SetInt(int fd, int level, int option, int value) {
  (void)setsockopt(fd, level, option, &value, sizeof value);
}

bool IsLoopback(const sockaddr_storage& address) {
  if (address.ss_family == AF_UNIX) return true;
  if (address.ss_family == AF_INET) {
    return ntohl(reinterpret_cast<const sockaddr_in&>(address).sin_addr.s_addr) >> 24 == 127;
  }
  if (address.ss_family != AF_INET6) return false;
  const in6_addr& six = reinterpret_cast<const sockaddr_in6&>(address).sin6_addr;
  return IN6_IS_ADDR_LOOPBACK(&six) || (IN6_IS_ADDR_V4MAPPED(&six) && six.s6_addr[12] == 127);
}

std::string AddressText(const sockaddr_storage& address) {
  char text[INET6_ADDRSTRLEN] = "";
  if (address.ss_family == AF_INET) {
    inet_ntop(AF_INET, &reinterpret_cast<const sockaddr_in&>(address).sin_addr, text, sizeof text);
  } else if (address.ss_family == AF_INET6) {
    inet_ntop(AF_INET6, &reinterpret_cast<const sockaddr_in6&>(address).sin6_addr, text,
              sizeof text);
  }
  return text;
}

uint16_t PortOf(int fd) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  if (getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) != 0) return 0;
  return ntohs(address.ss_family == AF_INET6
                   ? reinterpret_cast<const sockaddr_in6&>(address).sin6_port
                   : reinterpret_cast<const sockaddr_in&>(address).sin_port);
}

/// True when another server answers on that socket file.
bool IsAnswered(const sockaddr_un& address) {
  int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return false;
  bool answered = connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  close(fd);
  return answered;
}

}  // namespace

Listener::~Listener() {
  Close();
  if (wake_ >= 0) close(wake_);
}

Status Listener::OpenTcp(const std::string& host, uint16_t port) {
  port_ = port;
  wake_ = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (wake_ < 0) return ListenError("anything", errno);
  if (host.empty()) return Status::Ok();
  addrinfo hints{}, *found = nullptr;
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE;
  const char* name = host == "*" ? nullptr : host.c_str();
  const std::string service = std::to_string(port_);
  int failed = getaddrinfo(name, service.c_str(), &hints, &found);
  const std::string where = fmt::format("{}:{}", host, port_);
  if (failed != 0) {
    return Status(sqlstate::kConnectionFailure,
                  fmt::format("could not resolve {}: {}", host, gai_strerror(failed)));
  }
  int error = 0;
  const size_t before = sockets_.size();
  for (addrinfo* a = found; a != nullptr; a = a->ai_next) {
    int fd = socket(a->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0) continue;
    SetInt(fd, SOL_SOCKET, SO_REUSEADDR, 1);
    if (a->ai_family == AF_INET6) SetInt(fd, IPPROTO_IPV6, IPV6_V6ONLY, 1);
    if (bind(fd, a->ai_addr, a->ai_addrlen) != 0 || listen(fd, kBacklog) != 0) {
      error = errno;
      close(fd);
      continue;
    }
    sockets_.push_back(fd);
    if (port_ == 0) {
      // The other addresses of the host could not be given the same free port.
      port_ = PortOf(fd);
      break;
    }
  }
  freeaddrinfo(found);
  return sockets_.size() > before ? Status::Ok() : ListenError(where, error);
}

Status Listener::OpenUnix(const std::string& socket_dir) {
  if (socket_dir.empty()) return Status::Ok();
  const std::string path = fmt::format("{}/.s.PGSQL.{}", socket_dir, port_);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) return ListenError(path, ENAMETOOLONG);
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  if (IsAnswered(address)) return ListenError(path, EADDRINUSE);
  unlink(path.c_str());
  int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd < 0) return ListenError(path, errno);
  // The folder's permissions say who may connect.
  if (bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
      chmod(path.c_str(), 0777) != 0 || listen(fd, kBacklog) != 0) {
    Status status = ListenError(path, errno);
    close(fd);
    return status;
  }
  sockets_.push_back(fd);
  unix_path_ = path;
  return Status::Ok();
}

std::optional<Accepted> Listener::Next() {
  std::vector<pollfd> polled;
  for (int fd : sockets_) polled.push_back({fd, POLLIN, 0});
  polled.push_back({wake_, POLLIN, 0});
  for (;;) {
    if (poll(polled.data(), polled.size(), -1) < 0 && errno != EINTR) return std::nullopt;
    if (polled.back().revents != 0) return std::nullopt;
    for (const pollfd& ready : polled) {
      if (ready.revents == 0) continue;
      if (auto accepted = AcceptFrom(ready.fd)) return accepted;
    }
  }
}

std::optional<Accepted> Listener::AcceptFrom(int listening) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  int fd = accept4(listening, reinterpret_cast<sockaddr*>(&address), &size, SOCK_CLOEXEC);
  if (fd < 0) {
    if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
      obs::Log(obs::LogLevel::kWarn, "cannot accept", {{"reason", std::strerror(errno)}});
      (void)SleepFor(std::chrono::milliseconds(100), nullptr).ok();
    }
    return std::nullopt;
  }
  // An unnamed Unix peer has no address family in what accept tells.
  if (size < sizeof(sa_family_t)) address.ss_family = AF_UNIX;
  if (address.ss_family != AF_UNIX) {
    SetInt(fd, IPPROTO_TCP, TCP_NODELAY, 1);
    SetInt(fd, SOL_SOCKET, SO_KEEPALIVE, 1);
  }
  return Accepted{fd, IsLoopback(address), address.ss_family == AF_UNIX, AddressText(address)};
}

void Listener::Stop() {
  uint64_t one = 1;
  (void)!write(wake_, &one, sizeof one);
}

void Listener::Close() {
  for (int fd : sockets_) close(fd);
  sockets_.clear();
  if (!unix_path_.empty()) unlink(unix_path_.c_str());
  unix_path_.clear();
}

}  // namespace omen::pgwire
