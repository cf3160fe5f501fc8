#include "types/number/numeric.h"

#include <fmt/format.h>

#include <cmath>
#include <limits>

#include "base/bytes.h"
#include "types/number/internal/numeric_bounds.h"
#include "types/text/scalar_text.h"

namespace omen {

using namespace types_internal;  // NOLINT: the text forms of this folder

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

}  // namespace

Numeric Numeric::Special(Kind kind) {
  Numeric result;
  result.kind_ = kind;
  return result;
}

Result<Numeric> Numeric::Checked(Decimal value) {
  if (value.weight > kMaxWeight || value.scale > kMaxScale) return Overflow();
  return Numeric(std::move(value));
}

Numeric Numeric::FromInt(int64_t value) { return Numeric(Decimal::FromInt(value)); }

Numeric Numeric::FromInt128(__int128 unscaled, int scale) {
  return Numeric(Decimal::FromInt128(unscaled, scale));
}

namespace {

Result<Numeric> FromFloating(double value, int digits) {
  if (std::isnan(value)) return Numeric::Special(Numeric::Kind::kNaN);
  if (std::isinf(value)) {
    return Numeric::Special(value > 0 ? Numeric::Kind::kInfinity
                                      : Numeric::Kind::kNegativeInfinity);
  }
  char text[64];
  int size = std::snprintf(text, sizeof text, "%.*g", digits, value);
  return Numeric::Parse({text, static_cast<size_t>(size)});
}

}  // namespace

Result<Numeric> Numeric::FromDouble(double value) { return FromFloating(value, 15); }
Result<Numeric> Numeric::FromFloat(float value) { return FromFloating(value, 6); }

namespace {

/// The pieces of a decimal literal, still as text.
struct Literal {
  bool negative = false;
  std::string digits;
  int64_t whole = 0;     // how many of them stand before the point
  int64_t exponent = 0;  // after e
};

/// Takes the digits and the point; false where there is no digit.
bool TakeMantissa(std::string_view& rest, Literal& literal) {
  bool point = false;
  size_t i = 0;
  for (; i < rest.size(); ++i) {
    if (IsDigit(rest[i])) {
      literal.digits.push_back(rest[i]);
      literal.whole += !point;
    } else if (rest[i] == '.' && !point) {
      point = true;
    } else {
      break;
    }
  }
  rest.remove_prefix(i);
  return !literal.digits.empty();
}

/// Takes e[+-]digits; an exponent beyond any sense is cut to one that overflows later.
bool TakeExponent(std::string_view& rest, Literal& literal) {
  rest.remove_prefix(1);
  bool negative = rest.starts_with('-');
  if (negative || rest.starts_with('+')) rest.remove_prefix(1);
  if (rest.empty() || !IsDigit(rest[0])) return false;
  int64_t exponent = 0;
  while (!rest.empty() && IsDigit(rest[0])) {
    exponent = std::min<int64_t>(exponent * 10 + (rest[0] - '0'), INT32_MAX);
    rest.remove_prefix(1);
  }
  literal.exponent = negative ? -exponent : exponent;
  return true;
}

bool ParseSpecialNumeric(std::string_view word, Numeric::Kind* kind) {
  if (EqualsLower(word, "nan")) {
    *kind = Numeric::Kind::kNaN;
    return true;
  }
  bool negative = word.starts_with('-');
  if (negative || word.starts_with('+')) word.remove_prefix(1);
  if (!EqualsLower(word, "infinity") && !EqualsLower(word, "inf")) return false;
  *kind = negative ? Numeric::Kind::kNegativeInfinity : Numeric::Kind::kInfinity;
  return true;
}

/// The common shape: [-]digits[.digits] of no more digits than an int64 surely holds.
bool ParseShort(std::string_view text, int64_t* unscaled, int* scale) {
  bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  if (text.empty() || text.size() > 19) return false;
  uint64_t value = 0;
  size_t point = text.size();
  for (size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (IsDigit(c)) {
      value = value * 10 + static_cast<uint64_t>(c - '0');
    } else if (c == '.' && point == text.size() && text.size() > 1) {
      point = i;
    } else {
      return false;
    }
  }
  if (text.size() - (point < text.size()) > 18) return false;
  *scale = point < text.size() ? static_cast<int>(text.size() - point - 1) : 0;
  *unscaled = negative ? -static_cast<int64_t>(value) : static_cast<int64_t>(value);
  return true;
}

}  // namespace

Result<Numeric> Numeric::Parse(std::string_view text) {
  int64_t unscaled;
  int short_scale;
  if (ParseShort(text, &unscaled, &short_scale)) return FromInt128(unscaled, short_scale);
  std::string_view rest = TrimSpace(text);
  Kind kind;
  if (ParseSpecialNumeric(rest, &kind)) return Special(kind);
  Literal literal;
  literal.negative = rest.starts_with('-');
  if (literal.negative || rest.starts_with('+')) rest.remove_prefix(1);
  if (!TakeMantissa(rest, literal)) return InvalidSyntax("numeric", text);
  if (!rest.empty() && ToLower(rest[0]) == 'e' && !TakeExponent(rest, literal)) {
    return InvalidSyntax("numeric", text);
  }
  if (!rest.empty()) return InvalidSyntax("numeric", text);
  int64_t fraction = static_cast<int64_t>(literal.digits.size()) - literal.whole;
  int64_t scale = std::max<int64_t>(fraction - literal.exponent, 0);
  int64_t first = literal.whole - 1 + literal.exponent;
  if (scale > kMaxScale || std::abs(literal.exponent) > INT32_MAX / 2) return Overflow();
  size_t zeros = std::min(literal.digits.find_first_not_of('0'), literal.digits.size());
  literal.digits.erase(0, zeros);
  first -= static_cast<int64_t>(zeros);
  Decimal value;
  value.scale = static_cast<int>(scale);
  if (!literal.digits.empty()) {
    if (first > int64_t{kMaxWeight + 1} * Decimal::kBaseDigits) return Overflow();
    value = Decimal::FromDigits(literal.digits, first, static_cast<int>(scale));
  }
  if (!value.is_zero()) value.negative = literal.negative;
  return Checked(std::move(value));
}

