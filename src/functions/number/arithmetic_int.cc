// Integer operators with PostgreSQL's overflow and division errors.
#include <cstdio>
#include <limits>
#include <numeric>

#include "functions/kernel/kernel.h"
#include "functions/kernel/rows.h"

namespace omen::functions {

namespace {

template <typename T>
Status IntOutOfRange() {
  if constexpr (sizeof(T) == 2) return OutOfRange("smallint");
  if constexpr (sizeof(T) == 4) return OutOfRange("integer");
  return OutOfRange("bigint");
}

template <typename T>
T IntegerArg(const CallArgs& args, size_t i) {
  return static_cast<T>(IntArg(args, i));
}

template <typename T>
Status AddIntegers(CallContext&, const CallArgs& args, Value* out) {
  T result;
  if (__builtin_add_overflow(IntArg(args, 0), IntArg(args, 1), &result)) return IntOutOfRange<T>();
  return ReturnInt(out, result);
}

template <typename T>
Status SubtractIntegers(CallContext&, const CallArgs& args, Value* out) {
  T result;
  if (__builtin_sub_overflow(IntArg(args, 0), IntArg(args, 1), &result)) return IntOutOfRange<T>();
  return ReturnInt(out, result);
}

template <typename T>
Status MultiplyIntegers(CallContext&, const CallArgs& args, Value* out) {
  T result;
  if (__builtin_mul_overflow(IntArg(args, 0), IntArg(args, 1), &result)) return IntOutOfRange<T>();
  return ReturnInt(out, result);
}

template <typename T>
Status DivideIntegers(CallContext&, const CallArgs& args, Value* out) {
  T a = IntegerArg<T>(args, 0), b = IntegerArg<T>(args, 1);
  if (b == 0) return DivisionByZero();
  if (b == -1 && a == std::numeric_limits<T>::min()) return IntOutOfRange<T>();
  return ReturnInt(out, a / b);
}

template <typename T>
Status Modulo(CallContext&, const CallArgs& args, Value* out) {
  T a = IntegerArg<T>(args, 0), b = IntegerArg<T>(args, 1);
  if (b == 0) return DivisionByZero();
  return ReturnInt(out, b == -1 ? 0 : a % b);
}

template <typename T>
Status NegateInteger(CallContext&, const CallArgs& args, Value* out) {
  T a = IntegerArg<T>(args, 0);
  if (a == std::numeric_limits<T>::min()) return IntOutOfRange<T>();
  return ReturnInt(out, -a);
}

template <typename T>
Status AbsInteger(CallContext&, const CallArgs& args, Value* out) {
  T a = IntegerArg<T>(args, 0);
  if (a == std::numeric_limits<T>::min()) return IntOutOfRange<T>();
  return ReturnInt(out, a < 0 ? -a : a);
}

Status And(CallContext&, const CallArgs& args, Value* out) {
  return ReturnInt(out, IntArg(args, 0) & IntArg(args, 1));
}
Status Or(CallContext&, const CallArgs& args, Value* out) {
  return ReturnInt(out, IntArg(args, 0) | IntArg(args, 1));
}
Status Xor(CallContext&, const CallArgs& args, Value* out) {
  return ReturnInt(out, IntArg(args, 0) ^ IntArg(args, 1));
}
Status Not(CallContext&, const CallArgs& args, Value* out) {
  return ReturnInt(out, ~IntArg(args, 0));
}

// The shift count is taken modulo the register's width, as x86 does for PostgreSQL:
// 32 bits for smallint and integer.
template <typename T>
int ShiftCount(const CallArgs& args) {
  return static_cast<int>(IntArg(args, 1)) & (sizeof(T) == 8 ? 63 : 31);
}

template <typename T>
Status ShiftLeft(CallContext&, const CallArgs& args, Value* out) {
  uint64_t bits = static_cast<uint64_t>(IntArg(args, 0));
  return ReturnInt(out, static_cast<T>(bits << ShiftCount<T>(args)));
}

template <typename T>
Status ShiftRight(CallContext&, const CallArgs& args, Value* out) {
  return ReturnInt(out, static_cast<T>(IntArg(args, 0) >> ShiftCount<T>(args)));
}

Status LargerInteger(CallContext&, const CallArgs& args, Value* out) {
  return ReturnInt(out, std::max(IntArg(args, 0), IntArg(args, 1)));
}
Status SmallerInteger(CallContext&, const CallArgs& args, Value* out) {
  return ReturnInt(out, std::min(IntArg(args, 0), IntArg(args, 1)));
}

uint64_t Magnitude(int64_t value) {
  return value < 0 ? ~static_cast<uint64_t>(value) + 1 : static_cast<uint64_t>(value);
}

template <typename T>
Status Gcd(CallContext&, const CallArgs& args, Value* out) {
  uint64_t gcd = std::gcd(Magnitude(IntArg(args, 0)), Magnitude(IntArg(args, 1)));
  if (gcd > static_cast<uint64_t>(std::numeric_limits<T>::max())) return IntOutOfRange<T>();
  return ReturnInt(out, static_cast<int64_t>(gcd));
}

template <typename T>
Status Lcm(CallContext&, const CallArgs& args, Value* out) {
  uint64_t a = Magnitude(IntArg(args, 0)), b = Magnitude(IntArg(args, 1));
  if (a == 0 || b == 0) return ReturnInt(out, 0);
  T result;
  if (__builtin_mul_overflow(a / std::gcd(a, b), b, &result)) return IntOutOfRange<T>();
  return ReturnInt(out, result);
}

template <typename T>
Status ToHex(CallContext&, const CallArgs& args, Value* out) {
  char text[17];
  int length = std::snprintf(text, sizeof text, "%llx",
                             static_cast<unsigned long long>(static_cast<T>(IntArg(args, 0))));
  return ReturnText(out, {text, static_cast<size_t>(length)});
}

// The engine's own // and % answer null for a zero divisor.
constexpr Templates kDivide(LiteralRule::kPositive, "($1 // $2)", "omen_int_div($1, $2)");
constexpr Templates kModulo(LiteralRule::kPositive, "($1 % $2)", "omen_int_mod($1, $2)");

using namespace oid;  // NOLINT: the rows below are lists of types

constexpr FunctionRow kIntegerRows[] = {
    {176, "int2pl", {kInt2, kInt2}, kInt2, kPure, AddIntegers<int16_t>, "($1 + $2)"},
    {180, "int2mi", {kInt2, kInt2}, kInt2, kPure, SubtractIntegers<int16_t>, "($1 - $2)"},
    {152, "int2mul", {kInt2, kInt2}, kInt2, kPure, MultiplyIntegers<int16_t>, "($1 * $2)"},
    {153, "int2div", {kInt2, kInt2}, kInt2, kPure, DivideIntegers<int16_t>, kDivide},
    {178, "int24pl", {kInt2, kInt4}, kInt4, kPure, AddIntegers<int32_t>, "($1 + $2)"},
    {182, "int24mi", {kInt2, kInt4}, kInt4, kPure, SubtractIntegers<int32_t>, "($1 - $2)"},
    {170, "int24mul", {kInt2, kInt4}, kInt4, kPure, MultiplyIntegers<int32_t>, "($1 * $2)"},
    {172, "int24div", {kInt2, kInt4}, kInt4, kPure, DivideIntegers<int32_t>, kDivide},
    {841, "int28pl", {kInt2, kInt8}, kInt8, kPure, AddIntegers<int64_t>, "($1 + $2)"},
    {942, "int28mi", {kInt2, kInt8}, kInt8, kPure, SubtractIntegers<int64_t>, "($1 - $2)"},
    {943, "int28mul", {kInt2, kInt8}, kInt8, kPure, MultiplyIntegers<int64_t>, "($1 * $2)"},
    {948, "int28div", {kInt2, kInt8}, kInt8, kPure, DivideIntegers<int64_t>, kDivide},
    {179, "int42pl", {kInt4, kInt2}, kInt4, kPure, AddIntegers<int32_t>, "($1 + $2)"},
    {183, "int42mi", {kInt4, kInt2}, kInt4, kPure, SubtractIntegers<int32_t>, "($1 - $2)"},
    {171, "int42mul", {kInt4, kInt2}, kInt4, kPure, MultiplyIntegers<int32_t>, "($1 * $2)"},
    {173, "int42div", {kInt4, kInt2}, kInt4, kPure, DivideIntegers<int32_t>, kDivide},
    {177, "int4pl", {kInt4, kInt4}, kInt4, kPure, AddIntegers<int32_t>, "($1 + $2)"},
    {181, "int4mi", {kInt4, kInt4}, kInt4, kPure, SubtractIntegers<int32_t>, "($1 - $2)"},
    {141, "int4mul", {kInt4, kInt4}, kInt4, kPure, MultiplyIntegers<int32_t>, "($1 * $2)"},
    {154, "int4div", {kInt4, kInt4}, kInt4, kPure, DivideIntegers<int32_t>, kDivide},
    {1278, "int48pl", {kInt4, kInt8}, kInt8, kPure, AddIntegers<int64_t>, "($1 + $2)"},
    {1279, "int48mi", {kInt4, kInt8}, kInt8, kPure, SubtractIntegers<int64_t>, "($1 - $2)"},
    {1280, "int48mul", {kInt4, kInt8}, kInt8, kPure, MultiplyIntegers<int64_t>, "($1 * $2)"},
    {1281, "int48div", {kInt4, kInt8}, kInt8, kPure, DivideIntegers<int64_t>, kDivide},
    {837, "int82pl", {kInt8, kInt2}, kInt8, kPure, AddIntegers<int64_t>, "($1 + $2)"},
    {838, "int82mi", {kInt8, kInt2}, kInt8, kPure, SubtractIntegers<int64_t>, "($1 - $2)"},
    {839, "int82mul", {kInt8, kInt2}, kInt8, kPure, MultiplyIntegers<int64_t>, "($1 * $2)"},
    {840, "int82div", {kInt8, kInt2}, kInt8, kPure, DivideIntegers<int64_t>, kDivide},
    {1274, "int84pl", {kInt8, kInt4}, kInt8, kPure, AddIntegers<int64_t>, "($1 + $2)"},
    {1275, "int84mi", {kInt8, kInt4}, kInt8, kPure, SubtractIntegers<int64_t>, "($1 - $2)"},
    {1276, "int84mul", {kInt8, kInt4}, kInt8, kPure, MultiplyIntegers<int64_t>, "($1 * $2)"},
    {1277, "int84div", {kInt8, kInt4}, kInt8, kPure, DivideIntegers<int64_t>, kDivide},
    {463, "int8pl", {kInt8, kInt8}, kInt8, kPure, AddIntegers<int64_t>, "($1 + $2)"},
    {464, "int8mi", {kInt8, kInt8}, kInt8, kPure, SubtractIntegers<int64_t>, "($1 - $2)"},
    {465, "int8mul", {kInt8, kInt8}, kInt8, kPure, MultiplyIntegers<int64_t>, "($1 * $2)"},
    {466, "int8div", {kInt8, kInt8}, kInt8, kPure, DivideIntegers<int64_t>, kDivide},
    {155, "int2mod", {kInt2, kInt2}, kInt2, kPure, Modulo<int16_t>, kModulo},
    {940, "mod", {kInt2, kInt2}, kInt2, kPure, Modulo<int16_t>, kModulo, Meaning::kModulo},
    {213, "int2um", {kInt2}, kInt2, kPure, NegateInteger<int16_t>, "(-$1)"},
    {1911, "int2up", {kInt2}, kInt2, kPure, Identity, "$1"},
    {1253, "int2abs", {kInt2}, kInt2, kPure, AbsInteger<int16_t>, "abs($1)"},
    {1398, "abs", {kInt2}, kInt2, kPure, AbsInteger<int16_t>, "abs($1)", Meaning::kAbs},
    {1892, "int2and", {kInt2, kInt2}, kInt2, kPure, And, "($1 & $2)"},
    {1893, "int2or", {kInt2, kInt2}, kInt2, kPure, Or, "($1 | $2)"},
    {1894, "int2xor", {kInt2, kInt2}, kInt2, kPure, Xor, "xor($1, $2)"},
    {1895, "int2not", {kInt2}, kInt2, kPure, Not, "(~$1)"},
    {1896, "int2shl", {kInt2, kInt4}, kInt2, kPure, ShiftLeft<int16_t>},
    {1897, "int2shr", {kInt2, kInt4}, kInt2, kPure, ShiftRight<int16_t>},
    {770, "int2larger", {kInt2, kInt2}, kInt2, kPure, LargerInteger},
    {771, "int2smaller", {kInt2, kInt2}, kInt2, kPure, SmallerInteger},
    {156, "int4mod", {kInt4, kInt4}, kInt4, kPure, Modulo<int32_t>, kModulo},
    {941, "mod", {kInt4, kInt4}, kInt4, kPure, Modulo<int32_t>, kModulo, Meaning::kModulo},
    {212, "int4um", {kInt4}, kInt4, kPure, NegateInteger<int32_t>, "(-$1)"},
    {1912, "int4up", {kInt4}, kInt4, kPure, Identity, "$1"},
    {1251, "int4abs", {kInt4}, kInt4, kPure, AbsInteger<int32_t>, "abs($1)"},
    {1397, "abs", {kInt4}, kInt4, kPure, AbsInteger<int32_t>, "abs($1)", Meaning::kAbs},
    {1898, "int4and", {kInt4, kInt4}, kInt4, kPure, And, "($1 & $2)"},
    {1899, "int4or", {kInt4, kInt4}, kInt4, kPure, Or, "($1 | $2)"},
    {1900, "int4xor", {kInt4, kInt4}, kInt4, kPure, Xor, "xor($1, $2)"},
    {1901, "int4not", {kInt4}, kInt4, kPure, Not, "(~$1)"},
    {1902, "int4shl", {kInt4, kInt4}, kInt4, kPure, ShiftLeft<int32_t>},
    {1903, "int4shr", {kInt4, kInt4}, kInt4, kPure, ShiftRight<int32_t>},
    {768, "int4larger", {kInt4, kInt4}, kInt4, kPure, LargerInteger},
    {769, "int4smaller", {kInt4, kInt4}, kInt4, kPure, SmallerInteger},
    {945, "int8mod", {kInt8, kInt8}, kInt8, kPure, Modulo<int64_t>, kModulo},
    {947, "mod", {kInt8, kInt8}, kInt8, kPure, Modulo<int64_t>, kModulo, Meaning::kModulo},
    {462, "int8um", {kInt8}, kInt8, kPure, NegateInteger<int64_t>, "(-$1)"},
    {1910, "int8up", {kInt8}, kInt8, kPure, Identity, "$1"},
    {1230, "int8abs", {kInt8}, kInt8, kPure, AbsInteger<int64_t>, "abs($1)"},
    {1396, "abs", {kInt8}, kInt8, kPure, AbsInteger<int64_t>, "abs($1)", Meaning::kAbs},
    {1904, "int8and", {kInt8, kInt8}, kInt8, kPure, And, "($1 & $2)"},
    {1905, "int8or", {kInt8, kInt8}, kInt8, kPure, Or, "($1 | $2)"},
    {1906, "int8xor", {kInt8, kInt8}, kInt8, kPure, Xor, "xor($1, $2)"},
    {1907, "int8not", {kInt8}, kInt8, kPure, Not, "(~$1)"},
    {1908, "int8shl", {kInt8, kInt4}, kInt8, kPure, ShiftLeft<int64_t>},
    {1909, "int8shr", {kInt8, kInt4}, kInt8, kPure, ShiftRight<int64_t>},
    {1236, "int8larger", {kInt8, kInt8}, kInt8, kPure, LargerInteger},
    {1237, "int8smaller", {kInt8, kInt8}, kInt8, kPure, SmallerInteger},
    {5044, "gcd", {kInt4, kInt4}, kInt4, kPure, Gcd<int32_t>},
    {5046, "lcm", {kInt4, kInt4}, kInt4, kPure, Lcm<int32_t>},
    {2089, "to_hex", {kInt4}, kText, kPure, ToHex<uint32_t>},
    {5045, "gcd", {kInt8, kInt8}, kInt8, kPure, Gcd<int64_t>},
    {5047, "lcm", {kInt8, kInt8}, kInt8, kPure, Lcm<int64_t>},
    {2090, "to_hex", {kInt8}, kText, kPure, ToHex<uint64_t>},
};

}  // namespace

std::span<const FunctionRow> IntArithmeticRows() { return kIntegerRows; }

}  // namespace omen::functions
