// Exponential and logarithm of decimals: shrink the argument, sum a series that
// then converges fast, undo the shrinking. Guard digits keep the last place right.
#include <cmath>

#include "types/number/decimal.h"
#include "types/number/internal/decimal_precision.h"

namespace omen {

using namespace types_internal;  // NOLINT: the precision of this folder

namespace {

constexpr double kLog10Of2 = 0.301029995663981;

Decimal Tenths(int tenths) { return Decimal::FromInt128(tenths, 1); }

Decimal Halved(const Decimal& x, int scale) { return MultiplyDecimals(x, Tenths(5), scale); }

/// 1 + x + x^2/2! + ... for a small x.
Decimal ExpSeries(const Decimal& x, int scale) {
  Decimal sum = AddDecimals(Decimal::FromInt(1), x);
  Decimal term = x;
  for (int n = 2; !term.is_zero(); ++n) {
    term = MultiplyDecimals(term, x, scale);
    term = DivideDecimals(term, Decimal::FromInt(n), scale);
    sum = AddDecimals(sum, term);
  }
  return sum;
}

}  // namespace

Decimal ExpDecimal(const Decimal& a, int scale) {
  double value = a.ToDouble();
  OMEN_CHECK(std::fabs(value) <= kExpLimit);
  int result_weight = static_cast<int>(value * kLog10OfE);
  int halvings = 0;
  for (double size = std::fabs(value); size > 0.01; size /= 2) ++halvings;
  // Each squaring doubles the relative error.
  int significant = std::max(1 + result_weight + scale, 0) + kGuardDigits +
                    static_cast<int>(halvings * kLog10Of2) + 1;
  Decimal x = a;
  for (int i = 0; i < halvings; ++i) x = Halved(x, significant + halvings);
  Decimal result = ExpSeries(x, significant + halvings);
  for (int i = 0; i < halvings; ++i) {
    int places = significant - 2 * result.weight * Decimal::kBaseDigits;
    result = MultiplyDecimals(result, result, std::max(places, 0));
    if (result.is_zero()) break;
  }
  result.Round(scale);
  return result;
}

Decimal LnDecimal(const Decimal& a, int scale) {
  OMEN_CHECK(!a.negative && !a.is_zero());
  Decimal x = a;
  int doublings = 1;  // the series yields half the logarithm
  const Decimal low = Tenths(9);
  const Decimal high = Tenths(11);
  while (CompareDecimals(x, low) < 0 || CompareDecimals(x, high) > 0) {
    x = SqrtDecimal(x, scale - x.weight * Decimal::kBaseDigits / 2 + kGuardDigits);
    ++doublings;
  }
  // ln(x) = 2 (z + z^3/3 + z^5/5 + ...), z = (x - 1) / (x + 1).
  int places = scale + static_cast<int>((doublings + 1) * kLog10Of2) + kGuardDigits;
  const Decimal one = Decimal::FromInt(1);
  Decimal power = DivideDecimals(SubtractDecimals(x, one), AddDecimals(x, one), places);
  Decimal square = MultiplyDecimals(power, power, places);
  Decimal sum = power;
  for (int n = 3;; n += 2) {
    power = MultiplyDecimals(power, square, places);
    Decimal term = DivideDecimals(power, Decimal::FromInt(n), places);
    if (term.is_zero()) break;
    sum = AddDecimals(sum, term);
  }
  Decimal factor = MultiplyDecimals(Decimal::FromInt(int64_t{1} << doublings), sum, places);
  factor.Round(scale);
  return factor;
}

}  // namespace omen
