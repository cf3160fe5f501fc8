// Whole quotients, roots, logarithms and powers of Numeric. Any thread.
#pragma once

#include "base/result.h"
#include "types/number/numeric.h"

namespace omen {

/// The quotient without its fraction, and what it leaves. 22012 on zero.
Result<Numeric> NumericDivideTruncate(const Numeric& a, const Numeric& b);
Result<Numeric> NumericModulo(const Numeric& a, const Numeric& b);

/// 2201F where PostgreSQL says so: of a negative number, zero to a negative power; 22003.
Result<Numeric> NumericPower(const Numeric& a, const Numeric& b);
Result<Numeric> NumericSqrt(const Numeric& a);
Result<Numeric> NumericExp(const Numeric& a);
/// 2201E for zero and for negative numbers.
Result<Numeric> NumericLn(const Numeric& a);
Result<Numeric> NumericLog10(const Numeric& a);
Result<Numeric> NumericLog(const Numeric& base, const Numeric& a);

}  // namespace omen
