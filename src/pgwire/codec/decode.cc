// Frontend messages: every length is checked before it is believed.
#include <fmt/format.h>

#include "base/bytes.h"
#include "pgwire/codec/codec.h"

namespace omen::pgwire {
namespace {

Status ProtocolError(std::string message) {
  return Status(sqlstate::kProtocolViolation, std::move(message));
}

/// Walks one body. After the first failure every read gives an empty value and `status` tells.
class BodyReader {
 public:
  explicit BodyReader(std::string_view body) : rest_(body) {}

  template <std::unsigned_integral T>
  T Integer() {
    if (rest_.size() < sizeof(T)) {
      Fail("insufficient data left in message");
      return 0;
    }
    T value = LoadBigEndian<T>(rest_.data());
    rest_.remove_prefix(sizeof(T));
    return value;
  }
  std::string_view String() {
    size_t end = rest_.find('\0');
    if (end == std::string_view::npos) {
      Fail("invalid string in message");
      return {};
    }
    std::string_view text = rest_.substr(0, end);
    rest_.remove_prefix(end + 1);
    return text;
  }
  std::string_view Bytes(size_t size) {
    if (size > rest_.size()) {
      Fail("insufficient data left in message");
      return {};
    }
    std::string_view bytes = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return bytes;
  }
  char Byte() { return static_cast<char>(Integer<uint8_t>()); }
  std::string_view Rest() { return std::exchange(rest_, {}); }

  bool failed() const { return failed_ != nullptr; }
  size_t left() const { return rest_.size(); }
  /// Ok when all was read, and nothing is left over.
  Status Finish() {
    if (failed_ == nullptr && !rest_.empty()) Fail("invalid message format");
    return failed_ == nullptr ? Status::Ok() : ProtocolError(failed_);
  }

