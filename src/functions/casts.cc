// Casts among numbers, text and bool, with PostgreSQL's rounding and range errors.
#include <climits>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <limits>

#include "base/blame.h"
#include "functions/kernel/kernel.h"
#include "functions/kernel/rows.h"
#include "types/number/numeric.h"

namespace omen::functions {

namespace {

template <typename T>
std::string_view SqlName() {
  if constexpr (sizeof(T) == 2) return "smallint";
  if constexpr (sizeof(T) == 4) return "integer";
  return "bigint";
}

template <typename T>
bool Fits(int64_t value) {
  return value >= std::numeric_limits<T>::min() && value <= std::numeric_limits<T>::max();
}

template <typename T>
Status NarrowInt(CallContext&, const CallArgs& args, Value* out) {
  int64_t value = IntArg(args, 0);
  if (!Fits<T>(value)) return OutOfRange(SqlName<T>());
  return ReturnInt(out, value);
}

template <typename T>
Status IntToFloat(CallContext&, const CallArgs& args, Value* out) {
  return ReturnDouble(out, static_cast<T>(IntArg(args, 0)));
}

Status IntToNumeric(CallContext&, const CallArgs& args, Value* out) {
  return Return(out, Numeric::FromInt(IntArg(args, 0)).ToValue());
}

// Rounds half to even. The upper bound is exclusive because max() itself is not a double.
template <typename T>
Status FloatToInt(CallContext&, const CallArgs& args, Value* out) {
  double value = std::rint(DoubleArg(args, 0));
  constexpr double kBound = -static_cast<double>(std::numeric_limits<T>::min());
  if (!(value >= -kBound && value < kBound)) return OutOfRange(SqlName<T>());
  return ReturnInt(out, static_cast<int64_t>(value));
}

template <typename T>
Status NumericToInt(CallContext&, const CallArgs& args, Value* out) {
  Numeric value = Numeric::FromValue(args.values[0]);
  if (value.is_special()) {
    return Status(
        sqlstate::kFeatureNotSupported,
        std::string(value.is_nan() ? "cannot convert NaN to " : "cannot convert infinity to ")
            .append(SqlName<T>()));
  }
  Result<int64_t> rounded = value.ToInt64();
  if (!rounded.ok() || !Fits<T>(*rounded)) return OutOfRange(SqlName<T>());
  return ReturnInt(out, *rounded);
}

Status DoubleToFloat(CallContext&, const CallArgs& args, Value* out) {
  double value = DoubleArg(args, 0);
  float narrow = static_cast<float>(value);
  if (std::isinf(narrow) && !std::isinf(value)) return FloatOverflow();
  if (narrow == 0 && value != 0) return FloatUnderflow();
  return ReturnDouble(out, narrow);
}

// Both float casts go through the shortest text of the type's guaranteed digits.
Status ParseDigits(double value, int digits, Value* out) {
  char text[40];
  std::string_view special = std::isnan(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity";
  if (std::isfinite(value)) std::snprintf(text, sizeof text, "%.*g", digits, value);
  OMEN_ASSIGN_OR_RETURN(Numeric numeric, Numeric::Parse(std::isfinite(value) ? text : special));
  return Return(out, numeric.ToValue());
}

Status FloatToNumeric(CallContext&, const CallArgs& args, Value* out) {
  return ParseDigits(DoubleArg(args, 0), std::numeric_limits<float>::digits10, out);
}

Status DoubleToNumeric(CallContext&, const CallArgs& args, Value* out) {
  return ParseDigits(DoubleArg(args, 0), std::numeric_limits<double>::digits10, out);
}

template <typename T>
Status NumericToFloat(CallContext&, const CallArgs& args, Value* out) {
  Numeric value = Numeric::FromValue(args.values[0]);
  if (value.is_special()) return ReturnDouble(out, value.ToDouble());
  // The text decides: rounding to double first would round twice on the way to float.
  std::string text = value.ToString();
  T result = sizeof(T) == 4 ? std::strtof(text.c_str(), nullptr)
                            : static_cast<T>(std::strtod(text.c_str(), nullptr));
  if (std::isinf(result) || (result == 0 && !value.is_zero())) {
    return Status(sqlstate::kNumericOutOfRange, '"' + text + "\" is out of range for type " +
                                                    (sizeof(T) == 4 ? "real" : "double precision"));
  }
  return ReturnDouble(out, result);
}

Status IntToBool(CallContext&, const CallArgs& args, Value* out) {
  return ReturnBool(out, IntArg(args, 0) != 0);
}

Status IntToOid(CallContext&, const CallArgs& args, Value* out) {
  int64_t value = IntArg(args, 0);
  if (value < 0 || value > UINT32_MAX) return OutOfRange("OID");
  return ReturnInt(out, value);
}

Status WrapToOid(CallContext&, const CallArgs& args, Value* out) {
  return ReturnInt(out, static_cast<uint32_t>(IntArg(args, 0)));
}

Status WrapToInt(CallContext&, const CallArgs& args, Value* out) {
  return ReturnInt(out, static_cast<int32_t>(IntArg(args, 0)));
}

// A byte beyond ASCII is no character: \ooo.
Status CharToText(CallContext& context, const CallArgs& args, Value* out) {
  return ReturnText(out, ToText(args.types[0], args.values[0], context.style));
}

Status BoolToText(CallContext&, const CallArgs& args, Value* out) {
  return ReturnText(out, args.values[0].AsBool() ? "true" : "false");
}

Status StripBlanks(CallContext&, const CallArgs& args, Value* out) {
  return ReturnText(out, WithoutBlanks(BytesArg(args, 0)));
}

Value PaddedToType(const Value& value, Type type) {
  std::string text;
  AppendText(type, value, {}, text);
  return Value::Bytes(text);
}

// The blanks of char(n), as its type says, become part of the value.
Status PadBlanks(CallContext&, const CallArgs& args, Value* out) {
  const Type type{oid::kBpchar, static_cast<int32_t>(IntArg(args, 1)) + 4};
  return Return(out, PaddedToType(args.values[0], type));
}

Status PadElements(CallContext&, const CallArgs& args, Value* out) {
  const Type type{oid::kBpchar, static_cast<int32_t>(IntArg(args, 1)) + 4};
  ArrayData array = args.values[0].AsArray();
  for (Value& element : array.elements) {
    if (!element.is_null()) element = PaddedToType(element, type);
  }
  return Return(out, Value::Array(std::move(array)));
}

// The first byte, or the one that \ooo means.
Status TextToChar(CallContext&, const CallArgs& args, Value* out) {
  OMEN_ASSIGN_OR_RETURN(*out, ParseText({oid::kChar, -1}, BytesArg(args, 0)));
  return Status::Ok();
}

// A byte beyond ASCII alone is no text.
Status CharToBlankPadded(CallContext&, const CallArgs& args, Value* out) {
  std::string_view text = BytesArg(args, 0);
  if (!text.empty() && static_cast<uint8_t>(text[0]) >= 0x80) {
    return NotSupported("a \"char\" beyond ASCII as character");
  }
  return ReturnText(out, text);
}

// Cuts to 63 bytes at a character boundary.
Status ClipName(CallContext&, const CallArgs& args, Value* out) {
  std::string_view text = BytesArg(args, 0);
  if (text.size() > 63) {
    size_t end = 63;
    while ((text[end] & 0xC0) == 0x80) --end;
    text = text.substr(0, end);
  }
  return ReturnText(out, text);
}

Status CharToInt(CallContext&, const CallArgs& args, Value* out) {
  std::string_view text = BytesArg(args, 0);
  return ReturnInt(out, text.empty() ? 0 : static_cast<signed char>(text[0]));
}

Status IntToChar(CallContext&, const CallArgs& args, Value* out) {
  int64_t value = IntArg(args, 0);
  if (value < SCHAR_MIN || value > SCHAR_MAX) return OutOfRange("\"char\"");
  char byte = static_cast<char>(value);
  return ReturnText(out, {&byte, byte == 0 ? 0u : 1u});
}

Status TextToRegclass(CallContext& context, const CallArgs& args, Value* out) {
  if (context.hooks == nullptr) return Refusal("regclass lookup in a column plan");
  OMEN_ASSIGN_OR_RETURN(Oid relation, context.hooks->RelationByName(BytesArg(args, 0)));
  return ReturnInt(out, relation);
}

using namespace oid;  // NOLINT: the rows below are lists of types

constexpr FunctionRow kTextCastRows[] = {
    {313, "int4", {kInt2}, kInt4, kPure, Identity, "CAST($1 AS INTEGER)"},
    {754, "int8", {kInt2}, kInt8, kPure, Identity, "CAST($1 AS BIGINT)"},
    {236, "float4", {kInt2}, kFloat4, kPure, IntToFloat<float>},
    {235, "float8", {kInt2}, kFloat8, kPure, IntToFloat<double>, "CAST($1 AS DOUBLE)"},
    {1782, "numeric", {kInt2}, kNumeric, kPure, IntToNumeric},
    {238, "int2", {kFloat4}, kInt2, kPure, FloatToInt<int16_t>, "omen_float_to_int2($1)"},
    {237, "int2", {kFloat8}, kInt2, kPure, FloatToInt<int16_t>, "omen_float_to_int2($1)"},
    {1783, "int2", {kNumeric}, kInt2, kPure, NumericToInt<int16_t>},
    {314, "int2", {kInt4}, kInt2, kPure, NarrowInt<int16_t>, "CAST($1 AS SMALLINT)"},
    {481, "int8", {kInt4}, kInt8, kPure, Identity, "CAST($1 AS BIGINT)"},
    {318, "float4", {kInt4}, kFloat4, kPure, IntToFloat<float>},
    {316, "float8", {kInt4}, kFloat8, kPure, IntToFloat<double>, "CAST($1 AS DOUBLE)"},
    {1740, "numeric", {kInt4}, kNumeric, kPure, IntToNumeric},
    {319, "int4", {kFloat4}, kInt4, kPure, FloatToInt<int32_t>, "omen_float_to_int4($1)"},
    {317, "int4", {kFloat8}, kInt4, kPure, FloatToInt<int32_t>, "omen_float_to_int4($1)"},
    {1744, "int4", {kNumeric}, kInt4, kPure, NumericToInt<int32_t>},
    {714, "int2", {kInt8}, kInt2, kPure, NarrowInt<int16_t>, "CAST($1 AS SMALLINT)"},
    {480, "int4", {kInt8}, kInt4, kPure, NarrowInt<int32_t>, "CAST($1 AS INTEGER)"},
    {652, "float4", {kInt8}, kFloat4, kPure, IntToFloat<float>},
    {482, "float8", {kInt8}, kFloat8, kPure, IntToFloat<double>, "CAST($1 AS DOUBLE)"},
    {1781, "numeric", {kInt8}, kNumeric, kPure, IntToNumeric},
    {653, "int8", {kFloat4}, kInt8, kPure, FloatToInt<int64_t>, "omen_float_to_int8($1)"},
    {483, "int8", {kFloat8}, kInt8, kPure, FloatToInt<int64_t>, "omen_float_to_int8($1)"},
    {1779, "int8", {kNumeric}, kInt8, kPure, NumericToInt<int64_t>},
    {311, "float8", {kFloat4}, kFloat8, kPure, Identity, "CAST($1 AS DOUBLE)"},
    {312, "float4", {kFloat8}, kFloat4, kPure, DoubleToFloat},
    {1742, "numeric", {kFloat4}, kNumeric, kPure, FloatToNumeric},
    {1743, "numeric", {kFloat8}, kNumeric, kPure, DoubleToNumeric},
    {1745, "float4", {kNumeric}, kFloat4, kPure, NumericToFloat<float>},
    {1746, "float8", {kNumeric}, kFloat8, kPure, NumericToFloat<double>},
    {2557, "bool", {kInt4}, kBool, kPure, IntToBool, "($1 <> 0)"},
    {2558, "int4", {kBool}, kInt4, kPure, Identity, "CAST($1 AS INTEGER)"},
    {1287, "oid", {kInt8}, kOid, kPure, IntToOid},
    {1288, "int8", {kOid}, kInt8, kPure, Identity, "CAST($1 AS BIGINT)"},
    {2971, "text", {kBool}, kText, kPure, BoolToText, "CAST($1 AS VARCHAR)"},
    {401, "text", {kBpchar}, kText, kPure, StripBlanks, "$1"},
    {406, "text", {kName}, kText, kPure, Identity, "$1"},
    {946, "text", {kChar}, kText, kPure, CharToText},
    {860, "bpchar", {kChar}, kBpchar, kPure, CharToBlankPadded},
    {408, "bpchar", {kName}, kBpchar, kPure, Identity},
    {1401, "varchar", {kName}, kVarchar, kPure, Identity, "$1"},
    {944, "char", {kText}, kChar, kPure, TextToChar},
    {407, "name", {kText}, kName, kPure, ClipName},
    {409, "name", {kBpchar}, kName, kPure, ClipName},
    {1400, "name", {kVarchar}, kName, kPure, ClipName},
    {77, "int4", {kChar}, kInt4, kPure, CharToInt},
    {78, "char", {kInt4}, kChar, kPure, IntToChar},
    {1079, "regclass", {kText}, kRegclass, kStable | kReadsPath | kReadsCatalog, TextToRegclass},
    {90001, "bpchar", {kText}, kBpchar, kPure, Identity, "$1"},
    {90002, "bpchar", {kVarchar}, kBpchar, kPure, Identity, "$1"},
    {90003, "oid", {kInt4}, kOid, kPure, WrapToOid},
    {90004, "int4", {kOid}, kInt4, kPure, WrapToInt},
    {kPadBlanks, "blank_padded", {kBpchar, kInt4}, kBpchar, kPure, PadBlanks, "rpad($1, $2, ' ')"},
    {kPadElements,
     "blank_padded",
     {kBpcharArray, kInt4},
     kBpcharArray,
     kPure,
     PadElements,
     "list_transform($1, lambda x: rpad(x, $2, ' '))"},

};

}  // namespace

std::span<const FunctionRow> CastFunctionRows() { return kTextCastRows; }

}  // namespace omen::functions
