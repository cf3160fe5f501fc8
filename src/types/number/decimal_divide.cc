// Division and square root of decimals.
#include <cmath>

#include "base/work.h"
#include "types/number/decimal.h"
#include "types/number/internal/decimal_precision.h"

namespace omen {

using namespace types_internal;  // NOLINT: the precision of this folder

namespace {

/// Quotient digits of `u` (dividend digits, zero-extended to `count`) by a divisor of up to
/// three base digits, which with one more still fits a machine word.
void DivideShort(const Decimal& a, const Decimal& b, DigitString& quotient) {
  Work::Poll(1 + quotient.size() / kDigitsPerStep);
  uint64_t divisor = 0;
  for (size_t i = 0; i < b.digits.size(); ++i) divisor = divisor * Decimal::kBase + b.digits[i];
  uint64_t remainder = 0;
  size_t skipped = b.digits.size() - 1;
  for (size_t i = 0; i < quotient.size() + skipped; ++i) {
    uint64_t digit = i < a.digits.size() ? a.digits[i] : 0;
    remainder = remainder * Decimal::kBase + digit;
    if (i < skipped) continue;
    quotient[i - skipped] = static_cast<uint16_t>(remainder / divisor);
    remainder %= divisor;
  }
}

/// The digits of `value` times `factor`, with room for the carry in front.
DigitString Scaled(const DigitString& value, size_t size, uint32_t factor) {
  DigitString out(size + 1);
  uint32_t carry = 0;
  for (size_t i = size; i-- > 0;) {
    uint32_t digit = (i < value.size() ? value[i] : 0u) * factor + carry;
    out[i + 1] = static_cast<uint16_t>(digit % Decimal::kBase);
    carry = digit / Decimal::kBase;
  }
  out[0] = static_cast<uint16_t>(carry);
  return out;
}

/// u[0..n] -= q * v[0..n-1]; true where that went below zero.
bool SubtractMultiple(uint16_t* u, const uint16_t* v, size_t n, uint32_t q) {
  int64_t borrow = 0;
  for (size_t i = n; i-- > 0;) {
    int64_t digit = int64_t{u[i + 1]} - int64_t{q} * v[i] - borrow;
    borrow = 0;
    if (digit < 0) {
      borrow = (-digit + Decimal::kBase - 1) / Decimal::kBase;
      digit += borrow * Decimal::kBase;
    }
    u[i + 1] = static_cast<uint16_t>(digit);
  }
  int64_t top = int64_t{u[0]} - borrow;
  u[0] = static_cast<uint16_t>(top < 0 ? top + Decimal::kBase : top);
  return top < 0;
}

void AddBack(uint16_t* u, const uint16_t* v, size_t n) {
  uint32_t carry = 0;
  for (size_t i = n; i-- > 0;) {
    uint32_t digit = uint32_t{u[i + 1]} + v[i] + carry;
    carry = digit >= Decimal::kBase;
    u[i + 1] = static_cast<uint16_t>(digit - carry * Decimal::kBase);
  }
  u[0] = static_cast<uint16_t>((u[0] + carry) % Decimal::kBase);
}

/// Knuth's algorithm D.
void DivideLong(const Decimal& a, const Decimal& b, DigitString& quotient) {
  size_t n = b.digits.size();
  uint32_t factor = Decimal::kBase / (b.digits[0] + 1u);
  DigitString u = Scaled(a.digits, quotient.size() + n - 1, factor);
  DigitString scaled_divisor = Scaled(b.digits, n, factor);
  const uint16_t* v = scaled_divisor.data() + 1;
  for (size_t j = 0; j < quotient.size(); ++j) {
    Work::Poll(1 + n / kDigitsPerStep);
    uint16_t* window = u.data() + j;
    uint64_t top = uint64_t{window[0]} * Decimal::kBase + window[1];
    uint64_t guess = std::min<uint64_t>(top / v[0], Decimal::kBase - 1);
    uint64_t rest = top - guess * v[0];
    while (rest < Decimal::kBase && guess * v[1] > rest * Decimal::kBase + window[2]) {
      --guess;
      rest += v[0];
    }
    if (SubtractMultiple(window, v, n, static_cast<uint32_t>(guess))) {
      --guess;
      AddBack(window, v, n);
    }
    quotient[j] = static_cast<uint16_t>(guess);
  }
}

}  // namespace

Decimal DivideDecimals(const Decimal& a, const Decimal& b, int scale, bool round) {
  OMEN_CHECK(!b.is_zero());
  Decimal result;
  result.scale = std::max(scale, 0);
  if (a.is_zero()) return result;
  // One base digit past the last place decides the rounding: the half shows in it exactly.
  int digits = a.weight - b.weight + 1 + (scale + 3) / 4 + 1;
  if (digits <= 0) return result;
  result.digits.Resize(digits);
  result.weight = a.weight - b.weight;
  result.negative = a.negative != b.negative;
  if (b.digits.size() <= 3) {
    DivideShort(a, b, result.digits);
  } else {
    DivideLong(a, b, result.digits);
  }
  if (round) {
    result.Round(scale);
  } else {
    result.Truncate(scale);
  }
  return result;
}

namespace {

/// Half a unit of the last of `scale` places.
Decimal HalfUnit(int scale) { return Decimal::FromDigits("5", -scale - 1, std::max(scale + 1, 0)); }

Decimal OneUnit(int scale) { return Decimal::FromDigits("1", -scale, std::max(scale, 0)); }

Decimal Square(const Decimal& x) { return MultiplyDecimals(x, x, 2 * x.scale); }

/// A first guess good to about 15 digits, for any exponent.
Decimal GuessRoot(const Decimal& a) {
  Decimal mantissa = a;
  int shift = a.weight / 2 * 2;
  mantissa.weight -= shift;
  char digits[32];
  int size = std::snprintf(digits, sizeof digits, "%.16e", std::sqrt(mantissa.ToDouble()));
  std::string_view text(digits, size);
  size_t e = text.find('e');
  int exponent = std::atoi(digits + e + 1);
  std::string plain(text.substr(0, 1));
  plain += text.substr(2, e - 2);
  Decimal guess = Decimal::FromDigits(plain, exponent, std::max(0, 16 - exponent));
  guess.weight += shift / 2;
  return guess;
}

/// Whether what is known to five places beyond `scale` decides how to round there.
bool IsSurelyRounded(const Decimal& root, int scale) {
  const Decimal slack = OneUnit(scale + 5);
  Decimal low = SubtractDecimals(root, slack), high = AddDecimals(root, slack);
  low.Round(scale);
  high.Round(scale);
  return CompareDecimals(low, high) == 0;
}

}  // namespace

Decimal SqrtDecimal(const Decimal& a, int scale) {
  Decimal root;
  root.scale = std::max(scale, 0);
  if (a.is_zero()) return root;
  root = GuessRoot(a);
  int needed = std::max((a.weight / 2 + 2) * Decimal::kBaseDigits + scale + 4, 1);
  Decimal half = Decimal::FromDigits("5", -1, 1);
  for (int correct = 14; correct < needed; correct *= 2) {
    // Of a large number, places before the point: more digits than are right cost their square.
    int places = std::min(correct * 2, needed) - root.weight * Decimal::kBaseDigits;
    Decimal sum = AddDecimals(root, DivideDecimals(a, root, places));
    root = MultiplyDecimals(sum, half, places);
  }
  if (IsSurelyRounded(root, scale)) {
    root.Round(scale);
    return root;
  }
  root.Round(scale);
  // The guess may be off by one in the last place: compare squares of the half-way points.
  root.scale = std::max(scale, 0);
  Decimal above = AddDecimals(root, HalfUnit(scale));
  if (CompareDecimals(Square(above), a) <= 0) return AddDecimals(root, OneUnit(scale));
  if (root.is_zero()) return root;
  Decimal below = SubtractDecimals(root, HalfUnit(scale));
  if (CompareDecimals(Square(below), a) > 0) return SubtractDecimals(root, OneUnit(scale));
  return root;
}

}  // namespace omen
