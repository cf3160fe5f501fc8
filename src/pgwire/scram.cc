#include "pgwire/scram.h"

#include <fmt/format.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <openssl/sha.h>

#include <charconv>

#include "base/check.h"

namespace omen::pgwire {
namespace {

constexpr size_t kKeyBytes = SHA256_DIGEST_LENGTH;
constexpr size_t kSaltBytes = 16;
constexpr size_t kNonceBytes = 18;

const unsigned char* Unsigned(std::string_view bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}

std::string Hmac(std::string_view key, std::string_view data) {
  unsigned char digest[kKeyBytes];
  unsigned int size = 0;
  OMEN_CHECK(HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), Unsigned(data),
                  data.size(), digest, &size) != nullptr);
  return std::string(reinterpret_cast<char*>(digest), size);
}

std::string DigestOf(std::string_view data) {
  unsigned char digest[kKeyBytes];
  SHA256(Unsigned(data), data.size(), digest);
  return std::string(reinterpret_cast<char*>(digest), sizeof digest);
}

std::string Base64(std::string_view bytes) {
  std::string text(4 * ((bytes.size() + 2) / 3) + 1, '\0');
  int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), Unsigned(bytes),
                             static_cast<int>(bytes.size()));
  text.resize(static_cast<size_t>(size));
  return text;
}

/// False for anything but canonical base64.
bool FromBase64(std::string_view text, std::string* bytes) {
  if (text.size() % 4 != 0 || text.size() > 4096) return false;
  bytes->assign(text.size() / 4 * 3, '\0');
  int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes->data()), Unsigned(text),
                             static_cast<int>(text.size()));
  if (size < 0) return false;
  size_t padding = text.ends_with("==") ? 2 : text.ends_with("=") ? 1 : 0;
  bytes->resize(static_cast<size_t>(size) - padding);
  return Base64(*bytes) == text;
}

struct Verifier {
  int iterations = 0;
  std::string salt, stored_key, server_key;
};

bool ParseVerifier(std::string_view text, Verifier* out) {
  if (!text.starts_with("SCRAM-SHA-256$")) return false;
  text.remove_prefix(14);
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out->iterations);
  if (error != std::errc() || out->iterations < 1) return false;
  text.remove_prefix(static_cast<size_t>(end - text.data()));
  size_t dollar = text.find('$'), colon = text.rfind(':');
  if (!text.starts_with(":") || dollar == std::string_view::npos || colon <= dollar) return false;
  return FromBase64(text.substr(1, dollar - 1), &out->salt) &&
         FromBase64(text.substr(dollar + 1, colon - dollar - 1), &out->stored_key) &&
         FromBase64(text.substr(colon + 1), &out->server_key) &&
         out->stored_key.size() == kKeyBytes && out->server_key.size() == kKeyBytes;
}

/// The same for one user as long as the process lives, and unknowable from outside.
std::string MockSalt(std::string_view user) {
  static const std::string secret = RandomBytes(kKeyBytes);
  return Hmac(secret, user).substr(0, kSaltBytes);
}

bool EqualSecret(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

Status MalformedScram(std::string detail) {
  return Status(sqlstate::kProtocolViolation, "malformed SCRAM message").Detail(std::move(detail));
}

/// Takes "k=value" off the front of a comma-separated list.
bool TakeAttribute(std::string_view* rest, char key, std::string_view* value) {
  if (rest->size() < 2 || rest->front() != key || (*rest)[1] != '=') return false;
  size_t comma = rest->find(',');
  *value = rest->substr(2, comma == std::string_view::npos ? comma : comma - 2);
  rest->remove_prefix(comma == std::string_view::npos ? rest->size() : comma + 1);
  return true;
}

bool IsPrintable(std::string_view text) {
  for (char c : text) {
    if (c < 0x21 || c > 0x7e || c == ',') return false;
  }
  return !text.empty();
}

}  // namespace

std::string RandomBytes(size_t size) {
  std::string bytes(size, '\0');
  OMEN_CHECK(RAND_bytes(reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(size)) ==
             1);
  return bytes;
}

Result<std::string> MakeScramVerifier(std::string_view password, std::string_view salt,
                                      int iterations) {
  unsigned char salted[kKeyBytes];
  if (PKCS5_PBKDF2_HMAC(password.data(), static_cast<int>(password.size()), Unsigned(salt),
                        static_cast<int>(salt.size()), iterations, EVP_sha256(), kKeyBytes,
                        salted) != 1) {
    return InternalError("could not compute a SCRAM verifier");
  }
  std::string_view key(reinterpret_cast<char*>(salted), kKeyBytes);
  std::string stored_key = DigestOf(Hmac(key, "Client Key"));
  std::string server_key = Hmac(key, "Server Key");
  return fmt::format("SCRAM-SHA-256${}:{}${}:{}", iterations, Base64(salt), Base64(stored_key),
                     Base64(server_key));
}

