#include "types/number/decimal.h"

#include <charconv>
#include <cmath>
#include <limits>
#include <vector>

#include "base/work.h"
#include "types/number/internal/decimal_precision.h"

namespace omen {

using namespace types_internal;  // NOLINT: the precision of this folder

namespace {

constexpr int kPowersOfTen[] = {1, 10, 100, 1000, 10000};
/// Floor and ceiling of division by the four decimal digits of a base digit.
int FloorDiv4(int64_t x) { return static_cast<int>(x >= 0 ? x / 4 : -((-x + 3) / 4)); }

/// Adds one unit to the digit at `at` and carries upwards.
void CarryInto(Decimal& value, int at) {
  for (; at >= 0; --at) {
    if (++value.digits[at] < Decimal::kBase) return;
    value.digits[at] = 0;
  }
  value.digits.PushFront(1);
  ++value.weight;
}

/// Cuts to `places` decimals; true where the part cut off was at least half a unit.
/// `*unit` is what one unit of the last kept place weighs in the last kept digit.
bool CutTo(Decimal& value, int64_t places, int* unit) {
  *unit = 1;
  int64_t kept = int64_t{value.weight + 1} * Decimal::kBaseDigits + places;
  if (kept < 0) {
    value.digits.Clear();
    return false;
  }
  auto digits = static_cast<size_t>((kept + 3) / 4);
  int part = static_cast<int>(kept % 4);
  if (digits > value.digits.size() || (digits == value.digits.size() && part == 0)) return false;
  bool half;
  if (part == 0) {
    half = value.digits[digits] >= Decimal::kBase / 2;
    value.digits.Resize(digits);
  } else {
    value.digits.Resize(digits);
    *unit = kPowersOfTen[4 - part];
    int extra = value.digits[digits - 1] % *unit;
    value.digits[digits - 1] = static_cast<uint16_t>(value.digits[digits - 1] - extra);
    half = extra * 2 >= *unit;
  }
  return half;
}

}  // namespace

void Decimal::Normalize() {
  size_t leading = 0;
  while (leading < digits.size() && digits[leading] == 0) ++leading;
  if (leading > 0) {
    digits.DropFront(leading);
    weight -= static_cast<int>(leading);
  }
  size_t size = digits.size();
  while (size > 0 && digits[size - 1] == 0) --size;
  digits.Resize(size);
  if (size == 0) {
    weight = 0;
    negative = false;
  }
}

void Decimal::Round(int places) {
  int unit;
  if (CutTo(*this, places, &unit)) {
    if (unit == 1) {
      CarryInto(*this, static_cast<int>(digits.size()) - 1);
    } else {
      int last = static_cast<int>(digits.size()) - 1;
      int sum = digits[last] + unit;
      digits[last] = static_cast<uint16_t>(sum % kBase);
      if (sum >= kBase) CarryInto(*this, last - 1);
    }
  }
  scale = std::max(places, 0);
  Normalize();
}

void Decimal::Truncate(int places) {
  int unit;
  CutTo(*this, places, &unit);
  scale = std::max(places, 0);
  Normalize();
}

Decimal Decimal::FromInt128(__int128 unscaled, int scale) {
  Decimal result;
  result.scale = scale;
  if (unscaled == 0) return result;
  result.negative = unscaled < 0;
  auto magnitude = static_cast<unsigned __int128>(unscaled);
  if (result.negative) magnitude = -magnitude;
  // The last base digit holds scale % 4 decimals after the point, so it is taken first.
  int part = scale % kBaseDigits;
  uint16_t reversed[12];
  size_t count = 0;
  int unit = kPowersOfTen[part];
  auto take_part = [&](auto& rest) {
    if (part == 0) return;
    reversed[count++] =
        static_cast<uint16_t>(static_cast<int>(rest % unit) * kPowersOfTen[4 - part]);
    rest /= unit;
    part = 0;
  };
  if (magnitude > UINT64_MAX) {
    take_part(magnitude);
    for (; magnitude > UINT64_MAX; magnitude /= kBase) {
      reversed[count++] = static_cast<uint16_t>(magnitude % kBase);
    }
  }
  auto rest = static_cast<uint64_t>(magnitude);
  take_part(rest);
  for (; rest != 0; rest /= kBase) reversed[count++] = static_cast<uint16_t>(rest % kBase);
  size_t trailing = 0;
  while (trailing < count && reversed[trailing] == 0) ++trailing;
  result.digits.Resize(count - trailing);
  uint16_t* digits = result.digits.data();
  for (size_t i = count; i > trailing; --i) *digits++ = reversed[i - 1];
  result.weight = static_cast<int>(count) - 1 - (scale + kBaseDigits - 1) / kBaseDigits;
  return result;
}

Decimal Decimal::FromInt(int64_t value) { return FromInt128(value, 0); }

Decimal Decimal::FromDigits(std::string_view text, int64_t exponent, int scale) {
  Decimal result;
  result.scale = scale;
  result.weight = FloorDiv4(exponent);
  // Zeros before the first digit, so that base digits align with the point.
  int offset = 3 - static_cast<int>(exponent - int64_t{result.weight} * 4);
  result.digits.Resize((text.size() + offset + 3) / 4);
  for (size_t i = 0; i < text.size(); ++i) {
    size_t place = i + offset;
    auto& digit = result.digits[place / 4];
    digit = static_cast<uint16_t>(digit + (text[i] - '0') * kPowersOfTen[3 - place % 4]);
  }
  result.Normalize();
  return result;
}

double Decimal::ToDouble() const {
  if (is_zero()) return 0;
  // "0.d1d2d3e<exponent>": every base digit written out, then one correctly rounded parse.
  std::string text;
  text.reserve(digits.size() * 4 + 16);
  for (size_t i = 0; i < digits.size(); ++i) {
    for (int p = 3; p >= 0; --p) {
      text.push_back(static_cast<char>('0' + digits[i] / kPowersOfTen[p] % 10));
    }
  }
  text.push_back('e');
  text += std::to_string(LowWeight() * kBaseDigits);
  double value = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc::result_out_of_range) {
    value = weight > 0 ? std::numeric_limits<double>::infinity() : 0;
  }
  return negative ? -value : value;
}

