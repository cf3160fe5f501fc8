// Text forms of the scalar types that need no arithmetic: integers, booleans,
// floats, bytea, uuid, "char" and name.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"
#include "types/type.h"
#include "types/utf8.h"
#include "types/value.h"

namespace omen::types_internal {

/// ASCII white space as C's isspace in the C locale.
constexpr bool IsSpace(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
constexpr bool IsDigit(char c) { return c >= '0' && c <= '9'; }
constexpr bool IsAlpha(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
constexpr char ToLower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }
std::string_view TrimSpace(std::string_view text);
/// ASCII case-insensitive equality; `lower` is in lower case.
bool EqualsLower(std::string_view text, std::string_view lower);
/// Bytes of the first `count` UTF-8 characters.
size_t BytesOfCharacters(std::string_view text, size_t count);
/// Of a name, at most.
inline constexpr size_t kNameBytes = 63;
/// The longest prefix of at most `limit` bytes that ends between characters.
std::string_view ClipUtf8(std::string_view text, size_t limit);

/// 22P02 `invalid input syntax for type T: "text"`.
Status InvalidSyntax(std::string_view type_name, std::string_view text);
/// 22003 `value "text" is out of range for type T`.
Status OutOfRange(std::string_view type_name, std::string_view text);

/// smallint, integer or bigint.
Result<int64_t> ParseInteger(Oid type, std::string_view text);
/// oid and the reg* types: unsigned, or negative within int4 as PostgreSQL's strtoul reads it.
Result<int64_t> ParseOid(std::string_view text);
Result<bool> ParseBool(std::string_view text);
/// `is_float4`: rounds once, directly to single precision.
Result<double> ParseFloat(bool is_float4, std::string_view text);
void AppendFloat(bool is_float4, double value, int extra_float_digits, std::string& out);
Result<std::string> ParseBytea(std::string_view text);
void AppendBytea(std::string_view bytes, bool hex, std::string& out);
Result<UuidData> ParseUuid(std::string_view text);
void AppendUuid(const UuidData& uuid, std::string& out);
/// "char": at most one byte, \ooo for octal.
std::string_view ParseChar(std::string_view text, char* storage);
void AppendChar(std::string_view value, std::string& out);
void AppendInt(int64_t value, std::string& out);

}  // namespace omen::types_internal