 private:
  void Fail(const char* why) {
    if (failed_ == nullptr) failed_ = why;
    rest_ = {};
  }
  std::string_view rest_;
  const char* failed_ = nullptr;
};

Status ReadFormats(BodyReader& reader, std::vector<session::Format>* out) {
  out->clear();
  size_t count = reader.Integer<uint16_t>();
  for (size_t i = 0; i < count && !reader.failed(); ++i) {
    uint16_t code = reader.Integer<uint16_t>();
    if (code > 1) {
      return Status(sqlstate::kInvalidParameter,
                    fmt::format("unsupported format code: {}", static_cast<int16_t>(code)));
    }
    out->push_back(static_cast<session::Format>(code));
  }
  return Status::Ok();
}

Result<StartupRequest> DecodeCancel(BodyReader& reader) {
  StartupRequest request;
  request.kind = StartupRequest::Kind::kCancel;
  request.cancel_pid = static_cast<int32_t>(reader.Integer<uint32_t>());
  request.cancel_key = reader.Rest();
  OMEN_RETURN_IF_ERROR(reader.Finish());
  if (request.cancel_key.size() < 4 || request.cancel_key.size() > 256) {
    return ProtocolError("invalid length of cancel request packet");
  }
  return request;
}

Status ReadStartupParameters(BodyReader& reader, StartupRequest* request) {
  while (!reader.failed()) {
    std::string_view name = reader.String();
    if (name.empty()) break;
    std::string_view value = reader.String();
    if (name.starts_with("_pq_.")) {
      request->unknown_options.emplace_back(name);
    } else {
      request->parameters.emplace_back(name, value);
    }
  }
  if (reader.failed() || reader.left() > 0) {
    return ProtocolError("invalid startup packet layout: expected terminator as last byte");
  }
  return Status::Ok();
}

}  // namespace

std::string_view StartupRequest::Find(std::string_view name) const {
  for (const auto& [key, value] : parameters) {
    if (key == name) return value;
  }
  return {};
}

Result<StartupRequest> DecodeStartup(std::string_view body) {
  BodyReader reader(body);
  uint32_t code = reader.Integer<uint32_t>();
  if (reader.failed()) return ProtocolError("invalid length of startup packet");
  StartupRequest request;
  request.protocol = code;
  if (code == kCancelRequestCode) return DecodeCancel(reader);
  if (code == kSslRequestCode || code == kGssRequestCode) {
    request.kind =
        code == kSslRequestCode ? StartupRequest::Kind::kSsl : StartupRequest::Kind::kGss;
    OMEN_RETURN_IF_ERROR(reader.Finish());
    return request;
  }
  if (code >> 16 != 3) {
    return Status(sqlstate::kFeatureNotSupported,
                  fmt::format("unsupported frontend protocol {}.{}: server supports 3.0 to 3.0",
                              code >> 16, code & 0xffff));
  }
  OMEN_RETURN_IF_ERROR(ReadStartupParameters(reader, &request));
  return request;
}

uint32_t MessageLengthMax(char type) {
  switch (type) {
    case 'Q':
    case 'P':
    case 'B':
    case 'd':
    case 'F':
      return kLargeMessageMax;
    case 'C':
    case 'D':
    case 'E':
    case 'H':
    case 'S':
    case 'X':
    case 'c':
    case 'f':
    case 'p':
      return kSmallMessageMax;
    default:
      return 0;
  }
}

Result<std::string_view> DecodeQuery(std::string_view body) {
  BodyReader reader(body);
  std::string_view text = reader.String();
  OMEN_RETURN_IF_ERROR(reader.Finish());
  return text;
}

Status DecodeParse(std::string_view body, ParseMessage* out) {
  BodyReader reader(body);
  out->name = reader.String();
  out->text = reader.String();
  out->param_types.clear();
  size_t count = reader.Integer<uint16_t>();
  for (size_t i = 0; i < count && !reader.failed(); ++i) {
    out->param_types.push_back(reader.Integer<uint32_t>());
  }
  return reader.Finish();
}

Status DecodeBind(std::string_view body, session::Session::BindArgs* out) {
  BodyReader reader(body);
  out->portal = reader.String();
  out->statement = reader.String();
  OMEN_RETURN_IF_ERROR(ReadFormats(reader, &out->param_formats));
  out->params.clear();
  size_t count = reader.Integer<uint16_t>();
  for (size_t i = 0; i < count && !reader.failed(); ++i) {
    uint32_t length = reader.Integer<uint32_t>();
    if (length == UINT32_MAX) {
      out->params.emplace_back(std::nullopt);
    } else {
      out->params.emplace_back(reader.Bytes(length));
    }
  }
  OMEN_RETURN_IF_ERROR(ReadFormats(reader, &out->result_formats));
  OMEN_RETURN_IF_ERROR(reader.Finish());
  if (out->param_formats.size() > 1 && out->param_formats.size() != out->params.size()) {
    return ProtocolError(fmt::format("bind message has {} parameter formats but {} parameters",
                                     out->param_formats.size(), out->params.size()));
  }
  return Status::Ok();
}

Result<TargetMessage> DecodeTarget(std::string_view body) {
  BodyReader reader(body);
  TargetMessage message;
  message.kind = reader.Byte();
  message.name = reader.String();
  OMEN_RETURN_IF_ERROR(reader.Finish());
  if (message.kind != 'S' && message.kind != 'P') {
    return ProtocolError(fmt::format("invalid message subtype {}",
                                     static_cast<int>(static_cast<uint8_t>(message.kind))));
  }
  return message;
}

Result<ExecuteMessage> DecodeExecute(std::string_view body) {
  BodyReader reader(body);
  ExecuteMessage message;
  message.portal = reader.String();
  uint32_t rows = reader.Integer<uint32_t>();
  OMEN_RETURN_IF_ERROR(reader.Finish());
  message.max_rows = rows > INT32_MAX ? 0 : rows;  // negative means no limit, as PostgreSQL
  return message;
}

Result<std::string_view> DecodeCopyFail(std::string_view body) { return DecodeQuery(body); }

Result<SaslInitialResponse> DecodeSaslInitial(std::string_view body) {
  BodyReader reader(body);
  SaslInitialResponse message;
  message.mechanism = reader.String();
  uint32_t length = reader.Integer<uint32_t>();
  if (length != UINT32_MAX) message.data = reader.Bytes(length);
  OMEN_RETURN_IF_ERROR(reader.Finish());
  return message;
}

Result<std::string_view> DecodePassword(std::string_view body) { return DecodeQuery(body); }

Status DecodeEmpty(std::string_view body) { return BodyReader(body).Finish(); }

}  // namespace omen::pgwire