namespace {

/// The four decimal digits of a base digit.
void PutDigits(int digit, char* out) {
  out[0] = static_cast<char>('0' + digit / 1000);
  out[1] = static_cast<char>('0' + digit / 100 % 10);
  out[2] = static_cast<char>('0' + digit / 10 % 10);
  out[3] = static_cast<char>('0' + digit % 10);
}

}  // namespace

void Decimal::AppendTo(std::string& out) const {
  if (negative) out.push_back('-');
  if (weight < 0 || is_zero()) {
    out.push_back('0');
  } else {
    char first[4];
    PutDigits(digits.data()[0], first);
    int skipped = 0;
    while (skipped < 3 && first[skipped] == '0') ++skipped;
    out.append(first + skipped, 4 - skipped);
    for (int w = weight - 1; w >= 0; --w) {
      PutDigits(DigitAt(w), first);
      out.append(first, 4);
    }
  }
  if (scale == 0) return;
  out.push_back('.');
  for (int place = 0; place < scale; place += 4) {
    char four[4];
    PutDigits(DigitAt(-1 - place / 4), four);
    out.append(four, std::min(scale - place, 4));
  }
}

int CompareMagnitudes(const Decimal& a, const Decimal& b) {
  if (a.is_zero() || b.is_zero()) return int{b.is_zero()} - int{a.is_zero()};
  if (a.weight != b.weight) return a.weight < b.weight ? -1 : 1;
  size_t common = std::min(a.digits.size(), b.digits.size());
  for (size_t i = 0; i < common; ++i) {
    if (a.digits[i] != b.digits[i]) return a.digits[i] < b.digits[i] ? -1 : 1;
  }
  if (a.digits.size() == b.digits.size()) return 0;
  return a.digits.size() < b.digits.size() ? -1 : 1;
}

int CompareDecimals(const Decimal& a, const Decimal& b) {
  if (a.negative != b.negative) return a.negative ? -1 : 1;
  return a.negative ? CompareMagnitudes(b, a) : CompareMagnitudes(a, b);
}

