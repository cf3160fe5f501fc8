// Decimals of up to 38 digits as one integer: what most numerics are. Each operation gives what
// Numeric's does (numeric.h), or says that it cannot, and the general arithmetic answers.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace omen {

/// unscaled * 10^-scale, with display scale `scale`; no special value. Value type; any thread.
struct ShortDecimal {
  static constexpr int kMaxDigits = 38;

  __int128 unscaled = 0;  // less than 10^38
  int scale = 0;          // 0 to 38

  bool operator==(const ShortDecimal&) const = default;
};

using ShortResult = std::optional<ShortDecimal>;

ShortResult ShortSum(const ShortDecimal& a, const ShortDecimal& b);
ShortResult ShortDifference(const ShortDecimal& a, const ShortDecimal& b);
ShortResult ShortProduct(const ShortDecimal& a, const ShortDecimal& b);
/// None by zero, as the others below.
ShortResult ShortQuotient(const ShortDecimal& a, const ShortDecimal& b);
ShortResult ShortWholeQuotient(const ShortDecimal& a, const ShortDecimal& b);
ShortResult ShortRemainder(const ShortDecimal& a, const ShortDecimal& b);
/// None of a negative number.
ShortResult ShortSqrt(const ShortDecimal& value);
/// Half away from zero, and toward zero. None where `scale` is negative.
ShortResult RoundShort(const ShortDecimal& value, int scale);
ShortResult TruncateShort(const ShortDecimal& value, int scale);
ShortResult FloorShort(const ShortDecimal& value);
ShortResult CeilShort(const ShortDecimal& value);
/// As Numeric::FromDouble.
ShortResult ShortFromDouble(double value);
/// The nearest double, where one division finds it.
std::optional<double> DoubleOfShort(const ShortDecimal& value);
/// Negative, zero or positive; none where the scales are too far apart.
std::optional<int> CompareShort(const ShortDecimal& a, const ShortDecimal& b);
void AppendShortText(const ShortDecimal& value, std::string* out);

/// The column store's carrier (numeric_blob.h): at most kShortBlobBytes at `to`. Returns how many.
inline constexpr int kShortBlobBytes = 32;
int WriteShortBlob(const ShortDecimal& value, char* to);
/// None where the number is no short one, or the bytes are damaged.
ShortResult ShortFromBlob(std::string_view blob);
/// The same of the bytes that a Value carries (numeric.h).
ShortResult ShortFromCarried(std::string_view bytes);

}  // namespace omen
