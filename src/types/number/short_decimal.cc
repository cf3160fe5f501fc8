#include "types/number/short_decimal.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstring>

#include "base/bytes.h"
#include "types/number/internal/numeric_blob_layout.h"
#include "types/number/internal/numeric_bounds.h"

namespace omen {

namespace {

using Magnitude = unsigned __int128;

constexpr int kMaxDigits = ShortDecimal::kMaxDigits;
constexpr auto kTens = [] {
  std::array<Magnitude, kMaxDigits + 1> tens{};
  tens[0] = 1;
  for (size_t i = 1; i < tens.size(); ++i) tens[i] = tens[i - 1] * 10;
  return tens;
}();

Magnitude Ten(int exponent) { return kTens[static_cast<size_t>(exponent)]; }

Magnitude MagnitudeOf(__int128 value) {
  return value < 0 ? -static_cast<Magnitude>(value) : static_cast<Magnitude>(value);
}

constexpr auto kShortTens = [] {
  std::array<uint64_t, 20> tens{};
  tens[0] = 1;
  for (size_t i = 1; i < tens.size(); ++i) tens[i] = tens[i - 1] * 10;
  return tens;
}();

/// Decimal digits of the value, 0 for zero.
int DigitsOf(Magnitude value) {
  constexpr int kLog = 1233, kLogBits = 12;  // log10(2), rounded down
  const auto high = static_cast<uint64_t>(value >> 64), low = static_cast<uint64_t>(value);
  if (high == 0) {
    const int digits = ((64 - __builtin_clzll(low | 1)) * kLog) >> kLogBits;
    return digits + (low >= kShortTens[static_cast<size_t>(digits)] ? 1 : 0);
  }
  const int digits = ((128 - __builtin_clzll(high)) * kLog) >> kLogBits;
  return digits + (value >= Ten(digits) ? 1 : 0);
}

/// value / divisor; most of them are of 64 bits.
Magnitude Quotient(Magnitude value, Magnitude divisor) {
  if ((value | divisor) >> 64 == 0) {
    return static_cast<uint64_t>(value) / static_cast<uint64_t>(divisor);
  }
  return value / divisor;
}

/// Half away from zero.
Magnitude RoundedQuotient(Magnitude value, Magnitude divisor) {
  const Magnitude quotient = Quotient(value, divisor);
  const Magnitude rest = value - quotient * divisor;
  return quotient + (rest >= divisor - rest ? 1 : 0);
}

ShortResult Signed(bool negative, Magnitude magnitude, int scale) {
  if (magnitude >= Ten(kMaxDigits) || scale > kMaxDigits) return std::nullopt;
  const auto value = static_cast<__int128>(magnitude);
  return ShortDecimal{negative ? -value : value, scale};
}

/// value * 10^places, if it has no more than 38 digits.
std::optional<Magnitude> Grown(Magnitude value, int places) {
  if (DigitsOf(value) + places > kMaxDigits) return std::nullopt;
  return value * Ten(places);
}

/// Both at the larger scale.
struct Aligned {
  __int128 a, b;
  int scale;
};

std::optional<Aligned> Align(const ShortDecimal& a, const ShortDecimal& b) {
  if (a.scale == b.scale) return Aligned{a.unscaled, b.unscaled, a.scale};
  const int scale = std::max(a.scale, b.scale);
  const auto left = Grown(MagnitudeOf(a.unscaled), scale - a.scale);
  const auto right = Grown(MagnitudeOf(b.unscaled), scale - b.scale);
  if (!left || !right) return std::nullopt;
  const auto x = static_cast<__int128>(*left), y = static_cast<__int128>(*right);
  return Aligned{a.unscaled < 0 ? -x : x, b.unscaled < 0 ? -y : y, scale};
}

/// The first base-10000 digit and its place, as Decimal has them.
struct Lead {
  int digit = 0, weight = 0;
};

Lead LeadOf(Magnitude value, int scale) {
  if (value == 0) return {};
  const int place = DigitsOf(value) - 1 - scale;
  const int weight = place >= 0 ? place / 4 : -((3 - place) / 4);
  const int low = scale + 4 * weight;  // the place of the digit's last figure in `value`
  const Magnitude digit = low > 0 ? Quotient(value, Ten(low)) : value * Ten(-low);
  return {static_cast<int>(digit), weight};
}

/// As omen::DivisionScale.
int QuotientScale(const ShortDecimal& a, const ShortDecimal& b) {
  const Lead first = LeadOf(MagnitudeOf(a.unscaled), a.scale);
  const Lead second = LeadOf(MagnitudeOf(b.unscaled), b.scale);
  const int weight = first.weight - second.weight - (first.digit <= second.digit ? 1 : 0);
  return std::max({types_internal::kMinSignificant - weight * 4, a.scale, b.scale});
}

constexpr int kBase = 10000;

void Write16(char* to, int value) {
  to[0] = static_cast<char>(value >> 8);
  to[1] = static_cast<char>(value);
}

/// Base-10000 digits, least significant first, split at the point; at most 11.
template <typename Unsigned>
int SplitDigits(Unsigned value, int scale, int* groups) {
  int count = 0;
  if (const int partial = scale % 4; partial != 0) {
    const auto power = static_cast<unsigned>(Ten(partial));
    groups[count++] = static_cast<int>(value % power) * static_cast<int>(Ten(4 - partial));
    value /= power;
  }
  for (; value != 0; value /= kBase) groups[count++] = static_cast<int>(value % kBase);
  return count;
}

/// From base-10000 digits, `digit_of(0)` the first.
template <typename DigitOf>
ShortResult FromDigits(bool negative, int scale, int weight, size_t count, DigitOf digit_of) {
  constexpr size_t kMaxGroups = 9;
  if (scale > kMaxDigits || count > kMaxGroups) return std::nullopt;
  if (count == 0) return ShortDecimal{0, scale};
  Magnitude sum = 0;
  for (size_t i = 0; i < count; ++i) {
    const int digit = digit_of(i);
    if (digit < 0 || digit >= kBase) return std::nullopt;
    sum = sum * kBase + static_cast<unsigned>(digit);
  }
  const int exponent = 4 * (weight - static_cast<int>(count) + 1) + scale;
  if (exponent < -3 || exponent > kMaxDigits) return std::nullopt;
  if (exponent < 0) {
    const Magnitude unscaled = Quotient(sum, Ten(-exponent));
    if (unscaled * Ten(-exponent) != sum) return std::nullopt;
    return Signed(negative, unscaled, scale);
  }
  const auto grown = Grown(sum, exponent);
  if (!grown) return std::nullopt;
  return Signed(negative, *grown, scale);
}

constexpr int kDoubleDigits = 15;  // that survive being read and written

/// d.ddd * 10^exponent, of `count` digits.
struct Scientific {
  int64_t digits = 0;
  int count = 0, exponent = 0;

