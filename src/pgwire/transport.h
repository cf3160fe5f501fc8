// One client's byte stream: a connected socket, in clear or under TLS.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

struct ssl_st;
struct ssl_ctx_st;

namespace omen::pgwire {

/// The server's certificate and key. Immutable, any thread.
class TlsContext {
 public:
  /// 58P01 with OpenSSL's reason when a file is missing or does not fit.
  static Result<std::unique_ptr<TlsContext>> Load(const std::string& certificate,
                                                  const std::string& key);
  ~TlsContext();
  ssl_ctx_st* get() const { return context_; }
  /// tls-server-end-point data (RFC 5929): a hash of the certificate.
  const std::string& channel_binding() const { return channel_binding_; }

 private:
  TlsContext() = default;
  Status FillChannelBinding();
  ssl_ctx_st* context_ = nullptr;
  std::string channel_binding_;
};

/// Blocking. Read, Write and StartTls on one thread; the Stop calls from any while it lives.
class Transport {
 public:
  explicit Transport(int fd) : fd_(fd) {}
  ~Transport();
  Transport(const Transport&) = delete;
  Transport& operator=(const Transport&) = delete;

  /// Server side of the handshake. 08P01 when it fails.
  Status StartTls(const TlsContext& context);
  bool is_tls() const { return tls_ != nullptr; }

  /// At least one byte; 0 when the client has gone or reading was stopped.
  size_t Read(char* to, size_t size);
  /// All of it; blocks while the client is slow. False when the client has gone.
  bool Write(std::string_view bytes);

  void StopReading();
  void StopAll();

 private:
  const int fd_;
  ssl_st* tls_ = nullptr;
};

}  // namespace omen::pgwire
