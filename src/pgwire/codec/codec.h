// Bytes <-> messages of PostgreSQL's frontend/backend protocol 3.0. Pure functions: no sockets,
// no session state. Decoders borrow from the bytes they are given and never allocate more than
// those bytes justify; anything malformed is an error, never a guess.
//
// A message is a type byte, a four-byte big-endian length that counts itself, and a body. The
// first packet of a connection has no type byte.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "session/session.h"
#include "session/sink.h"

namespace omen::pgwire {

inline constexpr uint32_t kProtocol30 = 3u << 16;
inline constexpr uint32_t kCancelRequestCode = 80877102;
inline constexpr uint32_t kSslRequestCode = 80877103;
inline constexpr uint32_t kGssRequestCode = 80877104;

/// Limits on a message's length word, as PostgreSQL has them.
inline constexpr uint32_t kStartupBytesMax = 10'000;
inline constexpr uint32_t kSmallMessageMax = 10'000;
inline constexpr uint32_t kLargeMessageMax = (1u << 30) - 1;

/// The first packet of a connection.
struct StartupRequest {
  enum class Kind { kStartup, kSsl, kGss, kCancel } kind = Kind::kStartup;
  uint32_t protocol = 0;
  std::vector<std::pair<std::string, std::string>> parameters;
  std::vector<std::string> unknown_options;  // _pq_.*: named in NegotiateProtocolVersion
  int32_t cancel_pid = 0;
  std::string cancel_key;

  /// The value of a parameter, or empty.
  std::string_view Find(std::string_view name) const;
};

/// `body` is what follows the length word. Errors: 08P01; 0A000 for another major version.
Result<StartupRequest> DecodeStartup(std::string_view body);

/// The greatest length word a frontend message of `type` may carry; 0 for an unknown type.
uint32_t MessageLengthMax(char type);

struct ParseMessage {
  std::string_view name, text;
  std::vector<Oid> param_types;
};
struct TargetMessage {  // Describe and Close
  char kind = 'S';      // 'S' statement, 'P' portal
  std::string_view name;
};
struct ExecuteMessage {
  std::string_view portal;
  uint32_t max_rows = 0;  // 0: all
};
struct SaslInitialResponse {
  std::string_view mechanism;
  std::string_view data;
};

// Bodies of frontend messages. Errors: 08P01, and 22023 for an unknown format code. Outputs are
// overwritten, their capacity reused.
Result<std::string_view> DecodeQuery(std::string_view body);
Status DecodeParse(std::string_view body, ParseMessage* out);
Status DecodeBind(std::string_view body, session::Session::BindArgs* out);
Result<TargetMessage> DecodeTarget(std::string_view body);
Result<ExecuteMessage> DecodeExecute(std::string_view body);
Result<std::string_view> DecodeCopyFail(std::string_view body);
Result<SaslInitialResponse> DecodeSaslInitial(std::string_view body);
Result<std::string_view> DecodePassword(std::string_view body);
/// Flush, Sync, Terminate, CopyDone.
Status DecodeEmpty(std::string_view body);

enum class AuthRequest : uint32_t { kOk = 0, kSasl = 10, kSaslContinue = 11, kSaslFinal = 12 };

// Backend messages, appended to `out`.
void AppendAuthentication(std::string& out, AuthRequest request, std::string_view data = {});
void AppendSaslMechanisms(std::string& out, std::span<const std::string_view> mechanisms);
void AppendBackendKeyData(std::string& out, int32_t pid, std::string_view key);
void AppendParameterStatus(std::string& out, std::string_view name, std::string_view value);
void AppendNegotiateVersion(std::string& out, std::span<const std::string> unknown_options);
void AppendReadyForQuery(std::string& out, char transaction_status);
/// ParseComplete '1', BindComplete '2', CloseComplete '3', NoData 'n', EmptyQuery 'I',
/// PortalSuspended 's', CopyDone 'c'.
void AppendBare(std::string& out, char type);
void AppendCommandComplete(std::string& out, std::string_view tag);
void AppendParameterDescription(std::string& out, std::span<const Type> types);
void AppendRowDescription(std::string& out, std::span<const sql::OutputColumn> columns,
                          std::span<const session::Format> formats);
/// 54000, with `out` as it was, for a row that no message can hold.
Status AppendDataRow(std::string& out, std::span<const sql::OutputColumn> columns, const Row& row,
                     std::span<const session::Format> formats, const TextStyle& style);
/// The same of fields of `columns` columns.
Status AppendFields(std::string& out, const FieldRows& rows, size_t row, size_t columns,
                    std::span<const session::Format> formats, const TextStyle& style);
/// type 'G' (in) or 'H' (out).
void AppendCopyResponse(std::string& out, char type, bool binary, int columns);
void AppendCopyData(std::string& out, std::string_view data);
/// type 'E' (error) or 'N' (notice).
void AppendReport(std::string& out, char type, std::string_view severity, const ErrorInfo& info);

}  // namespace omen::pgwire
