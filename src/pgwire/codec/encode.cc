// Backend messages. Each is appended in place with its length patched afterwards, so that a row
// goes from its values to the connection's buffer without a copy between.
#include <charconv>
#include <exception>

#include "base/bytes.h"
#include "pgwire/codec/codec.h"

namespace omen::pgwire {
namespace {

/// While a message is made from values: takes back what there is of it when an exception leaves it,
/// so that the error's message follows whole ones.
class Unfinished {
 public:
  explicit Unfinished(std::string& out)
      : out_(out), start_(out.size()), exceptions_(std::uncaught_exceptions()) {}
  ~Unfinished() {
    if (std::uncaught_exceptions() > exceptions_) out_.resize(start_);
  }
  Unfinished(const Unfinished&) = delete;
  Unfinished& operator=(const Unfinished&) = delete;

 private:
  std::string& out_;
  const size_t start_;
  const int exceptions_;
};

/// Appends the type byte and a length to be patched; returns where the length is.
size_t BeginMessage(std::string& out, char type) {
  out.push_back(type);
  size_t at = out.size();
  out.append(4, '\0');
  return at;
}

void PatchLength(std::string& out, size_t at, size_t length) {
  StoreBigEndian(out.data() + at, static_cast<uint32_t>(length));
}

void EndMessage(std::string& out, size_t at) { PatchLength(out, at, out.size() - at); }

void AppendString(std::string& out, std::string_view text) {
  out.append(text);
  out.push_back('\0');
}

void AppendCount(std::string& out, size_t count) {
  AppendBigEndian(out, static_cast<uint16_t>(count));
}

session::Format FormatOf(std::span<const session::Format> formats, size_t column) {
  return formats.empty() ? session::Format::kText : formats[column];
}

void AppendIntegerText(std::string& out, int64_t value) {
  char digits[24];
  auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
  out.append(digits, static_cast<size_t>(end - digits));
}

/// The types that make up most rows, without the call into the general writer.
bool AppendFast(std::string& out, Oid type, const Value& value, session::Format format) {
  switch (type) {
    case oid::kInt4:
      if (format == session::Format::kText) {
        AppendIntegerText(out, value.AsInt());
      } else {
        AppendBigEndian(out, static_cast<uint32_t>(value.AsInt()));
      }
      return true;
    case oid::kInt8:
      if (format == session::Format::kText) {
        AppendIntegerText(out, value.AsInt());
      } else {
        AppendBigEndian(out, static_cast<uint64_t>(value.AsInt()));
      }
      return true;
    case oid::kText:
    case oid::kVarchar:
      out.append(value.AsBytes());
      return true;
    default:
      return false;
  }
}

/// A DataRow is whole; or it is taken back.
Status EndRow(std::string& out, size_t start) {
  const size_t length_at = start + 1;
  if (out.size() - length_at > kLargeMessageMax) {
    out.resize(start);
    return Status(sqlstate::kProgramLimit, "result row is too large to send");
  }
  EndMessage(out, length_at);
  return Status::Ok();
}

void AppendField(std::string& out, char code, std::string_view text) {
  if (text.empty()) return;
  out.push_back(code);
  AppendString(out, text);
}

}  // namespace

void AppendAuthentication(std::string& out, AuthRequest request, std::string_view data) {
  size_t at = BeginMessage(out, 'R');
  AppendBigEndian(out, static_cast<uint32_t>(request));
  out.append(data);
  EndMessage(out, at);
}

void AppendSaslMechanisms(std::string& out, std::span<const std::string_view> mechanisms) {
  std::string data;
  for (std::string_view mechanism : mechanisms) AppendString(data, mechanism);
  data.push_back('\0');
  AppendAuthentication(out, AuthRequest::kSasl, data);
}

void AppendBackendKeyData(std::string& out, int32_t pid, std::string_view key) {
  size_t at = BeginMessage(out, 'K');
  AppendBigEndian(out, static_cast<uint32_t>(pid));
  out.append(key);
  EndMessage(out, at);
}

void AppendParameterStatus(std::string& out, std::string_view name, std::string_view value) {
  size_t at = BeginMessage(out, 'S');
  AppendString(out, name);
  AppendString(out, value);
  EndMessage(out, at);
}

void AppendNegotiateVersion(std::string& out, std::span<const std::string> unknown_options) {
  size_t at = BeginMessage(out, 'v');
  AppendBigEndian(out, kProtocol30);
  AppendBigEndian(out, static_cast<uint32_t>(unknown_options.size()));
  for (const std::string& option : unknown_options) AppendString(out, option);
  EndMessage(out, at);
}

void AppendReadyForQuery(std::string& out, char transaction_status) {
  size_t at = BeginMessage(out, 'Z');
  out.push_back(transaction_status);
  EndMessage(out, at);
}

void AppendBare(std::string& out, char type) { EndMessage(out, BeginMessage(out, type)); }

void AppendCommandComplete(std::string& out, std::string_view tag) {
  size_t at = BeginMessage(out, 'C');
  AppendString(out, tag);
  EndMessage(out, at);
}

void AppendParameterDescription(std::string& out, std::span<const Type> types) {
  size_t at = BeginMessage(out, 't');
  AppendCount(out, types.size());
  for (Type type : types) AppendBigEndian(out, type.oid);
  EndMessage(out, at);
}

void AppendRowDescription(std::string& out, std::span<const sql::OutputColumn> columns,
                          std::span<const session::Format> formats) {
  const Unfinished unfinished(out);
  size_t at = BeginMessage(out, 'T');
  AppendCount(out, columns.size());
  for (size_t i = 0; i < columns.size(); ++i) {
    const sql::OutputColumn& column = columns[i];
    const TypeInfo* info = FindType(column.type.oid);
    AppendString(out, column.name);
    AppendBigEndian(out, column.table);
    AppendBigEndian(out, static_cast<uint16_t>(column.attnum));
    AppendBigEndian(out, column.type.oid);
    AppendBigEndian(out, static_cast<uint16_t>(info == nullptr ? -1 : info->length));
    AppendBigEndian(out, static_cast<uint32_t>(column.type.typmod));
    AppendBigEndian(out, static_cast<uint16_t>(FormatOf(formats, i)));
  }
  EndMessage(out, at);
}

Status AppendDataRow(std::string& out, std::span<const sql::OutputColumn> columns, const Row& row,
                     std::span<const session::Format> formats, const TextStyle& style) {
  OMEN_CHECK(row.size() >= columns.size());
  const Unfinished unfinished(out);
  const size_t start = out.size();
  BeginMessage(out, 'D');
  AppendCount(out, columns.size());
  for (size_t i = 0; i < columns.size(); ++i) {
    const Value& value = row[i];
    if (value.is_null()) {
      AppendBigEndian(out, UINT32_MAX);
      continue;
    }
    const Type type = columns[i].type;
    const session::Format format = FormatOf(formats, i);
    size_t length_at = out.size();
    out.append(4, '\0');
    if (!AppendFast(out, type.oid, value, format)) {
      if (format == session::Format::kText) {
        AppendText(type, value, style, out);
      } else {
        AppendBinary(type, value, out);
      }
    }
    PatchLength(out, length_at, out.size() - length_at - 4);
  }
  return EndRow(out, start);
}

Status AppendFields(std::string& out, const FieldRows& rows, size_t row, size_t columns,
                    std::span<const session::Format> formats, const TextStyle& style) {
  const Unfinished unfinished(out);
  const size_t start = out.size();
  BeginMessage(out, 'D');
  AppendCount(out, columns);
  for (size_t i = 0; i < columns; ++i) {
    const FieldColumn& column = *rows.columns()[i];
    const size_t length_at = out.size();
    out.append(4, '\0');
    const bool text = FormatOf(formats, i) == session::Format::kText;
    const bool some = text ? column.AppendText(row, style, out) : column.AppendBinary(row, out);
    PatchLength(out, length_at, some ? out.size() - length_at - 4 : UINT32_MAX);
  }
  return EndRow(out, start);
}

void AppendCopyResponse(std::string& out, char type, bool binary, int columns) {
  size_t at = BeginMessage(out, type);
  out.push_back(binary ? '\1' : '\0');
  AppendCount(out, static_cast<size_t>(columns));
  for (int i = 0; i < columns; ++i) AppendBigEndian(out, static_cast<uint16_t>(binary ? 1 : 0));
  EndMessage(out, at);
}

void AppendCopyData(std::string& out, std::string_view data) {
  const Unfinished unfinished(out);
  size_t at = BeginMessage(out, 'd');
  out.append(data);
  EndMessage(out, at);
}

void AppendReport(std::string& out, char type, std::string_view severity, const ErrorInfo& info) {
  size_t at = BeginMessage(out, type);
  AppendField(out, 'S', severity);
  AppendField(out, 'V', severity);
  AppendField(out, 'C', info.state.view());
  out.push_back('M');
  AppendString(out, info.message);
  AppendField(out, 'D', info.detail);
  AppendField(out, 'H', info.hint);
  if (info.position > 0) AppendField(out, 'P', std::to_string(info.position));
  AppendField(out, 'W', info.where);
  AppendField(out, 's', info.schema);
  AppendField(out, 't', info.table);
  AppendField(out, 'c', info.column);
  AppendField(out, 'n', info.constraint);
  out.push_back('\0');
  EndMessage(out, at);
}

}  // namespace omen::pgwire
