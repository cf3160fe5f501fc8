// The four operations and rounding of Numeric: special values, and PostgreSQL's
// choice of how many digits a result shows.
#include <fmt/format.h>

#include "types/number/internal/numeric_bounds.h"
#include "types/number/numeric_functions.h"

namespace omen {

using namespace types_internal;  // NOLINT: the bounds of this folder

namespace {

using Kind = Numeric::Kind;

constexpr int kMaxWholeDigits = 131072;

Numeric Infinity(bool negative) {
  return Numeric::Special(negative ? Kind::kNegativeInfinity : Kind::kInfinity);
}
Status FieldOverflow(std::string detail) {
  return Status(sqlstate::kNumericOutOfRange, "numeric field overflow").Detail(std::move(detail));
}

/// a / b where one of them is special; the caller has dealt with NaN.
Result<Numeric> DivideSpecial(const Numeric& a, const Numeric& b) {
  if (b.is_infinite()) return a.is_infinite() ? NaN() : Numeric();
  if (b.is_zero()) return DivisionByZero();
  return Infinity(a.sign() != b.sign());
}

}  // namespace

int DivisionScale(const Decimal& a, const Decimal& b) {
  int first_a = a.is_zero() ? 0 : a.digits[0];
  int first_b = b.is_zero() ? 0 : b.digits[0];
  int weight = a.weight - b.weight;
  if (first_a <= first_b) --weight;
  int scale = std::max({kMinSignificant - weight * Decimal::kBaseDigits, a.scale, b.scale, 0});
  return std::min(scale, kMaxDisplayScale);
}

Result<Numeric> Numeric::Add(const Numeric& a, const Numeric& b) {
  if (a.is_special() || b.is_special()) [[unlikely]] {
    bool opposed = a.is_infinite() && b.is_infinite() && a.kind_ != b.kind_;
    if (a.is_nan() || b.is_nan() || opposed) return NaN();
    return a.is_special() ? a : b;
  }
  return Checked(AddDecimals(a.value_, b.value_));
}

Result<Numeric> Numeric::Subtract(const Numeric& a, const Numeric& b) {
  if (a.is_special() || b.is_special()) [[unlikely]]
    return Add(a, b.Negate());
  return Checked(SubtractDecimals(a.value_, b.value_));
}

Result<Numeric> Numeric::Multiply(const Numeric& a, const Numeric& b) {
  if (a.is_special() || b.is_special()) [[unlikely]] {
    if (a.is_nan() || b.is_nan() || a.is_zero() || b.is_zero()) return NaN();
    return Infinity(a.sign() != b.sign());
  }
  int scale = std::min(a.display_scale() + b.display_scale(), kMaxScale);
  return Checked(MultiplyDecimals(a.value_, b.value_, scale));
}

Result<Numeric> Numeric::Divide(const Numeric& a, const Numeric& b) {
  if (a.is_nan() || b.is_nan()) return NaN();
  if (a.is_special() || b.is_special()) return DivideSpecial(a, b);
  if (b.is_zero()) return DivisionByZero();
  return Checked(DivideDecimals(a.value_, b.value_, DivisionScale(a.value_, b.value_)));
}

Result<Numeric> NumericDivideTruncate(const Numeric& a, const Numeric& b) {
  if (a.is_nan() || b.is_nan()) return NaN();
  if (a.is_special() || b.is_special()) return DivideSpecial(a, b);
  if (b.is_zero()) return DivisionByZero();
  return Numeric::Checked(DivideDecimals(a.decimal(), b.decimal(), 0, false));
}

Result<Numeric> NumericModulo(const Numeric& a, const Numeric& b) {
  if (a.is_nan() || b.is_nan()) return NaN();
  if (b.is_zero()) return DivisionByZero();
  if (a.is_infinite()) return NaN();
  if (b.is_infinite()) return a;
  Decimal quotient = DivideDecimals(a.decimal(), b.decimal(), 0, false);
  Decimal product = MultiplyDecimals(quotient, b.decimal(), b.display_scale());
  return Numeric::Checked(SubtractDecimals(a.decimal(), product));
}

Numeric Numeric::Negate() const {
  Numeric result = *this;
  if (is_infinite()) return Infinity(kind_ == Kind::kInfinity);
  if (!is_special() && !is_zero()) result.value_.negative = !value_.negative;
  return result;
}

Numeric Numeric::Abs() const { return sign() < 0 ? Negate() : *this; }

Numeric Numeric::Floor() const {
  if (is_special()) return *this;
  Numeric result = Truncate(0);
  bool below = value_.negative && CompareDecimals(result.value_, value_) != 0;
  if (below) result.value_ = SubtractDecimals(result.value_, Decimal::FromInt(1));
  return result;
}

Numeric Numeric::Ceil() const { return is_special() ? *this : Negate().Floor().Negate(); }

Numeric Numeric::Round(int scale) const {
  if (is_special()) return *this;
  Numeric result = *this;
  // One place before the first digit there is, which may round up.
  result.value_.Round(std::clamp(scale, -kMaxWholeDigits - 1, kMaxScale));
  return result;
}

Numeric Numeric::Truncate(int scale) const {
  if (is_special()) return *this;
  Numeric result = *this;
  result.value_.Truncate(std::clamp(scale, -kMaxWholeDigits, kMaxScale));
  return result;
}

Result<Numeric> Numeric::ApplyTypmod(int32_t typmod) const {
  if (typmod < 4 || is_nan()) return *this;
  int precision = NumericPrecision(typmod);
  int scale = NumericScale(typmod);
  if (is_infinite()) {
    return FieldOverflow(fmt::format(
        "A field with precision {}, scale {} cannot hold an infinite value.", precision, scale));
  }
  Numeric result = *this;
  result.value_.Round(scale);
  int whole = precision - scale;
  if (result.is_zero() || result.FirstPlace() <= whole) return result;
  std::string limit = whole == 0 ? "1" : fmt::format("10^{}", whole);
  return FieldOverflow(fmt::format(
      "A field with precision {}, scale {} must round to an absolute value less than {}.",
      precision, scale, limit));
}

}  // namespace omen
