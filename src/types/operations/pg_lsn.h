// pg_lsn: a place in a log, carried as its eight bytes, which sort as it does.
#pragma once

#include <fmt/format.h>

#include "types/operations/strings.h"
#include "types/operations/wire_reader.h"
#include "types/text/scalar_text.h"

namespace omen::types_internal {

inline Result<Value> ReadLsn(const TypeInfo&, int32_t, std::string_view text, const TextContext&) {
  uint32_t high, low, end = 0;
  const bool plain = text.find_first_not_of("0123456789abcdefABCDEF/") == std::string_view::npos;
  const int found = std::sscanf(std::string(text).c_str(), "%8X/%8X%n", &high, &low, &end);
  if (!plain || found != 2 || end != text.size()) return InvalidSyntax("pg_lsn", text);
  std::string bytes;
  AppendBigEndian(bytes, uint64_t{high} << 32 | low);
  return Value::Bytes(bytes);
}

inline void WriteLsn(const TypeInfo&, int32_t, const Value& value, const TextStyle&,
                     std::string& out) {
  const auto lsn = LoadBigEndian<uint64_t>(value.AsBytes().data());
  out += fmt::format("{:X}/{:X}", lsn >> 32, lsn & UINT32_MAX);
}

inline constexpr TypeOperations kLsnOperations{ReadLsn,        WriteLsn,      ReadWireFixed<8>,
                                               WriteWireBytes, CompareString, HashString};
inline constexpr ComparisonOids kLsnComparisons{{3231, 3224}, {3232, 3226}, {3233, 3222},
                                                {3234, 3227}, {3235, 3225}, {3236, 3223}};

}  // namespace omen::types_internal