Numeric Numeric::FromValue(const Value& value) {
  std::string_view bytes = value.AsBytes();
  OMEN_CHECK(bytes.size() >= kHeaderBytes && bytes.size() % 2 == 1);
  auto kind = static_cast<Kind>(bytes[0]);
  if (kind >= Kind::kNaN) return Special(kind);
  Numeric result;
  Decimal& decimal = result.value_;
  decimal.negative = kind == Kind::kNegative;
  decimal.scale = LoadLittleEndian<uint16_t>(bytes.data() + 1);
  decimal.weight = static_cast<int16_t>(LoadLittleEndian<uint16_t>(bytes.data() + 3));
  decimal.digits.Resize((bytes.size() - kHeaderBytes) / 2);
  std::memcpy(decimal.digits.data(), bytes.data() + kHeaderBytes, bytes.size() - kHeaderBytes);
  return result;
}

Value Numeric::ToValue() const {
  const DigitString& digits = value_.digits;
  char small[64];
  std::string large;
  size_t size = kHeaderBytes + digits.size() * 2;
  char* out = small;
  if (size > sizeof small) {
    large.resize(size);
    out = large.data();
  }
  Kind kind = is_special() ? kind_ : value_.negative ? Kind::kNegative : Kind::kPositive;
  auto scale = static_cast<uint16_t>(value_.scale);
  auto weight = static_cast<int16_t>(value_.weight);
  out[0] = static_cast<char>(kind);
  std::memcpy(out + 1, &scale, 2);
  std::memcpy(out + 3, &weight, 2);
  std::memcpy(out + kHeaderBytes, digits.data(), digits.size() * 2);
  return Value::Bytes({out, size});
}

int Numeric::sign() const {
  if (kind_ == Kind::kNegativeInfinity) return -1;
  if (is_special()) return 1;
  return value_.is_zero() ? 0 : value_.negative ? -1 : 1;
}

bool Numeric::is_integral() const {
  return is_infinite() || (!is_nan() && (is_zero() || value_.LowWeight() >= 0));
}

int Numeric::FirstPlace() const {
  int first = value_.digits[0];
  int leading = first >= 1000 ? 4 : first >= 100 ? 3 : first >= 10 ? 2 : 1;
  return value_.weight * Decimal::kBaseDigits + leading;
}

int Numeric::IntegerDigits() const {
  return is_special() || is_zero() ? 0 : std::max(FirstPlace(), 0);
}

void Numeric::AppendTo(std::string& out) const {
  switch (kind_) {
    case Kind::kNaN:
      out += "NaN";
      break;
    case Kind::kInfinity:
      out += "Infinity";
      break;
    case Kind::kNegativeInfinity:
      out += "-Infinity";
      break;
    default:
      value_.AppendTo(out);
  }
}

std::string Numeric::ToString() const {
  std::string text;
  AppendTo(text);
  return text;
}

double Numeric::ToDouble() const {
  if (is_nan()) return std::numeric_limits<double>::quiet_NaN();
  if (is_special()) return kind_ == Kind::kInfinity ? kInfinity : -kInfinity;
  return value_.ToDouble();
}

Result<int64_t> Numeric::ToInt64(std::string_view type) const {
  if (is_special()) {
    return Status(sqlstate::kFeatureNotSupported,
                  fmt::format("cannot convert {} to {}", is_nan() ? "NaN" : "infinity", type));
  }
  __int128 value;
  if (!ToInt128(0, &value) || value > INT64_MAX || value < INT64_MIN) {
    return Status(sqlstate::kNumericOutOfRange, fmt::format("{} out of range", type));
  }
  return static_cast<int64_t>(value);
}

bool Numeric::ToInt128(int scale, __int128* unscaled) const {
  if (is_special()) return false;
  Numeric copy = *this;
  Decimal& rounded = copy.value_;
  if (scale < rounded.scale) rounded.Round(scale);
  *unscaled = 0;
  if (rounded.is_zero()) return true;
  if (copy.FirstPlace() + scale > 38) return false;
  __int128 value = 0;
  int last = scale >= 0 ? -((scale + 3) / 4) : -scale / 4;
  for (int w = rounded.weight; w >= last; --w) {
    int kept = std::min(w * Decimal::kBaseDigits + scale + 4, 4);
    int digit = rounded.DigitAt(w);
    for (int i = kept; i < 4; ++i) digit /= 10;
    for (int i = 0; i < kept; ++i) value *= 10;
    value += digit;
  }
  *unscaled = rounded.negative ? -value : value;
  return true;
}

}  // namespace omen