namespace {

/// |larger| + |smaller| or |larger| - |smaller|, digit by digit from the end.
Decimal Combine(const Decimal& larger, const Decimal& smaller, bool subtract) {
  Decimal result;
  int low = std::min(larger.LowWeight(), smaller.LowWeight());
  if (smaller.is_zero()) low = larger.LowWeight();
  int high = std::max(larger.weight, smaller.is_zero() ? larger.weight : smaller.weight) + 1;
  result.weight = high;
  result.digits.Resize(high - low + 1);
  Work::Poll(1 + result.digits.size() / kDigitsPerStep);
  uint16_t* out = result.digits.data() + (high - low);
  int carry = 0;
  for (int w = low; w <= high; ++w, --out) {
    int digit = larger.DigitAt(w) + carry;
    digit += subtract ? -smaller.DigitAt(w) : smaller.DigitAt(w);
    carry = 0;
    if (digit >= Decimal::kBase) {
      digit -= Decimal::kBase;
      carry = 1;
    } else if (digit < 0) {
      digit += Decimal::kBase;
      carry = -1;
    }
    *out = static_cast<uint16_t>(digit);
  }
  return result;
}

Decimal AddSigned(const Decimal& a, const Decimal& b, bool b_negative) {
  int order = CompareMagnitudes(a, b);
  const Decimal& larger = order >= 0 ? a : b;
  const Decimal& smaller = order >= 0 ? b : a;
  Decimal result;
  if (!larger.is_zero()) result = Combine(larger, smaller, a.negative != b_negative);
  result.negative = order >= 0 ? a.negative : b_negative;
  result.scale = std::max(a.scale, b.scale);
  result.Normalize();
  return result;
}

}  // namespace

Decimal AddDecimals(const Decimal& a, const Decimal& b) { return AddSigned(a, b, b.negative); }
Decimal SubtractDecimals(const Decimal& a, const Decimal& b) {
  return AddSigned(a, b, !b.negative);
}

namespace {

/// Digits from which on a product adds up before it carries.
constexpr size_t kLongProduct = 24;

void MultiplyShort(const Decimal& a, const Decimal& b, uint16_t* out) {
  const uint16_t* x = a.digits.data();
  const uint16_t* y = b.digits.data();
  for (size_t i = a.digits.size(); i-- > 0;) {
    Work::Poll(1 + b.digits.size() / kDigitsPerStep);
    uint32_t carry = 0;
    for (size_t j = b.digits.size(); j-- > 0;) {
      uint32_t sum = uint32_t{x[i]} * y[j] + out[i + j + 1] + carry;
      carry = sum / Decimal::kBase;
      out[i + j + 1] = static_cast<uint16_t>(sum - carry * Decimal::kBase);
    }
    out[i] = static_cast<uint16_t>(carry);
  }
}

/// Products of two digits are below 10^8, so no number of digits that there is fills a sum of them.
void MultiplyLong(const Decimal& a, const Decimal& b, uint16_t* out) {
  const size_t size = b.digits.size();
  std::vector<uint64_t> sums(a.digits.size() + size);
  const uint16_t* y = b.digits.data();
  for (size_t i = 0; i < a.digits.size(); ++i) {
    const uint32_t digit = a.digits.data()[i];
    if (digit == 0) continue;
    Work::Poll(1 + size / kDigitsPerStep);
    uint64_t* row = sums.data() + i + 1;
    for (size_t j = 0; j < size; ++j) row[j] += digit * y[j];
  }
  uint64_t carry = 0;
  for (size_t k = sums.size(); k-- > 0;) {
    carry += sums[k];
    out[k] = static_cast<uint16_t>(carry % Decimal::kBase);
    carry /= Decimal::kBase;
  }
}

}  // namespace

Decimal MultiplyDecimals(const Decimal& a, const Decimal& b, int scale) {
  Decimal result;
  if (!a.is_zero() && !b.is_zero()) {
    result.digits.Resize(a.digits.size() + b.digits.size());
    const bool is_long = std::min(a.digits.size(), b.digits.size()) >= kLongProduct;
    (is_long ? MultiplyLong : MultiplyShort)(a, b, result.digits.data());
    result.weight = a.weight + b.weight + 1;
    result.negative = a.negative != b.negative;
  }
  result.Round(scale);
  return result;
}

}  // namespace omen
