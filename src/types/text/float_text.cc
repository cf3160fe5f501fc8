// Floats as PostgreSQL reads and prints them: the shortest digits that lie
// strictly inside the rounding interval, in its own choice of notation.
#include <fmt/format.h>

#include <algorithm>
#include <cfloat>
#include <charconv>
#include <cmath>
#include <cstring>
#include <limits>

#include "types/text/scalar_text.h"

namespace omen::types_internal {
namespace {

std::string_view FloatTypeName(bool is_float4) { return is_float4 ? "real" : "double precision"; }

Status FloatRange(bool is_float4, std::string_view number) {
  return Status(sqlstate::kNumericOutOfRange, fmt::format("\"{}\" is out of range for type {}",
                                                          number, FloatTypeName(is_float4)));
}

bool ParseSpecial(std::string_view word, double* value) {
  bool negative = word.starts_with('-');
  if (negative || word.starts_with('+')) word.remove_prefix(1);
  if (EqualsLower(word, "nan")) {
    *value = std::numeric_limits<double>::quiet_NaN();
    return true;
  }
  if (EqualsLower(word, "infinity") || EqualsLower(word, "inf")) {
    *value = negative ? -HUGE_VAL : HUGE_VAL;
    return true;
  }
  return false;
}

template <typename Float>
std::errc FromChars(std::string_view digits, std::chars_format format, double* value) {
  Float parsed = 0;
  auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), parsed, format);
  if (error == std::errc() && end != digits.data() + digits.size()) {
    error = std::errc::invalid_argument;
  }
  *value = parsed;
  return error;
}

}  // namespace

Result<double> ParseFloat(bool is_float4, std::string_view text) {
  std::string_view word = TrimSpace(text);
  double value = 0;
  if (ParseSpecial(word, &value)) return value;
  std::string_view digits = word;
  bool negative = digits.starts_with('-');
  if (negative || digits.starts_with('+')) digits.remove_prefix(1);
  auto format = std::chars_format::general;
  bool starts_well = !digits.empty() && (IsDigit(digits[0]) || digits[0] == '.');
  if (digits.size() > 2 && digits[0] == '0' && ToLower(digits[1]) == 'x') {
    format = std::chars_format::hex;
    digits.remove_prefix(2);
  }
  if (!starts_well) return InvalidSyntax(FloatTypeName(is_float4), text);
  std::errc error = is_float4 ? FromChars<float>(digits, format, &value)
                              : FromChars<double>(digits, format, &value);
  if (error == std::errc::result_out_of_range) return FloatRange(is_float4, word);
  if (error != std::errc()) return InvalidSyntax(FloatTypeName(is_float4), text);
  return negative ? -value : value;
}

namespace {

/// True where `number` (d.ddde+x) is exactly what `middle` is, to the last digit.
bool IsExactly(std::string_view number, long double middle) {
  if (std::strtold(number.data(), nullptr) != middle) return false;
  // The digits of any middle of two doubles end within these.
  constexpr int kAllDigits = 800;
  char exact[kAllDigits + 32];
  std::snprintf(exact, sizeof exact, "%.*Le", kAllDigits, middle);
  size_t digits = number.find('e');
  std::string_view rest(exact);
  if (!rest.starts_with(number.substr(0, digits))) return false;
  size_t more = rest.find_first_not_of(digits == 1 ? "0." : "0", digits);
  return rest[more] == 'e';
}

/// True where the decimal `number` is exactly half way between two neighbouring floats.
/// PostgreSQL does not rely on the reader to round such a number to even.
template <typename Float>
bool IsHalfway(const char* number, Float value) {
  Float infinity = std::numeric_limits<Float>::infinity();
  auto middle = [&](Float neighbour) {
    return (static_cast<long double>(value) + static_cast<long double>(neighbour)) / 2;
  };
  return IsExactly(number, middle(std::nextafter(value, infinity))) ||
         IsExactly(number, middle(std::nextafter(value, -infinity)));
}

/// Digits without the point, and the exponent of the first: 123 and 1 for 12.3.
struct ShortDecimal {
  char digits[24];
  int count;
  int exponent;
};

ShortDecimal SplitScientific(std::string_view number) {
  ShortDecimal decimal{};
  size_t e = number.find('e');
  for (char c : number.substr(0, e)) {
    if (IsDigit(c)) decimal.digits[decimal.count++] = c;
  }
  std::string_view exponent = number.substr(e + 1);
  if (exponent[0] == '+') exponent.remove_prefix(1);
  std::from_chars(exponent.data(), exponent.data() + exponent.size(), decimal.exponent);
  while (decimal.count > 1 && decimal.digits[decimal.count - 1] == '0') --decimal.count;
  return decimal;
}

/// `value` is finite and positive.
template <typename Float>
ShortDecimal ShortestDigits(Float value) {
  char buffer[64];
  auto [end, error] =
      std::to_chars(buffer, buffer + sizeof buffer - 1, value, std::chars_format::scientific);
  *end = '\0';
  uint64_t bits = 0;
  std::memcpy(&bits, &value, sizeof value);
  bool even = (bits & 1) == 0;
  if (even && IsHalfway(buffer, value)) {
    int digits = SplitScientific({buffer, end}).count;
    for (; digits <= std::numeric_limits<Float>::max_digits10; ++digits) {
      *fmt::format_to(buffer, "{:.{}e}", value, digits - 1) = '\0';
      Float back = std::is_same_v<Float, float> ? std::strtof(buffer, nullptr)
                                                : static_cast<Float>(std::strtod(buffer, nullptr));
      if (back == value && !IsHalfway(buffer, value)) break;
    }
  }
  return SplitScientific(buffer);
}

void AppendDecimal(const ShortDecimal& decimal, int fixed_below, std::string& out) {
  int exponent = decimal.exponent;
  std::string_view digits(decimal.digits, decimal.count);
  if (exponent < -4 || exponent >= fixed_below) {
    out.push_back(digits[0]);
    if (digits.size() > 1) {
      out.push_back('.');
      out += digits.substr(1);
    }
    fmt::format_to(std::back_inserter(out), "e{}{:02}", exponent < 0 ? '-' : '+',
                   std::abs(exponent));
  } else if (exponent < 0) {
    out += "0.";
    out.append(-exponent - 1, '0');
    out += digits;
  } else {
    size_t whole = exponent + 1;
    out += digits.substr(0, whole);
    if (digits.size() < whole) out.append(whole - digits.size(), '0');
    if (digits.size() > whole) {
      out.push_back('.');
      out += digits.substr(whole);
    }
  }
}

}  // namespace

void AppendFloat(bool is_float4, double value, int extra_float_digits, std::string& out) {
  if (std::isnan(value)) {
    out += "NaN";
    return;
  }
  if (std::signbit(value)) out.push_back('-');
  value = std::fabs(value);
  if (std::isinf(value)) {
    out += "Infinity";
  } else if (extra_float_digits <= 0) {
    int digits = (is_float4 ? FLT_DIG : DBL_DIG) + extra_float_digits;
    char buffer[64];
    int size = std::snprintf(buffer, sizeof buffer, "%.*g", std::max(digits, 1), value);
    out.append(buffer, size);
  } else if (value == 0) {
    out.push_back('0');
  } else if (is_float4) {
    AppendDecimal(ShortestDigits(static_cast<float>(value)), 6, out);
  } else {
    AppendDecimal(ShortestDigits(value), 15, out);
  }
}

}  // namespace omen::types_internal
