#include "pgwire/transport.h"

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <climits>

#include "base/contention/serving_place.h"
#include "base/wait.h"

namespace omen::pgwire {
namespace {

std::string TlsReason() {
  char text[256];
  ERR_error_string_n(ERR_get_error(), text, sizeof text);
  return text;
}

Status CredentialError(std::string_view what, const std::string& path) {
  return Status(sqlstate::kUndefinedFile,
                fmt::format("could not load {} \"{}\": {}", what, path, TlsReason()));
}

}  // namespace

Result<std::unique_ptr<TlsContext>> TlsContext::Load(const std::string& certificate,
                                                     const std::string& key) {
  std::unique_ptr<TlsContext> made(new TlsContext());
  made->context_ = SSL_CTX_new(TLS_server_method());
  OMEN_CHECK(made->context_ != nullptr);
  SSL_CTX_set_min_proto_version(made->context_, TLS1_2_VERSION);
  SSL_CTX_set_options(made->context_, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_TICKET);
  SSL_CTX_set_session_cache_mode(made->context_, SSL_SESS_CACHE_OFF);
  if (SSL_CTX_use_certificate_chain_file(made->context_, certificate.c_str()) != 1) {
    return CredentialError("server certificate file", certificate);
  }
  if (SSL_CTX_use_PrivateKey_file(made->context_, key.c_str(), SSL_FILETYPE_PEM) != 1 ||
      SSL_CTX_check_private_key(made->context_) != 1) {
    return CredentialError("private key file", key);
  }
  OMEN_RETURN_IF_ERROR(made->FillChannelBinding());
  return made;
}

TlsContext::~TlsContext() { SSL_CTX_free(context_); }

Status TlsContext::FillChannelBinding() {
  X509* certificate = SSL_CTX_get0_certificate(context_);
  int digest_nid = NID_undef;
  OBJ_find_sigid_algs(X509_get_signature_nid(certificate), &digest_nid, nullptr);
  const EVP_MD* digest = EVP_get_digestbynid(digest_nid);
  // The RFC replaces MD5 and SHA-1; algorithms without a digest of their own take SHA-256.
  if (digest == nullptr || digest_nid == NID_md5 || digest_nid == NID_sha1) digest = EVP_sha256();
  unsigned char hash[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  if (X509_digest(certificate, digest, hash, &size) != 1) {
    return InternalError("could not hash the server certificate");
  }
  channel_binding_.assign(reinterpret_cast<char*>(hash), size);
  return Status::Ok();
}

Transport::~Transport() {
  if (tls_ != nullptr) {
    SSL_shutdown(tls_);
    SSL_free(tls_);
    ERR_clear_error();
  }
  close(fd_);
}

Status Transport::StartTls(const TlsContext& context) {
  tls_ = SSL_new(context.get());
  OMEN_CHECK(tls_ != nullptr);
  SSL_set_fd(tls_, fd_);
  if (SSL_accept(tls_) == 1) return Status::Ok();
  Status status(sqlstate::kProtocolViolation,
                fmt::format("could not accept SSL connection: {}", TlsReason()));
  SSL_free(tls_);
  tls_ = nullptr;
  return status;
}

std::optional<size_t> Transport::ReadNow(char* to, size_t size) {
  may_have_more_ = tls_ != nullptr;
  if (tls_ != nullptr) {
    if (!has_buffered()) {
      const std::optional<bool> alive = Peek();
      if (!alive) return std::nullopt;
      if (!*alive) return 0;
    }
    return ReadTls(to, size);
  }
  for (;;) {
    const ssize_t got = recv(fd_, to, size, MSG_DONTWAIT);
    if (got >= 0) {
      may_have_more_ = static_cast<size_t>(got) == size;
      return static_cast<size_t>(got);
    }
    if (errno == EAGAIN || errno == EWOULDBLOCK) return std::nullopt;
    if (errno != EINTR) return 0;
  }
}

bool Transport::has_buffered() const { return tls_ != nullptr && SSL_pending(tls_) > 0; }

size_t Transport::Read(char* to, size_t size, const CancelToken* cancel) {
  if (cancel != nullptr && !has_buffered() && !Peek() && !Await(POLLIN, cancel)) return 0;
  return tls_ == nullptr ? ReadClear(to, size) : ReadTls(to, size);
}

bool Transport::Await(short events, const CancelToken* cancel) const {
  PassPlace();
  return WaitForDescriptor(fd_, events, cancel) != 0;
}

size_t Transport::ReadClear(char* to, size_t size) {
  if (const std::optional<size_t> got = ReadNow(to, size)) return *got;
  PassPlace();
  for (;;) {
    const ssize_t got = recv(fd_, to, size, 0);
    may_have_more_ = got == static_cast<ssize_t>(size);
    if (got >= 0) return static_cast<size_t>(got);
    if (errno != EINTR) return 0;
  }
}

/// Whether the client is there; nothing when it has sent nothing.
std::optional<bool> Transport::Peek() const {
  for (;;) {
    char byte;
    const ssize_t got = recv(fd_, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    if (got >= 0) return got > 0;
    if (errno == EAGAIN || errno == EWOULDBLOCK) return std::nullopt;
    if (errno != EINTR) return false;
  }
}

bool Transport::WholeRecordArrived() const {
  constexpr ssize_t kRecordHeader = 5;  // type, version, length
  unsigned char header[kRecordHeader];
  int arrived = 0;
  if (recv(fd_, header, sizeof header, MSG_PEEK | MSG_DONTWAIT) != kRecordHeader) return false;
  if (ioctl(fd_, FIONREAD, &arrived) != 0) return false;
  return arrived >= kRecordHeader + (header[3] << 8 | header[4]);
}

size_t Transport::ReadTls(char* to, size_t size) {
  if (!has_buffered()) {
    if (!WholeRecordArrived()) PassPlace();
    // Looked at before OpenSSL does: an end it meets itself would leave it unable to write the
    // message that says why the connection ends.
    char peek;
    ssize_t got;
    do {
      got = recv(fd_, &peek, 1, MSG_PEEK);
    } while (got < 0 && errno == EINTR);
    if (got <= 0) return 0;
  }
  const int got = SSL_read(tls_, to, static_cast<int>(std::min<size_t>(size, INT_MAX)));
  ERR_clear_error();
  return got > 0 ? static_cast<size_t>(got) : 0;
}

ssize_t Transport::Send(std::string_view bytes) {
  if (tls_ == nullptr) {
    const ssize_t sent = send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent > 0) return sent;
    return sent < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR) ? 0 : -1;
  }
  // A socket that is writable takes at least one record of this size.
  constexpr size_t kFits = 16 << 10;
  pollfd writable{fd_, POLLOUT, 0};
  if (poll(&writable, 1, 0) != 1) return 0;
  const int sent =
      SSL_write(tls_, bytes.data(), static_cast<int>(std::min<size_t>(bytes.size(), kFits)));
  ERR_clear_error();
  return sent > 0 ? sent : -1;
}

std::optional<size_t> Transport::Write(std::string_view bytes, const CancelToken* cancel) {
  size_t written = 0;
  while (written < bytes.size()) {
    const ssize_t sent = Send(bytes.substr(written));
    if (sent < 0) return std::nullopt;
    written += static_cast<size_t>(sent);
    if (sent == 0 && !Await(POLLOUT, cancel)) break;
  }
  return written;
}

void Transport::StopReading() { shutdown(fd_, SHUT_RD); }
void Transport::StopAll() { shutdown(fd_, SHUT_RDWR); }

}  // namespace omen::pgwire
