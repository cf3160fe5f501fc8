// One client's byte stream: a connected socket, in clear or under TLS.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/cancel.h"
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

/// Blocking, where not said otherwise: a call that must wait passes the thread's place on.
/// Read, Write and StartTls on one thread at a time; the Stop calls from any while it lives.
class Transport {
 public:
  explicit Transport(int fd) : fd_(fd) {}
  ~Transport();
  Transport(const Transport&) = delete;
  Transport& operator=(const Transport&) = delete;

  /// Server side of the handshake. 08P01 when it fails.
  Status StartTls(const TlsContext& context);
  bool is_tls() const { return tls_ != nullptr; }

  /// What has arrived; nothing when nothing has. 0 when the client has gone or reading was
  /// stopped.
  std::optional<size_t> ReadNow(char* to, size_t size);
  /// False when the last read took all that had arrived by then.
  bool may_have_more() const { return may_have_more_; }
  /// At least one byte; 0 when the client has gone or reading was stopped, or when `cancel` ends
  /// the wait.
  size_t Read(char* to, size_t size, const CancelToken* cancel = nullptr);
  /// All of it, while the client is slow waiting; less when `cancel` ends that. Nothing when
  /// the client has gone.
  std::optional<size_t> Write(std::string_view bytes, const CancelToken* cancel = nullptr);

  int fd() const { return fd_; }
  void StopReading();
  void StopAll();

 private:
  size_t ReadClear(char* to, size_t size);
  size_t ReadTls(char* to, size_t size);
  bool has_buffered() const;
  std::optional<bool> Peek() const;
  bool WholeRecordArrived() const;
  /// Without waiting: how many bytes were sent; 0: none can be now; -1: the client has gone.
  ssize_t Send(std::string_view bytes);
  /// False when `cancel` came first.
  bool Await(short events, const CancelToken* cancel) const;

  const int fd_;
  ssl_st* tls_ = nullptr;
  bool may_have_more_ = false;
};

}  // namespace omen::pgwire
