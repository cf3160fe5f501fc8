// Roots, logarithms and powers, with the result scales of PostgreSQL: about 16 significant
// digits, from an estimate of the result's size.
#include "types/number/numeric_functions.h"

#include <fmt/format.h>

#include <cmath>
#include <cstdlib>

#include "types/number/internal/decimal_precision.h"
#include "types/number/internal/numeric_bounds.h"

namespace omen {

using namespace types_internal;  // NOLINT: the bounds of this folder

namespace {

using Kind = Numeric::Kind;

constexpr double kLn10 = 2.302585092994046;

int LimitScale(int scale) { return std::clamp(scale, 0, kMaxDisplayScale); }

Numeric One() { return Numeric::FromInt(1); }

Decimal Zero(int scale) {
  Decimal zero;
  zero.scale = scale;
  return zero;
}

/// Decimal weight of ln(x), roughly.
int EstimateLnWeight(const Decimal& x) {
  if (x.negative || x.is_zero()) return 0;
  bool near_one = CompareDecimals(x, Decimal::FromInt128(9, 1)) >= 0 &&
                  CompareDecimals(x, Decimal::FromInt128(11, 1)) <= 0;
  if (near_one) {
    Decimal rest = SubtractDecimals(x, Decimal::FromInt(1));
    if (rest.is_zero()) return 0;
    return rest.weight * Decimal::kBaseDigits + static_cast<int>(std::log10(rest.digits[0]));
  }
  int digits = x.digits[0];
  int weight = x.weight * Decimal::kBaseDigits;
  if (x.digits.size() > 1) {
    digits = digits * Decimal::kBase + x.digits[1];
    weight -= Decimal::kBaseDigits;
  }
  double ln = std::log(static_cast<double>(digits)) + weight * kLn10;
  return static_cast<int>(std::log10(std::fabs(ln)));
}

Status LogarithmDomain(const Numeric& a) {
  return Status(sqlstate::kInvalidLogArgument, a.is_zero()
                                                   ? "cannot take logarithm of zero"
                                                   : "cannot take logarithm of a negative number");
}

}  // namespace

Result<Numeric> NumericSqrt(const Numeric& a) {
  if (a.sign() < 0) {
    return Status(sqlstate::kInvalidPowerArgument, "cannot take square root of a negative number");
  }
  if (a.is_special()) return a;
  int weight = a.decimal().weight * Decimal::kBaseDigits / 2 + 1;
  int scale = std::max(kMinSignificant - weight, a.display_scale());
  return Numeric::Checked(SqrtDecimal(a.decimal(), LimitScale(scale)));
}

Result<Numeric> NumericExp(const Numeric& a) {
  if (a.kind() == Kind::kNegativeInfinity) return Numeric();
  if (a.is_special()) return a;
  double value = a.ToDouble();
  double weight = std::clamp(value * kLog10OfE, -2000.0, 2000.0);
  int scale = LimitScale(std::max(kMinSignificant - static_cast<int>(weight), a.display_scale()));
  if (value >= kExpLimit) return Overflow();
  if (value <= -kExpLimit) return Numeric(Zero(scale));
  return Numeric::Checked(ExpDecimal(a.decimal(), scale));
}

Result<Numeric> NumericLn(const Numeric& a) {
  if (!a.is_nan() && a.sign() <= 0) return LogarithmDomain(a);
  if (a.is_special()) return a;
  int scale = std::max(kMinSignificant - EstimateLnWeight(a.decimal()), a.display_scale());
  return Numeric::Checked(LnDecimal(a.decimal(), LimitScale(scale)));
}

Result<Numeric> NumericLog(const Numeric& base, const Numeric& a) {
  if (base.is_nan() || a.is_nan()) return NaN();
  // Among special operands a negative one is reported before a zero.
  if (a.is_special() && a.sign() < 0) return LogarithmDomain(a);
  if (base.sign() <= 0) return LogarithmDomain(base);
  if (a.sign() <= 0) return LogarithmDomain(a);
  if (base.is_infinite()) return a.is_infinite() ? NaN() : Numeric();
  if (a.is_infinite()) return a;
  int base_weight = EstimateLnWeight(base.decimal());
  int a_weight = EstimateLnWeight(a.decimal());
  int weight = a_weight - base_weight;
  int scale =
      LimitScale(std::max({kMinSignificant - weight, base.display_scale(), a.display_scale()}));
  int base_scale = std::max(scale + weight - base_weight + kGuardDigits, 0);
  int a_scale = std::max(scale + weight - a_weight + kGuardDigits, 0);
  Decimal ln_base = LnDecimal(base.decimal(), base_scale);
  if (ln_base.is_zero()) return DivisionByZero();
  return Numeric::Checked(DivideDecimals(LnDecimal(a.decimal(), a_scale), ln_base, scale));
}

Result<Numeric> NumericLog10(const Numeric& a) { return NumericLog(Numeric::FromInt(10), a); }

namespace {

/// base^exponent by repeated squaring, with guard digits.
Result<Decimal> RaiseToInteger(const Decimal& base, int64_t exponent, double weight, int scale) {
  int significant = 1 + scale + static_cast<int>(weight) +
                    static_cast<int>(std::log(std::fabs(static_cast<double>(exponent)))) +
                    kGuardDigits;
  auto multiply = [&](const Decimal& x, const Decimal& y) {
    int places =
        std::min(significant - (x.weight + y.weight) * Decimal::kBaseDigits, x.scale + y.scale);
    return MultiplyDecimals(x, y, std::max(places, 0));
  };
  Decimal product = base;
  Decimal result = Decimal::FromInt(1);
  for (auto bits = static_cast<uint64_t>(std::llabs(exponent));;) {
    if (bits & 1) result = multiply(product, result);
    bits >>= 1;
    if (bits == 0) break;
    product = multiply(product, product);
    if (product.weight > kMaxWeight || result.weight > kMaxWeight) {
      if (exponent > 0) return Overflow();
      return Zero(scale);
    }
  }
  if (exponent > 0) {
    result.Round(scale);
    return result;
  }
  if (result.is_zero()) return Overflow();
  return DivideDecimals(Decimal::FromInt(1), result, scale);
}

/// log10 of the power's size, from the first 16 digits of the base.
double EstimatePowerWeight(const Decimal& base, int64_t exponent) {
  double digits = base.digits[0];
  int weight = base.weight * Decimal::kBaseDigits;
  for (size_t i = 1; i < base.digits.size() && i < 4; ++i) {
    digits = digits * Decimal::kBase + base.digits[i];
    weight -= Decimal::kBaseDigits;
  }
  return static_cast<double>(exponent) * (std::log10(digits) + weight);
}

Result<Decimal> IntegerPower(const Decimal& base, int64_t exponent) {
  int scale = LimitScale(std::max(kMinSignificant, base.scale));
  Decimal result = base;
  if (exponent == 0) {
    result = Decimal::FromInt(1);
    result.scale = scale;
    return result;
  }
  if (base.is_zero()) {
    if (exponent < 0) return DivisionByZero();
    return Zero(scale);
  }
  if (exponent == 1) {
    result.Round(scale);
    return result;
  }
  if (exponent == -1) return DivideDecimals(Decimal::FromInt(1), base, scale);
  if (exponent == 2) return MultiplyDecimals(base, base, scale);
  double weight = EstimatePowerWeight(base, exponent);
  if (weight > 3.0 * kMaxWeight * Decimal::kBaseDigits) return Overflow();
  if (weight + 1 < -scale) return Zero(scale);
  return RaiseToInteger(base, exponent, weight, scale);
}

/// e^(exponent * ln(base)) for a positive base; digits by a first rough pass.
Result<Decimal> RealPower(const Decimal& base, const Decimal& exponent) {
  int ln_weight = EstimateLnWeight(base);
  int rough = std::max(8 - ln_weight, 0);
  Decimal product = MultiplyDecimals(LnDecimal(base, rough), exponent, rough);
  double value = product.ToDouble();
  if (std::fabs(value) > kExpLimit * 1.005) {
    if (value > 0) return Overflow();
    return Zero(kMaxDisplayScale);
  }
  int weight = static_cast<int>(value * kLog10OfE);
  int scale = LimitScale(std::max({kMinSignificant - weight, base.scale, exponent.scale}));
  int places = std::max(std::max(scale + weight, 0) - ln_weight + kGuardDigits, 0);
  product = MultiplyDecimals(LnDecimal(base, places), exponent, places);
  value = product.ToDouble();
  if (value >= kExpLimit) return Overflow();
  if (value <= -kExpLimit) return Zero(scale);
  return ExpDecimal(product, scale);
}

bool IsOdd(const Decimal& integral) { return !integral.is_zero() && integral.DigitAt(0) % 2 == 1; }

/// Powers in which an operand is infinite; neither is NaN and no error applies.
Numeric SpecialPower(const Numeric& a, const Numeric& b) {
  Numeric one = One();
  if (Numeric::Compare(a, one) == 0 || b.is_zero()) return one;
  Numeric infinity = Numeric::Special(Kind::kInfinity);
  if (b.is_infinite()) {
    if (a.is_zero()) return Numeric();
    int size = Numeric::Compare(a.Abs(), one);
    if (size == 0) return one;
    return (size > 0) == (b.sign() > 0) ? infinity : Numeric();
  }
  if (b.sign() < 0) return Numeric();
  return a.sign() < 0 && IsOdd(b.decimal()) ? a : infinity;
}

}  // namespace

Result<Numeric> NumericPower(const Numeric& a, const Numeric& b) {
  if (a.is_nan()) return !b.is_nan() && b.is_zero() ? One() : NaN();
  if (b.is_nan()) return Numeric::Compare(a, One()) == 0 ? One() : NaN();
  if (a.sign() == 0 && b.sign() < 0) {
    return Status(sqlstate::kInvalidPowerArgument, "zero raised to a negative power is undefined");
  }
  if (a.sign() < 0 && !b.is_integral()) {
    return Status(sqlstate::kInvalidPowerArgument,
                  "a negative number raised to a non-integer power yields a complex result");
  }
  if (a.is_special() || b.is_special()) return SpecialPower(a, b);
  __int128 exponent;
  bool integer =
      b.is_integral() && b.ToInt128(0, &exponent) && exponent >= INT32_MIN && exponent <= INT32_MAX;
  Result<Decimal> power = Decimal();
  if (integer) {
    power = IntegerPower(a.decimal(), static_cast<int64_t>(exponent));
  } else if (a.is_zero()) {
    return Numeric(Zero(kMinSignificant));
  } else {
    Decimal base = a.decimal();
    base.negative = false;
    power = RealPower(base, b.decimal());
    if (power.ok() && a.sign() < 0 && IsOdd(b.decimal()) && !power->is_zero())
      power->negative = true;
  }
  if (!power.ok()) return std::move(power).status();
  return Numeric::Checked(std::move(power).value());
}

}  // namespace omen
