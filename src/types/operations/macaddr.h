// macaddr: the address of a network interface, carried as its six octets.
#pragma once

#include <fmt/format.h>

#include <algorithm>

#include "types/operations/strings.h"
#include "types/operations/wire_reader.h"
#include "types/text/scalar_text.h"

namespace omen::types_internal {

inline Result<Value> ReadMacaddr(const TypeInfo& type, int32_t, std::string_view text,
                                 const TextContext&) {
  unsigned octets[6];
  char rest[2];
  const auto has_form = [&, copy = std::string(text)](const char* form) {
    return std::sscanf(copy.c_str(), form, &octets[0], &octets[1], &octets[2], &octets[3],
                       &octets[4], &octets[5], rest) == 6;
  };
  constexpr const char* kForms[] = {"%x:%x:%x:%x:%x:%x%1s",    "%x-%x-%x-%x-%x-%x%1s",
                                    "%2x%2x%2x:%2x%2x%2x%1s",  "%2x%2x%2x-%2x%2x%2x%1s",
                                    "%2x%2x.%2x%2x.%2x%2x%1s", "%2x%2x-%2x%2x-%2x%2x%1s",
                                    "%2x%2x%2x%2x%2x%2x%1s"};
  if (std::ranges::none_of(kForms, has_form)) return InvalidSyntax(type.sql_name, text);
  if (std::ranges::max(octets) > UINT8_MAX) {
    return Status(sqlstate::kNumericOutOfRange,
                  fmt::format("invalid octet value in \"macaddr\" value: \"{}\"", text));
  }
  return Value::Bytes(std::string(std::begin(octets), std::end(octets)));
}

inline void WriteMacaddr(const TypeInfo&, int32_t, const Value& value, const TextStyle&,
                         std::string& out) {
  std::string_view separator;
  for (const char octet : value.AsBytes()) {
    out += fmt::format("{}{:02x}", separator, static_cast<uint8_t>(octet));
    separator = ":";
  }
}

inline constexpr TypeOperations kMacaddrOperations{ReadMacaddr,    WriteMacaddr,  ReadWireFixed<6>,
                                                   WriteWireBytes, CompareString, HashString};
inline constexpr ComparisonOids kMacaddrComparisons{{831, 1222}, {832, 1223}, {830, 1220},
                                                    {834, 1225}, {833, 1224}, {835, 1221}};

}  // namespace omen::types_internal
