// The digits under Numeric: finite decimals of any length in base 10000, and the
// four operations on them with a chosen number of digits after the point.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "base/check.h"

namespace omen {

/// A growable string of base-10000 digits; up to 12 (48 decimal digits) without allocating.
class DigitString {
 public:
  DigitString() = default;
  explicit DigitString(size_t size) { Resize(size); }
  DigitString(const DigitString& other) { *this = other; }
  DigitString(DigitString&& other) noexcept { *this = std::move(other); }
  DigitString& operator=(const DigitString& other) {
    if (this == &other) return *this;
    size_ = 0;
    Reserve(other.size_);
    if (other.size_ != 0) std::memcpy(data(), other.data(), other.size_ * sizeof(uint16_t));
    size_ = other.size_;
    return *this;
  }
  DigitString& operator=(DigitString&& other) noexcept {
    if (this == &other) return *this;
    heap_ = std::move(other.heap_);
    if (!heap_) std::memcpy(inline_, other.inline_, other.size_ * sizeof(uint16_t));
    size_ = std::exchange(other.size_, 0);
    capacity_ = std::exchange(other.capacity_, kInline);
    return *this;
  }

  size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  uint16_t* data() { return heap_ ? heap_.get() : inline_; }
  const uint16_t* data() const { return heap_ ? heap_.get() : inline_; }
  uint16_t& operator[](size_t i) {
    OMEN_CHECK(i < size_);
    return data()[i];
  }
  uint16_t operator[](size_t i) const {
    OMEN_CHECK(i < size_);
    return data()[i];
  }
  uint16_t back() const { return (*this)[size_ - 1]; }
  /// New digits are zero.
  void Resize(size_t size) {
    Reserve(size);
    if (size > size_) std::memset(data() + size_, 0, (size - size_) * sizeof(uint16_t));
    size_ = size;
  }
  void PushBack(uint16_t digit) {
    Resize(size_ + 1);
    data()[size_ - 1] = digit;
  }
  void PushFront(uint16_t digit) {
    Resize(size_ + 1);
    std::memmove(data() + 1, data(), (size_ - 1) * sizeof(uint16_t));
    data()[0] = digit;
  }
  void DropFront(size_t count) {
    OMEN_CHECK(count <= size_);
    std::memmove(data(), data() + count, (size_ - count) * sizeof(uint16_t));
    size_ -= count;
  }
  void Clear() { size_ = 0; }

 private:
  static constexpr size_t kInline = 12;
  void Reserve(size_t capacity) {
    if (capacity <= capacity_) return;
    capacity = std::max(capacity, capacity_ * 2);
    auto grown = std::make_unique_for_overwrite<uint16_t[]>(capacity);
    if (size_ != 0) std::memcpy(grown.get(), data(), size_ * sizeof(uint16_t));
    heap_ = std::move(grown);
    capacity_ = capacity;
  }

  uint16_t inline_[kInline];
  std::unique_ptr<uint16_t[]> heap_;
  size_t size_ = 0;
  size_t capacity_ = kInline;
};

/// A finite decimal: +-sum(digits[i] * 10000^(weight - i)), shown with `scale` digits after the
/// point. Normal form: no zero digit at either end; zero has no digits, weight 0 and no sign.
struct Decimal {
  static constexpr int kBase = 10000;
  static constexpr int kBaseDigits = 4;

  bool negative = false;
  int weight = 0;
  int scale = 0;
  DigitString digits;

  bool is_zero() const { return digits.empty(); }
  /// The base-10000 digit that stands at 10000^exponent; 0 outside the stored ones.
  int DigitAt(int exponent) const {
    int i = weight - exponent;
    return i < 0 || i >= static_cast<int>(digits.size()) ? 0 : digits.data()[i];
  }
  /// Exponent of the last stored digit.
  int LowWeight() const { return weight - static_cast<int>(digits.size()) + 1; }

  void Normalize();
  /// Rounds half away from zero to `places` digits after the point (may be negative).
  void Round(int places);
  void Truncate(int places);
  /// Nearest double; +-infinity when beyond. Correctly rounded.
  double ToDouble() const;
  void AppendTo(std::string& out) const;

  static Decimal FromInt(int64_t value);
  /// unscaled * 10^-scale.
  static Decimal FromInt128(__int128 unscaled, int scale);
  /// From decimal digits ('0'-'9' only), the first of which stands at 10^exponent.
  static Decimal FromDigits(std::string_view digits, int64_t exponent, int scale);
};

int CompareMagnitudes(const Decimal& a, const Decimal& b);
int CompareDecimals(const Decimal& a, const Decimal& b);
/// Exact; the result's scale is the larger one.
Decimal AddDecimals(const Decimal& a, const Decimal& b);
Decimal SubtractDecimals(const Decimal& a, const Decimal& b);
/// The exact product, then rounded to `scale` digits after the point.
Decimal MultiplyDecimals(const Decimal& a, const Decimal& b, int scale);
/// The exact quotient, rounded or cut to `scale` digits. `b` is not zero.
Decimal DivideDecimals(const Decimal& a, const Decimal& b, int scale, bool round = true);

/// Correctly rounded square root of a non-negative decimal.
Decimal SqrtDecimal(const Decimal& a, int scale);
/// e^a; `a` is at most 6000 in size, see kExpLimit.
Decimal ExpDecimal(const Decimal& a, int scale);
/// Natural logarithm of a positive decimal.
Decimal LnDecimal(const Decimal& a, int scale);
inline constexpr double kExpLimit = 6000;

}  // namespace omen
