// Text and binary forms of every type, byte for byte as PostgreSQL 15 prints and
// reads them (typinput/typoutput/typsend/typreceive).
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "types/operations.h"
#include "types/type.h"
#include "types/value.h"

namespace omen {

/// Parses `text` as `type` and applies its typmod as an assignment would
/// (varchar(n) too long -> 22001, numeric rounded to scale or 22003).
/// `now_micros`: transaction timestamp, for 'now', 'today'. Errors: 22P02, 22007, 22008, 22003...
Result<Value> ParseText(Type type, std::string_view text, const TextStyle& style = {},
                        int64_t now_micros = 0);
/// Appends the text form. `value` must not be null.
void AppendText(Type type, const Value& value, const TextStyle& style, std::string& out);
std::string ToText(Type type, const Value& value, const TextStyle& style = {});

/// Parses the binary wire form. Errors: 22P03.
Result<Value> ParseBinary(Type type, std::string_view bytes);
/// Appends the binary wire form (no length prefix). `value` must not be null.
void AppendBinary(Type type, const Value& value, std::string& out);

/// Coerces a value already of the right carrier to the typmod: varchar(n)/char(n) length,
/// numeric scale, timestamp precision. `explicit_cast` truncates strings silently.
Result<Value> ApplyTypmod(Type type, Value value, bool explicit_cast);

/// What of a char(n) counts in comparisons.
inline std::string_view WithoutBlanks(std::string_view text) {
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

/// -1, 0 or 1, NaN above all.
inline int OrderFloats(double a, double b) {
  if (a < b) return -1;
  if (a > b) return 1;
  return a == b ? 0 : static_cast<int>(a != a) - static_cast<int>(b != b);
}

/// <0, 0, >0 in btree order of the type: NaN above all, C order for text, shorter
/// arrays first. Neither may be null.
int CompareValues(Oid type, const Value& a, const Value& b);
/// Equal values hash equally (numeric 1.0 and 1.00, -0.0 and 0.0 included).
uint64_t HashValue(Oid type, const Value& value);

/// False when `text` is not well-formed UTF-8 or holds a NUL byte.
bool IsValidUtf8(std::string_view text);
/// The same as an error: 22021 `invalid byte sequence for encoding "UTF8": 0xff`.
Status CheckUtf8(std::string_view text);

}  // namespace omen
