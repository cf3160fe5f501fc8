// What can be done with the values of a type: one row of operations, to which the type's row in
// types/table/type_table.cc points. Values are never null here.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "types/type.h"
#include "types/value.h"

namespace omen {

/// The settings that text forms depend on. Only ISO DateStyle and the postgres
/// IntervalStyle exist today; the time zone is an IANA name or fixed offset.
struct TextStyle {
  std::string time_zone = "UTC";
  int extra_float_digits = 1;
  bool bytea_hex = true;
};

/// Beside the text: what reading it may depend on. `now_micros`: the transaction's timestamp.
struct TextContext {
  const TextStyle& style;
  int64_t now_micros;
};

struct TypeOperations {
  /// The text form; the modifier is applied afterwards, unless `reads_typmod`.
  Result<Value> (*read_text)(const TypeInfo& type, int32_t typmod, std::string_view text,
                             const TextContext& context);
  void (*write_text)(const TypeInfo& type, int32_t typmod, const Value& value,
                     const TextStyle& style, std::string& out);
  /// The binary wire form, without its length.
  Result<Value> (*read_binary)(const TypeInfo& type, std::string_view bytes);
  void (*write_binary)(const TypeInfo& type, int32_t typmod, const Value& value, std::string& out);
  /// The btree order.
  int (*compare)(const Value& a, const Value& b);
  uint64_t (*hash)(const Value& value);
  /// As an assignment or an explicit cast does; null where there are no modifiers.
  Result<Value> (*apply_typmod)(const TypeInfo& type, int32_t typmod, Value value,
                                bool explicit_cast) = nullptr;
  /// As format_type prints it.
  std::string (*format_typmod)(int32_t typmod) = nullptr;
  bool reads_typmod = false;
};

}  // namespace omen