Result<std::string> MakeScramVerifier(std::string_view password) {
  if (IsScramVerifier(password)) return std::string(password);
  return MakeScramVerifier(password, RandomBytes(kSaltBytes), kScramIterations);
}

bool IsScramVerifier(std::string_view text) {
  Verifier verifier;
  return ParseVerifier(text, &verifier);
}

ScramExchange::ScramExchange(std::string_view user, std::string_view verifier,
                             std::string_view channel_binding)
    : user_(user),
      channel_binding_(channel_binding),
      server_nonce_(Base64(RandomBytes(kNonceBytes))) {
  Verifier parsed;
  mock_ = !ParseVerifier(verifier, &parsed);
  if (mock_) {
    parsed = {kScramIterations, MockSalt(user), std::string(kKeyBytes, '\0'),
              std::string(kKeyBytes, '\0')};
  }
  iterations_ = parsed.iterations;
  salt_ = std::move(parsed.salt);
  stored_key_ = std::move(parsed.stored_key);
  server_key_ = std::move(parsed.server_key);
}

Result<std::string> ScramExchange::First(std::string_view mechanism,
                                         std::string_view client_first) {
  bound_ = mechanism == kScramPlusMechanism && !channel_binding_.empty();
  if (!bound_ && mechanism != kScramMechanism) {
    return Status(sqlstate::kProtocolViolation,
                  "client selected an invalid SASL authentication mechanism");
  }
  size_t comma = client_first.find(',');
  if (comma == std::string_view::npos || comma + 1 >= client_first.size() ||
      client_first[comma + 1] != ',') {
    return MalformedScram("An authorization identity was given, or the message is too short.");
  }
  std::string_view flag = client_first.substr(0, comma);
  if (bound_ ? flag != "p=tls-server-end-point" : flag != "n" && flag != "y") {
    return MalformedScram("Unexpected channel-binding flag.");
  }
  if (flag == "y" && !channel_binding_.empty()) {
    return Status(sqlstate::kInvalidAuthorization, "SCRAM channel binding negotiation error")
        .Detail("The client supports SCRAM channel binding but thinks the server does not.");
  }
  gs2_header_ = client_first.substr(0, comma + 2);
  client_first_bare_ = client_first.substr(comma + 2);
  std::string_view rest = client_first_bare_, name, nonce;
  if (!TakeAttribute(&rest, 'n', &name) || !TakeAttribute(&rest, 'r', &nonce)) {
    return MalformedScram("Attributes \"n\" and \"r\" are expected first.");
  }
  if (!IsPrintable(nonce)) {
    return Status(sqlstate::kProtocolViolation, "non-printable characters in SCRAM nonce");
  }
  client_nonce_ = nonce;
  server_first_ =
      fmt::format("r={}{},s={},i={}", client_nonce_, server_nonce_, Base64(salt_), iterations_);
  return server_first_;
}

Result<std::string> ScramExchange::Final(std::string_view client_final) {
  size_t proof_at = client_final.rfind(",p=");
  std::string_view rest = client_final, binding, nonce;
  std::string proof;
  if (proof_at == std::string_view::npos || !TakeAttribute(&rest, 'c', &binding) ||
      !TakeAttribute(&rest, 'r', &nonce) ||
      !FromBase64(client_final.substr(proof_at + 3), &proof) || proof.size() != kKeyBytes) {
    return MalformedScram("Attributes \"c\", \"r\" and \"p\" are expected.");
  }
  if (binding != Base64(gs2_header_ + (bound_ ? channel_binding_ : std::string()))) {
    return Status(sqlstate::kInvalidAuthorization, "SCRAM channel binding check failed");
  }
  if (nonce != client_nonce_ + server_nonce_) {
    return Status(sqlstate::kProtocolViolation, "invalid SCRAM response")
        .Detail("Nonce does not match.");
  }
  std::string message = client_first_bare_ + "," + server_first_ + ",";
  message += client_final.substr(0, proof_at);
  std::string client_key = Hmac(stored_key_, message);
  for (size_t i = 0; i < kKeyBytes; ++i)
    client_key[i] = static_cast<char>(client_key[i] ^ proof[i]);
  if (!EqualSecret(DigestOf(client_key), stored_key_) || mock_) {
    return Status(sqlstate::kInvalidPassword,
                  fmt::format("password authentication failed for user \"{}\"", user_));
  }
  return "v=" + Base64(Hmac(server_key_, message));
}

}  // namespace omen::pgwire