  static Scientific Shortest(double value) {
    char text[32];
    const auto end = std::to_chars(text, text + sizeof text, value, std::chars_format::scientific);
    return Read({text, end.ptr});
  }
  static Scientific Rounded(double value) {
    char text[32];
    const auto end = std::to_chars(text, text + sizeof text, value, std::chars_format::scientific,
                                   kDoubleDigits - 1);
    return Read({text, end.ptr});
  }

 private:
  static Scientific Read(std::string_view text) {
    Scientific number;
    size_t i = 0;
    for (; text[i] != 'e'; ++i) {
      if (text[i] == '.') continue;
      number.digits = number.digits * 10 + (text[i] - '0');
      ++number.count;
    }
    i += text[i + 1] == '+' ? 2 : 1;
    std::from_chars(text.data() + i, text.data() + text.size(), number.exponent);
    return number;
  }
};

}  // namespace

ShortResult ShortSum(const ShortDecimal& a, const ShortDecimal& b) {
  const auto both = Align(a, b);
  if (!both) return std::nullopt;
  __int128 sum = 0;
  if (__builtin_add_overflow(both->a, both->b, &sum)) return std::nullopt;
  return Signed(sum < 0, MagnitudeOf(sum), both->scale);
}

ShortResult ShortDifference(const ShortDecimal& a, const ShortDecimal& b) {
  return ShortSum(a, {-b.unscaled, b.scale});
}

ShortResult ShortProduct(const ShortDecimal& a, const ShortDecimal& b) {
  const Magnitude x = MagnitudeOf(a.unscaled), y = MagnitudeOf(b.unscaled);
  if (DigitsOf(x) + DigitsOf(y) > kMaxDigits) return std::nullopt;
  return Signed((a.unscaled < 0) != (b.unscaled < 0), x * y, a.scale + b.scale);
}

ShortResult ShortQuotient(const ShortDecimal& a, const ShortDecimal& b) {
  if (b.unscaled == 0) return std::nullopt;
  const int scale = QuotientScale(a, b);
  const auto dividend = Grown(MagnitudeOf(a.unscaled), scale + b.scale - a.scale);
  if (!dividend) return std::nullopt;
  return Signed((a.unscaled < 0) != (b.unscaled < 0),
                RoundedQuotient(*dividend, MagnitudeOf(b.unscaled)), scale);
}

ShortResult ShortWholeQuotient(const ShortDecimal& a, const ShortDecimal& b) {
  const auto both = Align(a, b);
  if (b.unscaled == 0 || !both) return std::nullopt;
  return Signed((a.unscaled < 0) != (b.unscaled < 0),
                Quotient(MagnitudeOf(both->a), MagnitudeOf(both->b)), 0);
}

ShortResult ShortRemainder(const ShortDecimal& a, const ShortDecimal& b) {
  const auto both = Align(a, b);
  if (b.unscaled == 0 || !both) return std::nullopt;
  const Magnitude x = MagnitudeOf(both->a), y = MagnitudeOf(both->b);
  return Signed(a.unscaled < 0, x - Quotient(x, y) * y, both->scale);
}

ShortResult ShortSqrt(const ShortDecimal& value) {
  if (value.unscaled < 0) return std::nullopt;
  const auto magnitude = static_cast<Magnitude>(value.unscaled);
  // As NumericSqrt.
  const int weight = LeadOf(magnitude, value.scale).weight * 4 / 2 + 1;
  const int scale = std::max(types_internal::kMinSignificant - weight, value.scale);
  if (scale > kMaxDigits) return std::nullopt;
  const auto square = Grown(magnitude, 2 * scale - value.scale);
  if (!square) return std::nullopt;
  // The root of a long double, whose digits hold it, is off by one at most.
  auto root = static_cast<Magnitude>(std::sqrt(static_cast<long double>(*square)));
  while (root * root > *square) --root;
  while ((root + 1) * (root + 1) <= *square) ++root;
  return Signed(false, root + (*square - root * root > root ? 1 : 0), scale);
}

ShortResult RoundShort(const ShortDecimal& value, int scale) {
  if (scale < 0 || scale > kMaxDigits) return std::nullopt;
  const Magnitude magnitude = MagnitudeOf(value.unscaled);
  if (scale < value.scale) {
    const Magnitude rounded = RoundedQuotient(magnitude, Ten(value.scale - scale));
    return Signed(value.unscaled < 0, rounded, scale);
  }
  const auto grown = Grown(magnitude, scale - value.scale);
  if (!grown) return std::nullopt;
  return Signed(value.unscaled < 0, *grown, scale);
}

ShortResult TruncateShort(const ShortDecimal& value, int scale) {
  if (scale < 0 || scale >= value.scale) return RoundShort(value, scale);
  const Magnitude cut = Quotient(MagnitudeOf(value.unscaled), Ten(value.scale - scale));
  return Signed(value.unscaled < 0, cut, scale);
}

ShortResult FloorShort(const ShortDecimal& value) {
  const ShortResult whole = TruncateShort(value, 0);
  if (value.unscaled >= 0 || value.scale == 0) return whole;
  const bool exact = MagnitudeOf(whole->unscaled) * Ten(value.scale) == MagnitudeOf(value.unscaled);
  return exact ? whole : ShortDecimal{whole->unscaled - 1, 0};
}

ShortResult CeilShort(const ShortDecimal& value) {
  const ShortResult below = FloorShort({-value.unscaled, value.scale});
  return ShortDecimal{-below->unscaled, 0};
}

ShortResult ShortFromDouble(double value) {
  if (!std::isfinite(value)) return std::nullopt;
  if (value == 0) return ShortDecimal{};
  Scientific number = Scientific::Shortest(std::fabs(value));
  // A number of so few digits is the only one that reads as this double.
  if (number.count > kDoubleDigits) number = Scientific::Rounded(std::fabs(value));
  int scale = number.count - 1 - number.exponent;
  for (; scale > 0 && number.digits % 10 == 0; --scale) number.digits /= 10;
  if (scale > kMaxDigits || scale < -kMaxDigits) return std::nullopt;
  const auto whole = Grown(static_cast<Magnitude>(number.digits), std::max(-scale, 0));
  if (!whole) return std::nullopt;
  return Signed(value < 0, *whole, std::max(scale, 0));
}

std::optional<double> DoubleOfShort(const ShortDecimal& value) {
  // Up to here both the digits and the power of ten are exact doubles.
  constexpr int kExactDigits = 15, kExactPower = 22;
  const Magnitude magnitude = MagnitudeOf(value.unscaled);
  if (magnitude >= Ten(kExactDigits) || value.scale > kExactPower) return std::nullopt;
  const auto whole = static_cast<double>(static_cast<int64_t>(value.unscaled));
  return whole / static_cast<double>(Ten(value.scale));
}

std::optional<int> CompareShort(const ShortDecimal& a, const ShortDecimal& b) {
  const auto both = Align(a, b);
  if (!both) return std::nullopt;
  return both->a < both->b ? -1 : both->a > both->b ? 1 : 0;
}

void AppendShortText(const ShortDecimal& value, std::string* out) {
  char text[kMaxDigits + 4];
  char* at = text + sizeof text;
  Magnitude rest = MagnitudeOf(value.unscaled);
  int written = 0;
  const auto put = [&](char digit) {
    *--at = digit;
    if (++written == value.scale) *--at = '.';
  };
  while (rest >> 64 != 0) {
    put(static_cast<char>('0' + static_cast<int>(rest % 10)));
    rest /= 10;
  }
  for (auto low = static_cast<uint64_t>(rest); low != 0; low /= 10) {
    put(static_cast<char>('0' + low % 10));
  }
  while (written <= value.scale) put('0');
  if (value.unscaled < 0) *out += '-';
  out->append(at, static_cast<size_t>(text + sizeof text - at));
}

int WriteShortBlob(const ShortDecimal& value, char* to) {
  const Magnitude magnitude = MagnitudeOf(value.unscaled);
  int size = 1;
  if (magnitude == 0) {
    to[0] = static_cast<char>(BlobClass::kZero);
  } else {
    int groups[kMaxDigits / 4 + 3];
    const int count = magnitude >> 64 == 0
                          ? SplitDigits(static_cast<uint64_t>(magnitude), value.scale, groups)
                          : SplitDigits(magnitude, value.scale, groups);
    int low = 0, high = count;
    while (groups[low] == 0) ++low;
    while (groups[high - 1] == 0) --high;
    to[0] = static_cast<char>(value.unscaled < 0 ? BlobClass::kNegative : BlobClass::kPositive);
    Write16(to + size, high - 1 - (value.scale + 3) / 4 + kBlobWeightBias);
    size += 2;
    for (int i = high; i > low; --i, size += 2) Write16(to + size, groups[i - 1] + kBlobDigitBias);
    to[size++] = '\0';
    if (value.unscaled < 0) {
      for (int i = 1; i < size; ++i) to[i] = static_cast<char>(~to[i]);
    }
  }
  Write16(to + size, value.scale);
  return size + 2;
}

ShortResult ShortFromBlob(std::string_view blob) {
  constexpr size_t kAround = 6;  // class, weight, end mark and scale
  if (blob.size() < 3) return std::nullopt;
  const int scale = LoadBigEndian<uint16_t>(blob.data() + blob.size() - kBlobScaleBytes);
  const auto blob_class = static_cast<BlobClass>(blob[0]);
  const bool zero = blob_class == BlobClass::kZero && blob.size() == 3;
  const bool negative = blob_class == BlobClass::kNegative;
  if (zero) return FromDigits(false, scale, 0, 0, [](size_t) { return 0; });
  if ((!negative && blob_class != BlobClass::kPositive) || blob.size() < kAround + 2 ||
      blob.size() % 2 != 0) {
    return std::nullopt;
  }
  const int flip = negative ? 0xFFFF : 0;
  const int weight = (LoadBigEndian<uint16_t>(blob.data() + 1) ^ flip) - kBlobWeightBias;
  return FromDigits(negative, scale, weight, (blob.size() - kAround) / 2, [&](size_t i) {
    return (LoadBigEndian<uint16_t>(blob.data() + 3 + 2 * i) ^ flip) - kBlobDigitBias;
  });
}

ShortResult ShortFromCarried(std::string_view bytes) {
  using types_internal::kHeaderBytes;
  if (bytes.size() < kHeaderBytes || bytes[0] > 1) return std::nullopt;
  const int scale = LoadLittleEndian<uint16_t>(bytes.data() + 1);
  const int weight = static_cast<int16_t>(LoadLittleEndian<uint16_t>(bytes.data() + 3));
  return FromDigits(bytes[0] == 1, scale, weight, (bytes.size() - kHeaderBytes) / 2, [&](size_t i) {
    return static_cast<int>(LoadLittleEndian<uint16_t>(bytes.data() + kHeaderBytes + 2 * i));
  });
}

}  // namespace omen
