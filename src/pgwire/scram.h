// SCRAM-SHA-256 (RFC 5802, RFC 7677), server side, and the verifiers it needs.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace omen::pgwire {

inline constexpr int kScramIterations = 4096;
inline constexpr std::string_view kScramMechanism = "SCRAM-SHA-256";
inline constexpr std::string_view kScramPlusMechanism = "SCRAM-SHA-256-PLUS";

/// "SCRAM-SHA-256$<iterations>:<salt>$<stored key>:<server key>", with a fresh salt. A verifier
/// given in place of a password is kept as it is.
Result<std::string> MakeScramVerifier(std::string_view password);
/// The same with a given salt: for tests.
Result<std::string> MakeScramVerifier(std::string_view password, std::string_view salt,
                                      int iterations);
bool IsScramVerifier(std::string_view text);
/// Bytes no one can guess; the process stops when the system has none.
std::string RandomBytes(size_t size);

/// One exchange. Give it the client's two messages in turn. A wrong password, an unknown user
/// and a user without a password take the same steps and fail alike. One thread.
class ScramExchange {
 public:
  /// An empty or damaged verifier makes a mock exchange, whose salt is always the same for one
  /// `user` (else guessing twice would tell that the user does not exist).
  /// `channel_binding`: tls-server-end-point data; empty when there is no TLS.
  ScramExchange(std::string_view user, std::string_view verifier,
                std::string_view channel_binding = {});

  /// client-first-message -> server-first-message. Errors: 08P01, 28000.
  Result<std::string> First(std::string_view mechanism, std::string_view client_first);
  /// client-final-message -> server-final-message. 28P01 when the proof is wrong.
  Result<std::string> Final(std::string_view client_final);

  /// For tests with published vectors.
  void set_server_nonce(std::string nonce) { server_nonce_ = std::move(nonce); }

 private:
  std::string user_;
  bool mock_ = false;
  std::string salt_, stored_key_, server_key_;
  int iterations_ = kScramIterations;
  std::string channel_binding_;
  std::string gs2_header_;
  bool bound_ = false;  // the client chose the -PLUS mechanism
  std::string client_first_bare_, server_first_, client_nonce_, server_nonce_;
};

}  // namespace omen::pgwire
