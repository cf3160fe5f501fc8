// Exact decimal arithmetic with PostgreSQL's rules for result scale (numeric.c).
//
// Carried in a Value as bytes:
//   byte 0      kind: 0 finite positive or zero, 1 finite negative, 2 NaN, 3 +Infinity, 4 -Infinity
//   bytes 1-2   display scale, uint16 little-endian
//   bytes 3-4   weight of the first digit, int16 little-endian (base-10000 exponent)
//   bytes 5-    base-10000 digits, uint16 little-endian each, no leading or trailing zero digit
// Zero has no digits and weight 0.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "types/number/decimal.h"
#include "types/value.h"

namespace omen {

/// The places that a quotient shows: at least 16 significant digits, no fewer places than either
/// operand, 1000 at most.
int DivisionScale(const Decimal& a, const Decimal& b);

/// An arbitrary-precision decimal with a display scale. Value type; any thread. Quotients without
/// fraction, roots, logarithms and powers: numeric_functions.h; the wire form, and what is done
/// with carried bytes as they are: numeric_binary.h.
class Numeric {
 public:
  enum class Kind : uint8_t {
    kPositive = 0,
    kNegative = 1,
    kNaN = 2,
    kInfinity = 3,
    kNegativeInfinity = 4
  };

  Numeric() = default;
  static Numeric FromInt(int64_t value);
  /// unscaled * 10^-scale, with display scale `scale`.
  static Numeric FromInt128(__int128 unscaled, int scale);
  explicit Numeric(Decimal value) : value_(std::move(value)) {}
  /// Rejects what the carried form cannot hold: 22003 "value overflows numeric format".
  static Result<Numeric> Checked(Decimal value);
  static Numeric Special(Kind kind);
  /// As the cast from float8 and from float4: 15 and 6 significant digits.
  static Result<Numeric> FromDouble(double value);
  static Result<Numeric> FromFloat(float value);
  static Result<Numeric> Parse(std::string_view text);
  static Numeric FromValue(const Value& value);
  Value ToValue() const;

  bool is_nan() const { return kind_ == Kind::kNaN; }
  bool is_special() const { return kind_ >= Kind::kNaN; }
  bool is_zero() const { return !is_special() && value_.is_zero(); }
  int sign() const;  // -1, 0, 1; NaN is 1
  Kind kind() const { return kind_; }
  bool is_infinite() const { return kind_ >= Kind::kInfinity; }
  bool is_integral() const;
  /// The digits, when finite.
  const Decimal& decimal() const { return value_; }
  int display_scale() const { return value_.scale; }
  /// Decimal place of the first digit: 3 for 123.4, 0 for 0.5, -1 for 0.05. Finite, not zero.
  int FirstPlace() const;
  /// Significant decimal digits before the point (0 for |x| < 1) when finite.
  int IntegerDigits() const;

  std::string ToString() const;
  void AppendTo(std::string& out) const;
  double ToDouble() const;
  /// Rounds half away from zero. 22003 when out of range, 0A000 for NaN and infinity as PostgreSQL.
  /// `type` is the name that the errors say.
  Result<int64_t> ToInt64(std::string_view type = "bigint") const;
  /// The value times 10^scale, rounded; false when it does not fit 38 digits or is special.
  bool ToInt128(int scale, __int128* unscaled) const;

  /// NaN equals NaN and is greater than everything. Ignores display scale.
  static int Compare(const Numeric& a, const Numeric& b);
  uint64_t Hash() const;

  static Result<Numeric> Add(const Numeric& a, const Numeric& b);
  static Result<Numeric> Subtract(const Numeric& a, const Numeric& b);
  static Result<Numeric> Multiply(const Numeric& a, const Numeric& b);
  /// Result scale by select_div_scale(). 22012 on zero.
  static Result<Numeric> Divide(const Numeric& a, const Numeric& b);
  Numeric Negate() const;
  Numeric Abs() const;
  Numeric Ceil() const;
  Numeric Floor() const;
  /// Rounds half away from zero to `scale` digits after the point (may be negative).
  Numeric Round(int scale) const;
  Numeric Truncate(int scale) const;
  /// Applies numeric(p,s): rounds, then 22003 "numeric field overflow" with PostgreSQL's detail.
  Result<Numeric> ApplyTypmod(int32_t typmod) const;

 private:
  Kind kind_ = Kind::kPositive;  // of a finite value only the special kinds and not are told apart
  Decimal value_;                // zero where special
};

}  // namespace omen
