// Floating-point operators: IEEE arithmetic, but overflow, underflow and division by
// zero are errors, as PostgreSQL has them.
#include <algorithm>
#include <cmath>
#include <numbers>

#include "functions/kernel/kernel.h"
#include "functions/kernel/rows.h"

namespace omen::functions {

namespace {

template <typename T>
T FloatArg(const CallArgs& args, size_t i) {
  return static_cast<T>(DoubleArg(args, i));
}

template <typename T>
Status Checked(T result, bool infinite_argument, bool may_be_zero, Value* out) {
  if (std::isinf(result) && !infinite_argument) [[unlikely]]
    return FloatOverflow();
  if (result == 0 && !may_be_zero) [[unlikely]]
    return FloatUnderflow();
  return ReturnDouble(out, result);
}

template <typename T>
Status AddFloats(CallContext&, const CallArgs& args, Value* out) {
  T a = FloatArg<T>(args, 0), b = FloatArg<T>(args, 1);
  return Checked<T>(a + b, std::isinf(a) || std::isinf(b), true, out);
}

template <typename T>
Status SubtractFloats(CallContext&, const CallArgs& args, Value* out) {
  T a = FloatArg<T>(args, 0), b = FloatArg<T>(args, 1);
  return Checked<T>(a - b, std::isinf(a) || std::isinf(b), true, out);
}

template <typename T>
Status MultiplyFloats(CallContext&, const CallArgs& args, Value* out) {
  T a = FloatArg<T>(args, 0), b = FloatArg<T>(args, 1);
  return Checked<T>(a * b, std::isinf(a) || std::isinf(b), a == 0 || b == 0, out);
}

template <typename T>
Status DivideFloats(CallContext&, const CallArgs& args, Value* out) {
  T a = FloatArg<T>(args, 0), b = FloatArg<T>(args, 1);
  if (b == 0 && !std::isnan(a)) [[unlikely]]
    return DivisionByZero();
  return Checked<T>(a / b, std::isinf(a), a == 0 || std::isinf(b), out);
}

Status NegateFloat(CallContext&, const CallArgs& args, Value* out) {
  return ReturnDouble(out, -DoubleArg(args, 0));
}

Status AbsFloat(CallContext&, const CallArgs& args, Value* out) {
  return ReturnDouble(out, std::fabs(DoubleArg(args, 0)));
}

bool FloatLess(double a, double b) { return std::isnan(b) ? !std::isnan(a) : a < b; }

Status LargerFloat(CallContext&, const CallArgs& args, Value* out) {
  double a = DoubleArg(args, 0), b = DoubleArg(args, 1);
  return ReturnDouble(out, FloatLess(b, a) ? a : b);
}

Status SmallerFloat(CallContext&, const CallArgs& args, Value* out) {
  double a = DoubleArg(args, 0), b = DoubleArg(args, 1);
  return ReturnDouble(out, FloatLess(a, b) ? a : b);
}

/// A function that is total apart from overflow.
template <double (*kFunction)(double)>
Status Map(CallContext&, const CallArgs& args, Value* out) {
  double a = DoubleArg(args, 0);
  return Checked(kFunction(a), std::isinf(a), true, out);
}

/// A function whose overflow is infinity, as the C library gives it.
template <double (*kFunction)(double)>
Status Total(CallContext&, const CallArgs& args, Value* out) {
  return ReturnDouble(out, kFunction(DoubleArg(args, 0)));
}

Status SignOfFloat(CallContext&, const CallArgs& args, Value* out) {
  double a = DoubleArg(args, 0);
  return ReturnDouble(out, a > 0 ? 1.0 : a < 0 ? -1.0 : 0.0);
}

Status SquareRoot(CallContext&, const CallArgs& args, Value* out) {
  double a = DoubleArg(args, 0);
  if (a < 0) {
    return Status(sqlstate::kInvalidPowerArgument, "cannot take square root of a negative number");
  }
  return ReturnDouble(out, std::sqrt(a));
}

Status Exponential(CallContext&, const CallArgs& args, Value* out) {
  double a = DoubleArg(args, 0);
  return Checked(std::exp(a), std::isinf(a), std::isinf(a), out);
}

template <double (*kFunction)(double)>
Status Logarithm(CallContext&, const CallArgs& args, Value* out) {
  double a = DoubleArg(args, 0);
  if (a == 0) return Status(sqlstate::kInvalidLogArgument, "cannot take logarithm of zero");
  if (a < 0) {
    return Status(sqlstate::kInvalidLogArgument, "cannot take logarithm of a negative number");
  }
  return ReturnDouble(out, kFunction(a));
}

Status Power(CallContext&, const CallArgs& args, Value* out) {
  double a = DoubleArg(args, 0), b = DoubleArg(args, 1);
  if (a == 0 && b < 0) {
    return Status(sqlstate::kInvalidPowerArgument, "zero raised to a negative power is undefined");
  }
  if (a < 0 && std::floor(b) != b && !std::isnan(b)) {
    return Status(sqlstate::kInvalidPowerArgument,
                  "a negative number raised to a non-integer power yields a complex result");
  }
  bool infinite = std::isinf(a) || std::isinf(b);
  return Checked(std::pow(a, b), infinite, a == 0 || infinite, out);
}

Status InputOutOfRange() { return OutOfRange("input is"); }

template <double (*kFunction)(double)>
Status Circular(CallContext&, const CallArgs& args, Value* out) {
  double a = DoubleArg(args, 0);
  if (std::isinf(a)) return InputOutOfRange();
  return ReturnDouble(out, kFunction(a));
}

Status Cotangent(CallContext&, const CallArgs& args, Value* out) {
  double a = DoubleArg(args, 0);
  if (std::isinf(a)) return InputOutOfRange();
  return ReturnDouble(out, 1.0 / std::tan(a));
}

template <double (*kFunction)(double)>
Status ArcInUnit(CallContext&, const CallArgs& args, Value* out) {
  double a = DoubleArg(args, 0);
  if (a < -1 || a > 1) return InputOutOfRange();
  return ReturnDouble(out, kFunction(a));
}

Status ArcCosh(CallContext&, const CallArgs& args, Value* out) {
  double a = DoubleArg(args, 0);
  if (a < 1) return InputOutOfRange();
  return ReturnDouble(out, std::acosh(a));
}

Status ArcTanh(CallContext&, const CallArgs& args, Value* out) {
  double a = DoubleArg(args, 0);
  if (a < -1 || a > 1) return InputOutOfRange();
  return ReturnDouble(out, std::atanh(a));
}

Status ArcTangent2(CallContext&, const CallArgs& args, Value* out) {
  return ReturnDouble(out, std::atan2(DoubleArg(args, 0), DoubleArg(args, 1)));
}

constexpr double kRadiansPerDegree = 0.0174532925199432957692;

Status Degrees(CallContext&, const CallArgs& args, Value* out) {
  double a = DoubleArg(args, 0);
  return Checked(a / kRadiansPerDegree, std::isinf(a), true, out);
}

Status Radians(CallContext&, const CallArgs& args, Value* out) {
  return ReturnDouble(out, DoubleArg(args, 0) * kRadiansPerDegree);
}

Status Pi(CallContext&, const CallArgs&, Value* out) { return ReturnDouble(out, std::numbers::pi); }

// count * offset / width + 1, in this order as PostgreSQL has it; of a width beyond double, halves.
int64_t FloatBucketOf(double operand, double low, double high, double count) {
  double offset = operand - low, width = high - low;
  if (std::isinf(width)) {
    offset = operand / 2 - low / 2;
    width = high / 2 - low / 2;
  }
  const double scaled = count * offset;
  const double position = std::isinf(scaled) ? count * (offset / width) : scaled / width;
  return static_cast<int64_t>(position + 1);
}

Status FloatWidthBucket(CallContext&, const CallArgs& args, Value* out) {
  double operand = DoubleArg(args, 0), low = DoubleArg(args, 1), high = DoubleArg(args, 2);
  int64_t count = IntArg(args, 3);
  if (count <= 0) return BadBucket("count must be greater than zero");
  if (std::isnan(operand) || std::isnan(low) || std::isnan(high)) {
    return BadBucket("operand, lower bound, and upper bound cannot be NaN");
  }
  if (std::isinf(low) || std::isinf(high)) {
    return BadBucket("lower and upper bounds must be finite");
  }
  if (low == high) return BadBucket("lower bound cannot equal upper bound");
  bool reversed = low > high;
  int64_t bucket = 0;
  if (reversed ? operand <= high : operand >= high) {
    bucket = count + 1;
  } else if (reversed ? operand <= low : operand >= low) {
    bucket = FloatBucketOf(operand, low, high, static_cast<double>(count));
  }
  return bucket > INT32_MAX ? OutOfRange("integer") : ReturnInt(out, bucket);
}

using namespace oid;  // NOLINT: the rows below are lists of types

constexpr FunctionRow kFloatRows[] = {
    {204,
     "float4pl",
     {kFloat4, kFloat4},
     kFloat4,
     kPure,
     AddFloats<float>,
     "omen_float_add($1, $2)"},
    {205,
     "float4mi",
     {kFloat4, kFloat4},
     kFloat4,
     kPure,
     SubtractFloats<float>,
     "omen_float_sub($1, $2)"},
    {202,
     "float4mul",
     {kFloat4, kFloat4},
     kFloat4,
     kPure,
     MultiplyFloats<float>,
     "omen_float_mul($1, $2)"},
    {203,
     "float4div",
     {kFloat4, kFloat4},
     kFloat4,
     kPure,
     DivideFloats<float>,
     "omen_float_div($1, $2)"},
    {281,
     "float48pl",
     {kFloat4, kFloat8},
     kFloat8,
     kPure,
     AddFloats<double>,
     "omen_float_add($1, $2)"},
    {282,
     "float48mi",
     {kFloat4, kFloat8},
     kFloat8,
     kPure,
     SubtractFloats<double>,
     "omen_float_sub($1, $2)"},
    {279,
     "float48mul",
     {kFloat4, kFloat8},
     kFloat8,
     kPure,
     MultiplyFloats<double>,
     "omen_float_mul($1, $2)"},
    {280,
     "float48div",
     {kFloat4, kFloat8},
     kFloat8,
     kPure,
     DivideFloats<double>,
     "omen_float_div($1, $2)"},
    {285,
     "float84pl",
     {kFloat8, kFloat4},
     kFloat8,
     kPure,
     AddFloats<double>,
     "omen_float_add($1, $2)"},
    {286,
     "float84mi",
     {kFloat8, kFloat4},
     kFloat8,
     kPure,
     SubtractFloats<double>,
     "omen_float_sub($1, $2)"},
    {283,
     "float84mul",
     {kFloat8, kFloat4},
     kFloat8,
     kPure,
     MultiplyFloats<double>,
     "omen_float_mul($1, $2)"},
    {284,
     "float84div",
     {kFloat8, kFloat4},
     kFloat8,
     kPure,
     DivideFloats<double>,
     "omen_float_div($1, $2)"},
    {218,
     "float8pl",
     {kFloat8, kFloat8},
     kFloat8,
     kPure,
     AddFloats<double>,
     "omen_float_add($1, $2)"},
    {219,
     "float8mi",
     {kFloat8, kFloat8},
     kFloat8,
     kPure,
     SubtractFloats<double>,
     "omen_float_sub($1, $2)"},
    {216,
     "float8mul",
     {kFloat8, kFloat8},
     kFloat8,
     kPure,
     MultiplyFloats<double>,
     "omen_float_mul($1, $2)"},
    {217,
     "float8div",
     {kFloat8, kFloat8},
     kFloat8,
     kPure,
     DivideFloats<double>,
     "omen_float_div($1, $2)"},
    {206, "float4um", {kFloat4}, kFloat4, kPure, NegateFloat, "(-$1)"},
    {1913, "float4up", {kFloat4}, kFloat4, kPure, Identity, "$1"},
    {207, "float4abs", {kFloat4}, kFloat4, kPure, AbsFloat, "abs($1)"},
    {1394, "abs", {kFloat4}, kFloat4, kPure, AbsFloat, "abs($1)", Meaning::kAbs},
    {209, "float4larger", {kFloat4, kFloat4}, kFloat4, kPure, LargerFloat},
    {211, "float4smaller", {kFloat4, kFloat4}, kFloat4, kPure, SmallerFloat},
    {220, "float8um", {kFloat8}, kFloat8, kPure, NegateFloat, "(-$1)"},
    {1914, "float8up", {kFloat8}, kFloat8, kPure, Identity, "$1"},
    {221, "float8abs", {kFloat8}, kFloat8, kPure, AbsFloat, "abs($1)"},
    {1395, "abs", {kFloat8}, kFloat8, kPure, AbsFloat, "abs($1)", Meaning::kAbs},
    {223, "float8larger", {kFloat8, kFloat8}, kFloat8, kPure, LargerFloat},
    {224, "float8smaller", {kFloat8, kFloat8}, kFloat8, kPure, SmallerFloat},
    {228, "dround", {kFloat8}, kFloat8, kPure, Map<std::rint>},
    {1342, "round", {kFloat8}, kFloat8, kPure, Map<std::rint>, {}, Meaning::kRound},
    {229, "dtrunc", {kFloat8}, kFloat8, kPure, Map<std::trunc>, "trunc($1)"},
    {1343, "trunc", {kFloat8}, kFloat8, kPure, Map<std::trunc>, "trunc($1)", Meaning::kTrunc},
    {2308, "ceil", {kFloat8}, kFloat8, kPure, Map<std::ceil>, "ceil($1)", Meaning::kCeil},
    {2320, "ceiling", {kFloat8}, kFloat8, kPure, Map<std::ceil>, "ceil($1)", Meaning::kCeil},
    {2309, "floor", {kFloat8}, kFloat8, kPure, Map<std::floor>, "floor($1)", Meaning::kFloor},
    {2310, "sign", {kFloat8}, kFloat8, kPure, SignOfFloat, {}, Meaning::kSign},
    {230, "dsqrt", {kFloat8}, kFloat8, kPure, SquareRoot},
    {1344, "sqrt", {kFloat8}, kFloat8, kPure, SquareRoot, {}, Meaning::kSqrt},
    {231, "dcbrt", {kFloat8}, kFloat8, kPure, Map<std::cbrt>},
    {1345, "cbrt", {kFloat8}, kFloat8, kPure, Map<std::cbrt>},
    {233, "dexp", {kFloat8}, kFloat8, kPure, Exponential},
    {1347, "exp", {kFloat8}, kFloat8, kPure, Exponential, {}, Meaning::kExp},
    {234, "dlog1", {kFloat8}, kFloat8, kPure, Logarithm<std::log>},
    {1341, "ln", {kFloat8}, kFloat8, kPure, Logarithm<std::log>, {}, Meaning::kLn},
    {1339, "dlog10", {kFloat8}, kFloat8, kPure, Logarithm<std::log10>},
    {1340, "log", {kFloat8}, kFloat8, kPure, Logarithm<std::log10>, {}, Meaning::kLog},
    {1194, "log10", {kFloat8}, kFloat8, kPure, Logarithm<std::log10>, {}, Meaning::kLog10},
    {232, "dpow", {kFloat8, kFloat8}, kFloat8, kPure, Power},
    {1346, "pow", {kFloat8, kFloat8}, kFloat8, kPure, Power, {}, Meaning::kPower},
    {1368, "power", {kFloat8, kFloat8}, kFloat8, kPure, Power, {}, Meaning::kPower},
    {1604, "sin", {kFloat8}, kFloat8, kPure, Circular<std::sin>},
    {1605, "cos", {kFloat8}, kFloat8, kPure, Circular<std::cos>},
    {1606, "tan", {kFloat8}, kFloat8, kPure, Circular<std::tan>},
    {1607, "cot", {kFloat8}, kFloat8, kPure, Cotangent},
    {1600, "asin", {kFloat8}, kFloat8, kPure, ArcInUnit<std::asin>},
    {1601, "acos", {kFloat8}, kFloat8, kPure, ArcInUnit<std::acos>},
    {1602, "atan", {kFloat8}, kFloat8, kPure, Map<std::atan>},
    {2462, "sinh", {kFloat8}, kFloat8, kPure, Total<std::sinh>},
    {2463, "cosh", {kFloat8}, kFloat8, kPure, Total<std::cosh>},
    {2464, "tanh", {kFloat8}, kFloat8, kPure, Map<std::tanh>},
    {2465, "asinh", {kFloat8}, kFloat8, kPure, Map<std::asinh>},
    {2466, "acosh", {kFloat8}, kFloat8, kPure, ArcCosh},
    {2467, "atanh", {kFloat8}, kFloat8, kPure, ArcTanh},
    {1608, "degrees", {kFloat8}, kFloat8, kPure, Degrees},
    {1609, "radians", {kFloat8}, kFloat8, kPure, Radians},
    {1603, "atan2", {kFloat8, kFloat8}, kFloat8, kPure, ArcTangent2},
    {1610, "pi", {}, kFloat8, kPure, Pi, "pi()"},
    {320, "width_bucket", {kFloat8, kFloat8, kFloat8, kInt4}, kInt4, kPure, FloatWidthBucket},
};

}  // namespace

std::span<const FunctionRow> FloatArithmeticRows() { return kFloatRows; }

}  // namespace omen::functions
