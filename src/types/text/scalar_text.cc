#include "types/text/scalar_text.h"

#include <fmt/format.h>

#include <charconv>
#include <limits>

namespace omen::types_internal {

std::string_view TrimSpace(std::string_view text) {
  while (!text.empty() && IsSpace(text.front())) text.remove_prefix(1);
  while (!text.empty() && IsSpace(text.back())) text.remove_suffix(1);
  return text;
}

bool EqualsLower(std::string_view text, std::string_view lower) {
  if (text.size() != lower.size()) return false;
  for (size_t i = 0; i < text.size(); ++i) {
    if (ToLower(text[i]) != lower[i]) return false;
  }
  return true;
}

size_t BytesOfCharacters(std::string_view text, size_t count) {
  size_t i = 0;
  for (; i < text.size(); ++i) {
    if (IsContinuation(text[i])) continue;
    if (count == 0) return i;
    --count;
  }
  return i;
}

std::string_view ClipUtf8(std::string_view text, size_t limit) {
  if (text.size() <= limit) return text;
  while (limit > 0 && IsContinuation(text[limit])) --limit;
  return text.substr(0, limit);
}

Status InvalidSyntax(std::string_view type_name, std::string_view text) {
  return Status(sqlstate::kInvalidText,
                fmt::format("invalid input syntax for type {}: \"{}\"", type_name, text));
}

Status OutOfRange(std::string_view type_name, std::string_view text) {
  return Status(sqlstate::kNumericOutOfRange,
                fmt::format("value \"{}\" is out of range for type {}", text, type_name));
}

Result<int64_t> ParseInteger(Oid type, std::string_view text) {
  const std::string_view name = type == oid::kInt2   ? "smallint"
                                : type == oid::kInt4 ? "integer"
                                                     : "bigint";
  std::string_view rest = TrimSpace(text);
  bool negative = !rest.empty() && rest[0] == '-';
  if (!rest.empty() && (rest[0] == '-' || rest[0] == '+')) rest.remove_prefix(1);
  if (rest.empty() || !IsDigit(rest[0])) return InvalidSyntax(name, text);
  // Accumulated as a negative number, whose range is the larger one.
  int64_t value = 0;
  size_t i = 0;
  for (; i < rest.size() && IsDigit(rest[i]); ++i) {
    if (__builtin_mul_overflow(value, int64_t{10}, &value) ||
        __builtin_sub_overflow(value, int64_t{rest[i] - '0'}, &value)) {
      return OutOfRange(name, text);
    }
  }
  int64_t least = type == oid::kInt2   ? std::numeric_limits<int16_t>::min()
                  : type == oid::kInt4 ? std::numeric_limits<int32_t>::min()
                                       : std::numeric_limits<int64_t>::min();
  if (value < least) return OutOfRange(name, text);
  if (i != rest.size()) return InvalidSyntax(name, text);
  if (negative) return value;
  if (value == least) return OutOfRange(name, text);
  return -value;
}

Result<int64_t> ParseOid(std::string_view text) {
  std::string_view rest = TrimSpace(text);
  bool negative = !rest.empty() && rest[0] == '-';
  if (!rest.empty() && (rest[0] == '-' || rest[0] == '+')) rest.remove_prefix(1);
  if (rest.empty() || !IsDigit(rest[0])) return InvalidSyntax("oid", text);
  uint64_t value = 0;
  auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), value);
  if (error != std::errc() || value > UINT32_MAX) return OutOfRange("oid", text);
  if (end != rest.data() + rest.size()) return InvalidSyntax("oid", text);
  if (negative) {
    if (value > uint64_t{1} << 31) return OutOfRange("oid", text);
    value = static_cast<uint32_t>(-static_cast<int64_t>(value));
  }
  return static_cast<int64_t>(value);
}

Result<bool> ParseBool(std::string_view text) {
  std::string_view word = TrimSpace(text);
  auto abbreviates = [&](std::string_view full, size_t least) {
    return word.size() >= least && word.size() <= full.size() &&
           EqualsLower(word, full.substr(0, word.size()));
  };
  if (abbreviates("true", 1) || abbreviates("yes", 1) || abbreviates("on", 2) || word == "1") {
    return true;
  }
  if (abbreviates("false", 1) || abbreviates("no", 1) || abbreviates("off", 2) || word == "0") {
    return false;
  }
  return InvalidSyntax("boolean", text);
}

