// text, varchar, char(n), name, "char", unknown; bytea.
#include <fmt/format.h>

#include "types/internal/binary_errors.h"
#include "types/io.h"
#include "types/operations/families.h"
#include "types/operations/strings.h"
#include "types/text/scalar_text.h"

namespace omen::types_internal {
namespace {

Result<Value> ReadString(const TypeInfo&, int32_t, std::string_view text, const TextContext&) {
  return Value::Bytes(text);
}

Result<Value> ReadWireString(const TypeInfo&, std::string_view bytes) {
  OMEN_RETURN_IF_ERROR(CheckUtf8(bytes));
  return Value::Bytes(bytes);
}

std::string FormatVarchar(int32_t typmod) {
  return fmt::format("character varying({})", typmod - 4);
}
std::string FormatBpchar(int32_t typmod) { return fmt::format("character({})", typmod - 4); }

Status TooLong(const TypeInfo& type, int32_t typmod) {
  return Status(sqlstate::kStringTooLong,
                fmt::format("value too long for type {}", type.operations->format_typmod(typmod)));
}

/// Where the text is to be cut; what is too long may lose spaces, and in a cast anything.
Result<std::string_view> Cut(const TypeInfo& type, int32_t typmod, std::string_view text,
                             bool explicit_cast) {
  const size_t limit = static_cast<size_t>(typmod - 4);
  // A text of no more bytes than characters allowed needs no counting.
  if (text.size() <= limit) return text;
  const size_t keep = BytesOfCharacters(text, limit);
  if (keep == text.size()) return text;
  const bool only_spaces = text.find_first_not_of(' ', keep) == std::string_view::npos;
  if (!explicit_cast && !only_spaces) return TooLong(type, typmod);
  return text.substr(0, keep);
}

Result<Value> LimitVarchar(const TypeInfo& type, int32_t typmod, Value value, bool explicit_cast) {
  const std::string_view text = value.AsBytes();
  OMEN_ASSIGN_OR_RETURN(const std::string_view cut, Cut(type, typmod, text, explicit_cast));
  if (cut.size() == text.size()) return value;
  return Value::Bytes(cut);
}

Result<Value> LimitBpchar(const TypeInfo& type, int32_t typmod, Value value, bool explicit_cast) {
  const std::string_view text = value.AsBytes();
  OMEN_ASSIGN_OR_RETURN(std::string_view cut,
                        Cut(type, typmod, WithoutBlanks(text), explicit_cast));
  cut = WithoutBlanks(cut);
  if (cut.size() == text.size()) return value;
  return Value::Bytes(cut);
}

/// Padded to its length, of which values are kept without.
void WriteBpchar(const TypeInfo&, int32_t typmod, const Value& value, const TextStyle&,
                 std::string& out) {
  const std::string_view text = value.AsBytes();
  out += text;
  if (typmod < 4) return;
  const size_t characters = CountCharacters(text), length = static_cast<size_t>(typmod - 4);
  if (characters < length) out.append(length - characters, ' ');
}

void WriteWireBpchar(const TypeInfo& type, int32_t typmod, const Value& value, std::string& out) {
  WriteBpchar(type, typmod, value, {}, out);
}

int CompareBpchar(const Value& a, const Value& b) {
  return ThreeWay(WithoutBlanks(a.AsBytes()).compare(WithoutBlanks(b.AsBytes())), 0);
}

uint64_t HashBpchar(const Value& value) { return HashBytes(WithoutBlanks(value.AsBytes())); }

Result<Value> ReadName(const TypeInfo&, int32_t, std::string_view text, const TextContext&) {
  return Value::Bytes(ClipUtf8(text, kNameBytes));
}

Result<Value> ReadWireName(const TypeInfo& type, std::string_view bytes) {
  OMEN_ASSIGN_OR_RETURN(Value name, ReadWireString(type, bytes));
  if (bytes.size() <= kNameBytes) return name;
  return Status(sqlstate::kNameTooLong, "identifier too long")
      .Detail("Identifier must be less than 64 characters.");
}

Result<Value> ReadChar(const TypeInfo&, int32_t, std::string_view text, const TextContext&) {
  char storage;
  return Value::Bytes(ParseChar(text, &storage));
}

void WriteChar(const TypeInfo&, int32_t, const Value& value, const TextStyle&, std::string& out) {
  AppendChar(value.AsBytes(), out);
}

Result<Value> ReadWireChar(const TypeInfo&, std::string_view bytes) {
  if (bytes.empty()) return Insufficient();
  if (bytes.size() > 1) return Malformed("incorrect binary data format");
  return Value::Bytes(bytes[0] == '\0' ? std::string_view() : bytes);
}

void WriteWireChar(const TypeInfo&, int32_t, const Value& value, std::string& out) {
  out.push_back(value.AsBytes().empty() ? '\0' : value.AsBytes()[0]);
}

Result<Value> ReadBytea(const TypeInfo&, int32_t, std::string_view text, const TextContext&) {
  OMEN_ASSIGN_OR_RETURN(const std::string bytes, ParseBytea(text));
  return Value::Bytes(bytes);
}

void WriteBytea(const TypeInfo&, int32_t, const Value& value, const TextStyle& style,
                std::string& out) {
  AppendBytea(value.AsBytes(), style.bytea_hex, out);
}

Result<Value> ReadWireBytea(const TypeInfo&, std::string_view bytes) { return Value::Bytes(bytes); }

}  // namespace

constexpr TypeOperations kTextOperations{ReadString,     WriteString,   ReadWireString,
                                         WriteWireBytes, CompareString, HashString};
constexpr TypeOperations kVarcharOperations{.read_text = ReadString,
                                            .write_text = WriteString,
                                            .read_binary = ReadWireString,
                                            .write_binary = WriteWireBytes,
                                            .compare = CompareString,
                                            .hash = HashString,
                                            .apply_typmod = LimitVarchar,
                                            .format_typmod = FormatVarchar};
constexpr TypeOperations kBpcharOperations{.read_text = ReadString,
                                           .write_text = WriteBpchar,
                                           .read_binary = ReadWireString,
                                           .write_binary = WriteWireBpchar,
                                           .compare = CompareBpchar,
                                           .hash = HashBpchar,
                                           .apply_typmod = LimitBpchar,
                                           .format_typmod = FormatBpchar};
constexpr TypeOperations kNameOperations{ReadName,       WriteString,   ReadWireName,
                                         WriteWireBytes, CompareString, HashString};
constexpr TypeOperations kCharOperations{ReadChar,      WriteChar,     ReadWireChar,
                                         WriteWireChar, CompareString, HashString};
constexpr TypeOperations kByteaOperations{ReadBytea,      WriteBytea,    ReadWireBytea,
                                          WriteWireBytes, CompareString, HashString};

}  // namespace omen::types_internal
