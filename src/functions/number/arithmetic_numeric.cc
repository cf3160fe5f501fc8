// Operators of numeric: Numeric does the arithmetic, these give it a call form.
#include <algorithm>

#include "functions/kernel/kernel.h"
#include "functions/kernel/rows.h"
#include "types/number/numeric.h"
#include "types/number/numeric_functions.h"

namespace omen::functions {

namespace {

constexpr int kMaxWholeDigits = 131072;

Numeric NumericArg(const CallArgs& args, size_t i) { return Numeric::FromValue(args.values[i]); }

Status Finish(Numeric number, Value* out) {
  // Rounding up may give what the carried form cannot hold.
  if (!number.is_special() && number.IntegerDigits() > kMaxWholeDigits) {
    return Numeric::Checked(number.decimal()).status();
  }
  return Return(out, number.ToValue());
}

template <Result<Numeric> (*kFunction)(const Numeric&, const Numeric&)>
Status Binary(CallContext&, const CallArgs& args, Value* out) {
  OMEN_ASSIGN_OR_RETURN(Numeric result, kFunction(NumericArg(args, 0), NumericArg(args, 1)));
  return Finish(result, out);
}

template <Result<Numeric> (*kFunction)(const Numeric&)>
Status Partial(CallContext&, const CallArgs& args, Value* out) {
  OMEN_ASSIGN_OR_RETURN(Numeric result, kFunction(NumericArg(args, 0)));
  return Finish(result, out);
}

template <Numeric (Numeric::*kFunction)() const>
Status Unary(CallContext&, const CallArgs& args, Value* out) {
  return Finish((NumericArg(args, 0).*kFunction)(), out);
}

Status LargerNumeric(CallContext&, const CallArgs& args, Value* out) {
  bool first = Numeric::Compare(NumericArg(args, 0), NumericArg(args, 1)) > 0;
  return Return(out, args.values[first ? 0 : 1]);
}

Status SmallerNumeric(CallContext&, const CallArgs& args, Value* out) {
  bool first = Numeric::Compare(NumericArg(args, 0), NumericArg(args, 1)) < 0;
  return Return(out, args.values[first ? 0 : 1]);
}

Status SignOfNumeric(CallContext&, const CallArgs& args, Value* out) {
  Numeric a = NumericArg(args, 0);
  return a.is_nan() ? Finish(a, out) : Finish(Numeric::FromInt(a.sign()), out);
}

Status RoundTo(CallContext&, const CallArgs& args, Value* out) {
  return Finish(NumericArg(args, 0).Round(static_cast<int>(IntArg(args, 1))), out);
}

Status TruncateTo(CallContext&, const CallArgs& args, Value* out) {
  return Finish(NumericArg(args, 0).Truncate(static_cast<int>(IntArg(args, 1))), out);
}

Status RoundToInteger(CallContext&, const CallArgs& args, Value* out) {
  return Finish(NumericArg(args, 0).Round(0), out);
}

Status TruncateToInteger(CallContext&, const CallArgs& args, Value* out) {
  return Finish(NumericArg(args, 0).Truncate(0), out);
}

Status Increment(CallContext&, const CallArgs& args, Value* out) {
  OMEN_ASSIGN_OR_RETURN(Numeric result, Numeric::Add(NumericArg(args, 0), Numeric::FromInt(1)));
  return Finish(result, out);
}

// The least scale that loses nothing, read off the printed form.
int LeastScale(const Numeric& a) {
  if (a.display_scale() == 0) return 0;
  std::string text = a.ToString();
  size_t last = text.find_last_not_of('0');
  return static_cast<int>(last - text.find('.'));
}

Status Scale(CallContext&, const CallArgs& args, Value* out) {
  Numeric a = NumericArg(args, 0);
  return a.is_special() ? Return(out, Value()) : ReturnInt(out, a.display_scale());
}

Status MinScale(CallContext&, const CallArgs& args, Value* out) {
  Numeric a = NumericArg(args, 0);
  return a.is_special() ? Return(out, Value()) : ReturnInt(out, LeastScale(a));
}

Status TrimScale(CallContext&, const CallArgs& args, Value* out) {
  Numeric a = NumericArg(args, 0);
  return Finish(a.is_special() ? a : a.Round(LeastScale(a)), out);
}

Result<Numeric> EuclidGcd(Numeric a, Numeric b) {
  a = a.Abs();
  b = b.Abs();
  while (!b.is_zero()) {
    OMEN_ASSIGN_OR_RETURN(Numeric rest, NumericModulo(a, b));
    a = std::exchange(b, std::move(rest));
  }
  return a;
}

Status GreatestDivisor(CallContext&, const CallArgs& args, Value* out) {
  Numeric a = NumericArg(args, 0), b = NumericArg(args, 1);
  if (a.is_special() || b.is_special()) return Finish(*Numeric::Parse("NaN"), out);
  int scale = std::max(a.display_scale(), b.display_scale());
  OMEN_ASSIGN_OR_RETURN(Numeric gcd, EuclidGcd(a, b));
  return Finish(gcd.Round(scale), out);
}

Status LeastMultiple(CallContext&, const CallArgs& args, Value* out) {
  Numeric a = NumericArg(args, 0), b = NumericArg(args, 1);
  if (a.is_special() || b.is_special()) return Finish(*Numeric::Parse("NaN"), out);
  int scale = std::max(a.display_scale(), b.display_scale());
  if (a.is_zero() || b.is_zero()) return Finish(Numeric::FromInt(0).Round(scale), out);
  OMEN_ASSIGN_OR_RETURN(Numeric gcd, EuclidGcd(a, b));
  OMEN_ASSIGN_OR_RETURN(Numeric part, NumericDivideTruncate(a, gcd));
  OMEN_ASSIGN_OR_RETURN(Numeric product, Numeric::Multiply(part, b));
  return Finish(product.Abs().Round(scale), out);
}

Status Factorial(CallContext& context, const CallArgs& args, Value* out) {
  int64_t n = IntArg(args, 0);
  if (n < 0)
    return Status(sqlstate::kNumericOutOfRange, "factorial of a negative number is undefined");
  if (n > 32177) return Status(sqlstate::kNumericOutOfRange, "value overflows numeric format");
  Numeric product = Numeric::FromInt(1);
  for (int64_t i = 2; i <= n; ++i) {
    if (context.cancel != nullptr) OMEN_RETURN_IF_ERROR(context.cancel->Check());
    OMEN_ASSIGN_OR_RETURN(product, Numeric::Multiply(product, Numeric::FromInt(i)));
  }
  return Finish(product, out);
}

// floor(count * (operand - low) / (high - low) + 1) for an operand between the bounds. The quotient
// is rounded before, as PostgreSQL has it.
Result<int64_t> NumericBucketOf(const Decimal& operand, const Decimal& low, const Decimal& high,
                                int64_t count) {
  const Decimal offset = SubtractDecimals(operand, low);
  const Decimal width = SubtractDecimals(high, low);
  const Decimal scaled = MultiplyDecimals(offset, Decimal::FromInt(count), offset.scale);
  const Decimal bucket = DivideDecimals(scaled, width, DivisionScale(scaled, width));
  return Numeric(AddDecimals(bucket, Decimal::FromInt(1))).Floor().ToInt64("integer");
}

Status NumericWidthBucket(CallContext&, const CallArgs& args, Value* out) {
  Numeric operand = NumericArg(args, 0), low = NumericArg(args, 1), high = NumericArg(args, 2);
  int64_t count = IntArg(args, 3);
  if (count <= 0) return BadBucket("count must be greater than zero");
  if (operand.is_nan() || low.is_nan() || high.is_nan()) {
    return BadBucket("operand, lower bound, and upper bound cannot be NaN");
  }
  if (low.is_special() || high.is_special()) {
    return BadBucket("lower and upper bounds must be finite");
  }
  int direction = Numeric::Compare(high, low);
  if (direction == 0) return BadBucket("lower bound cannot equal upper bound");
  if (Numeric::Compare(operand, low) * direction < 0) return ReturnInt(out, 0);
  if (Numeric::Compare(operand, high) * direction >= 0) {
    return count == INT32_MAX ? OutOfRange("integer") : ReturnInt(out, count + 1);
  }
  OMEN_ASSIGN_OR_RETURN(int64_t bucket,
                        NumericBucketOf(operand.decimal(), low.decimal(), high.decimal(), count));
  return bucket > INT32_MAX ? OutOfRange("integer") : ReturnInt(out, bucket);
}

using namespace oid;  // NOLINT: the rows below are lists of types

constexpr FunctionRow kNumericRows[] = {
    {1724,
     "numeric_add",
     {kNumeric, kNumeric},
     kNumeric,
     kPure,
     Binary<Numeric::Add>,
     {},
     Meaning::kAdd},
    {1725,
     "numeric_sub",
     {kNumeric, kNumeric},
     kNumeric,
     kPure,
     Binary<Numeric::Subtract>,
     {},
     Meaning::kSubtract},
    {1726,
     "numeric_mul",
     {kNumeric, kNumeric},
     kNumeric,
     kPure,
     Binary<Numeric::Multiply>,
     {},
     Meaning::kMultiply},
    {1727,
     "numeric_div",
     {kNumeric, kNumeric},
     kNumeric,
     kPure,
     Binary<Numeric::Divide>,
     {},
     Meaning::kDivide},
    {1980,
     "numeric_div_trunc",
     {kNumeric, kNumeric},
     kNumeric,
     kPure,
     Binary<NumericDivideTruncate>,
     {},
     Meaning::kDivideWhole},
    {1973,
     "div",
     {kNumeric, kNumeric},
     kNumeric,
     kPure,
     Binary<NumericDivideTruncate>,
     {},
     Meaning::kDivideWhole},
    {1729,
     "numeric_mod",
     {kNumeric, kNumeric},
     kNumeric,
     kPure,
     Binary<NumericModulo>,
     {},
     Meaning::kModulo},
    {1728,
     "mod",
     {kNumeric, kNumeric},
     kNumeric,
     kPure,
     Binary<NumericModulo>,
     {},
     Meaning::kModulo},
    {1739,
     "numeric_power",
     {kNumeric, kNumeric},
     kNumeric,
     kPure,
     Binary<NumericPower>,
     {},
     Meaning::kPower},
    {1738, "pow", {kNumeric, kNumeric}, kNumeric, kPure, Binary<NumericPower>, {}, Meaning::kPower},
    {2169,
     "power",
     {kNumeric, kNumeric},
     kNumeric,
     kPure,
     Binary<NumericPower>,
     {},
     Meaning::kPower},
    {1736, "log", {kNumeric, kNumeric}, kNumeric, kPure, Binary<NumericLog>, {}, Meaning::kLog},
    {1737, "numeric_log", {kNumeric, kNumeric}, kNumeric, kPure, Binary<NumericLog>},
    {1767, "numeric_larger", {kNumeric, kNumeric}, kNumeric, kPure, LargerNumeric},
    {1766, "numeric_smaller", {kNumeric, kNumeric}, kNumeric, kPure, SmallerNumeric},
    {5048, "gcd", {kNumeric, kNumeric}, kNumeric, kPure, GreatestDivisor},
    {5049, "lcm", {kNumeric, kNumeric}, kNumeric, kPure, LeastMultiple},
    {1771,
     "numeric_uminus",
     {kNumeric},
     kNumeric,
     kPure,
     Unary<&Numeric::Negate>,
     {},
     Meaning::kNegate},
    {1915, "numeric_uplus", {kNumeric}, kNumeric, kPure, Identity, {}, Meaning::kIdentity},
    {1704, "numeric_abs", {kNumeric}, kNumeric, kPure, Unary<&Numeric::Abs>, {}, Meaning::kAbs},
    {1705, "abs", {kNumeric}, kNumeric, kPure, Unary<&Numeric::Abs>, {}, Meaning::kAbs},
    {1711, "ceil", {kNumeric}, kNumeric, kPure, Unary<&Numeric::Ceil>, {}, Meaning::kCeil},
    {2167, "ceiling", {kNumeric}, kNumeric, kPure, Unary<&Numeric::Ceil>, {}, Meaning::kCeil},
    {1712, "floor", {kNumeric}, kNumeric, kPure, Unary<&Numeric::Floor>, {}, Meaning::kFloor},
    {1731, "numeric_sqrt", {kNumeric}, kNumeric, kPure, Partial<NumericSqrt>, {}, Meaning::kSqrt},
    {1730, "sqrt", {kNumeric}, kNumeric, kPure, Partial<NumericSqrt>, {}, Meaning::kSqrt},
    {1733, "numeric_exp", {kNumeric}, kNumeric, kPure, Partial<NumericExp>, {}, Meaning::kExp},
    {1732, "exp", {kNumeric}, kNumeric, kPure, Partial<NumericExp>, {}, Meaning::kExp},
    {1735, "numeric_ln", {kNumeric}, kNumeric, kPure, Partial<NumericLn>, {}, Meaning::kLn},
    {1734, "ln", {kNumeric}, kNumeric, kPure, Partial<NumericLn>, {}, Meaning::kLn},
    {1741, "log", {kNumeric}, kNumeric, kPure, Partial<NumericLog10>, {}, Meaning::kLog},
    {1481, "log10", {kNumeric}, kNumeric, kPure, Partial<NumericLog10>, {}, Meaning::kLog10},
    {1706, "sign", {kNumeric}, kNumeric, kPure, SignOfNumeric, {}, Meaning::kSign},
    {1708, "round", {kNumeric}, kNumeric, kPure, RoundToInteger, {}, Meaning::kRound},
    {1710, "trunc", {kNumeric}, kNumeric, kPure, TruncateToInteger, {}, Meaning::kTrunc},
    {3281, "scale", {kNumeric}, kInt4, kPure, Scale},
    {5042, "min_scale", {kNumeric}, kInt4, kPure, MinScale},
    {5043, "trim_scale", {kNumeric}, kNumeric, kPure, TrimScale},
    {1764, "numeric_inc", {kNumeric}, kNumeric, kPure, Increment},
    {1707, "round", {kNumeric, kInt4}, kNumeric, kPure, RoundTo, {}, Meaning::kRound},
    {1709, "trunc", {kNumeric, kInt4}, kNumeric, kPure, TruncateTo, {}, Meaning::kTrunc},
    {1376, "factorial", {kInt8}, kNumeric, kPure, Factorial},
    {2170, "width_bucket", {kNumeric, kNumeric, kNumeric, kInt4}, kInt4, kPure, NumericWidthBucket},
};

}  // namespace

std::span<const FunctionRow> NumericArithmeticRows() { return kNumericRows; }

}  // namespace omen::functions