namespace {

Status InvalidBytea() {
  return Status(sqlstate::kInvalidText, "invalid input syntax for type bytea");
}

Result<std::string> ParseHexBytea(std::string_view text) {
  std::string bytes;
  bytes.reserve(text.size() / 2);
  for (size_t i = 0; i < text.size();) {
    char c = text[i];
    if (c == ' ' || c == '\n' || c == '\t' || c == '\r') {
      ++i;
      continue;
    }
    int high = HexDigit(c);
    if (high < 0) {
      std::string_view rest = text.substr(i);
      return Status(sqlstate::kInvalidParameter,
                    fmt::format("invalid hexadecimal digit: \"{}\"",
                                rest.substr(0, BytesOfCharacters(rest, 1))));
    }
    if (i + 1 >= text.size()) {
      return Status(sqlstate::kInvalidParameter, "invalid hexadecimal data: odd number of digits");
    }
    int low = HexDigit(text[i + 1]);
    if (low < 0) {
      std::string_view rest = text.substr(i + 1);
      return Status(sqlstate::kInvalidParameter,
                    fmt::format("invalid hexadecimal digit: \"{}\"",
                                rest.substr(0, BytesOfCharacters(rest, 1))));
    }
    bytes.push_back(static_cast<char>(high << 4 | low));
    i += 2;
  }
  return bytes;
}

constexpr bool IsOctal(char c) { return c >= '0' && c <= '7'; }

}  // namespace

Result<std::string> ParseBytea(std::string_view text) {
  if (text.starts_with("\\x")) return ParseHexBytea(text.substr(2));
  std::string bytes;
  bytes.reserve(text.size());
  for (size_t i = 0; i < text.size();) {
    if (text[i] != '\\') {
      bytes.push_back(text[i++]);
    } else if (i + 1 < text.size() && text[i + 1] == '\\') {
      bytes.push_back('\\');
      i += 2;
    } else if (i + 3 < text.size() && text[i + 1] >= '0' && text[i + 1] <= '3' &&
               IsOctal(text[i + 2]) && IsOctal(text[i + 3])) {
      bytes.push_back(static_cast<char>((text[i + 1] - '0') << 6 | (text[i + 2] - '0') << 3 |
                                        (text[i + 3] - '0')));
      i += 4;
    } else {
      return InvalidBytea();
    }
  }
  return bytes;
}

void AppendBytea(std::string_view bytes, bool hex, std::string& out) {
  static constexpr char kHex[] = "0123456789abcdef";
  if (hex) {
    out += "\\x";
    for (char c : bytes) {
      auto byte = static_cast<uint8_t>(c);
      out.push_back(kHex[byte >> 4]);
      out.push_back(kHex[byte & 15]);
    }
    return;
  }
  for (char c : bytes) {
    auto byte = static_cast<uint8_t>(c);
    if (c == '\\') {
      out += "\\\\";
    } else if (byte < 0x20 || byte > 0x7e) {
      fmt::format_to(std::back_inserter(out), "\\{:03o}", byte);
    } else {
      out.push_back(c);
    }
  }
}

Result<UuidData> ParseUuid(std::string_view text) {
  UuidData uuid;
  std::string_view rest = text;
  bool braces = rest.starts_with('{');
  if (braces) rest.remove_prefix(1);
  for (size_t i = 0; i < 16; ++i) {
    if (rest.size() < 2 || HexDigit(rest[0]) < 0 || HexDigit(rest[1]) < 0) {
      return InvalidSyntax("uuid", text);
    }
    uuid[i] = static_cast<uint8_t>(HexDigit(rest[0]) << 4 | HexDigit(rest[1]));
    rest.remove_prefix(2);
    // A hyphen may follow any group of four digits.
    if (i % 2 == 1 && i < 15 && rest.starts_with('-')) rest.remove_prefix(1);
  }
  if (braces) {
    if (!rest.starts_with('}')) return InvalidSyntax("uuid", text);
    rest.remove_prefix(1);
  }
  if (!rest.empty()) return InvalidSyntax("uuid", text);
  return uuid;
}

void AppendUuid(const UuidData& uuid, std::string& out) {
  static constexpr char kHex[] = "0123456789abcdef";
  for (size_t i = 0; i < uuid.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) out.push_back('-');
    out.push_back(kHex[uuid[i] >> 4]);
    out.push_back(kHex[uuid[i] & 15]);
  }
}

std::string_view ParseChar(std::string_view text, char* storage) {
  bool octal = text.size() == 4 && text[0] == '\\' && IsOctal(text[1]) && IsOctal(text[2]) &&
               IsOctal(text[3]);
  if (!octal) return text.substr(0, 1);
  *storage = static_cast<char>((text[1] - '0') << 6 | (text[2] - '0') << 3 | (text[3] - '0'));
  return *storage == '\0' ? std::string_view() : std::string_view(storage, 1);
}

void AppendChar(std::string_view value, std::string& out) {
  if (value.empty() || value[0] == '\0') return;
  auto byte = static_cast<uint8_t>(value[0]);
  if (byte < 0x80) {
    out.push_back(value[0]);
  } else {
    fmt::format_to(std::back_inserter(out), "\\{:03o}", byte);
  }
}

void AppendInt(int64_t value, std::string& out) {
  char buffer[24];
  auto [end, error] = std::to_chars(buffer, buffer + sizeof buffer, value);
  out.append(buffer, end);
}

}  // namespace omen::types_internal
