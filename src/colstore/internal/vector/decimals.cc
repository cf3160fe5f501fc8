#include "colstore/internal/vector/decimals.h"

#include <array>
#include <cstring>

#include "base/bytes.h"
#include "types/number/numeric.h"

namespace omen::colstore {
namespace {

constexpr size_t kHeader = 5;
constexpr size_t kMaxGroups = 12;  // 39 digits, split at the point
constexpr auto kPowers = [] {
  std::array<__int128, 39> powers{};
  powers[0] = 1;
  for (size_t i = 1; i < powers.size(); ++i) powers[i] = powers[i - 1] * 10;
  return powers;
}();

void Store16(char* to, uint16_t value) { std::memcpy(to, &value, sizeof value); }

/// `Unsigned` is the narrowest type the magnitude fits: 128-bit division is slow.
template <typename Unsigned>
Value Encode(bool negative, Unsigned magnitude, int scale) {
  uint16_t groups[kMaxGroups];  // least significant first
  size_t count = 0;
  if (const int partial = scale % 4; partial != 0) {
    const auto power = static_cast<unsigned>(kPowers[static_cast<size_t>(partial)]);
    const auto shift = static_cast<unsigned>(kPowers[static_cast<size_t>(4 - partial)]);
    groups[count++] = static_cast<uint16_t>(static_cast<unsigned>(magnitude % power) * shift);
    magnitude /= power;
  }
  while (magnitude != 0) {
    groups[count++] = static_cast<uint16_t>(magnitude % 10000);
    magnitude /= 10000;
  }
  while (count > 0 && groups[count - 1] == 0) --count;
  size_t low = 0;
  while (low < count && groups[low] == 0) ++low;

  char bytes[kHeader + 2 * kMaxGroups];
  const bool zero = low == count;
  const int weight = zero ? 0 : static_cast<int>(count) - 1 - (scale + 3) / 4;
  bytes[0] = negative && !zero ? 1 : 0;
  Store16(bytes + 1, static_cast<uint16_t>(scale));
  Store16(bytes + 3, static_cast<uint16_t>(static_cast<int16_t>(weight)));
  size_t size = kHeader;
  for (size_t i = count; i > low; --i, size += 2) Store16(bytes + size, groups[i - 1]);
  return Value::Bytes({bytes, size});
}

/// Up to 9 groups: 36 digits, which cannot overflow.
bool DecodeShort(std::string_view bytes, int scale, __int128* unscaled) {
  const size_t count = (bytes.size() - kHeader) / 2;
  if (count > 9) return false;
  const auto weight = static_cast<int16_t>(LoadLittleEndian<uint16_t>(bytes.data() + 3));
  __int128 sum = 0;
  for (size_t i = 0; i < count; ++i) {
    sum = sum * 10000 + LoadLittleEndian<uint16_t>(bytes.data() + kHeader + 2 * i);
  }
  const int exponent = 4 * (weight - static_cast<int>(count) + 1) + scale;
  if (sum == 0) {
    *unscaled = 0;
    return true;
  }
  if (exponent < -3 || exponent > 38) return false;
  if (exponent >= 0) {
    if (sum > kPowers[38] / kPowers[static_cast<size_t>(exponent)]) return false;
    *unscaled = sum * kPowers[static_cast<size_t>(exponent)];
    return true;
  }
  const __int128 power = kPowers[static_cast<size_t>(-exponent)];
  if (sum % power != 0) return false;
  *unscaled = sum / power;
  return true;
}

}  // namespace

Value NumericFromDecimal(int64_t unscaled, int scale) {
  const bool negative = unscaled < 0;
  const auto magnitude = static_cast<uint64_t>(unscaled);
  return Encode<uint64_t>(negative, negative ? 0 - magnitude : magnitude, scale);
}

Value NumericFromDecimal(__int128 unscaled, int scale) {
  if (unscaled >= INT64_MIN && unscaled <= INT64_MAX) {
    return NumericFromDecimal(static_cast<int64_t>(unscaled), scale);
  }
  const bool negative = unscaled < 0;
  const auto magnitude = static_cast<unsigned __int128>(unscaled);
  return Encode<unsigned __int128>(negative, negative ? 0 - magnitude : magnitude, scale);
}

bool DecimalFromNumeric(const Value& numeric, int width, int scale, __int128* unscaled) {
  const std::string_view bytes = numeric.AsBytes();
  if (bytes.size() < kHeader || bytes[0] > 1) return false;
  if (DecodeShort(bytes, scale, unscaled)) {
    if (bytes[0] == 1) *unscaled = -*unscaled;
  } else if (!Numeric::FromValue(numeric).ToInt128(scale, unscaled)) {
    return false;
  }
  const __int128 limit = kPowers[static_cast<size_t>(width)];
  return *unscaled<limit&& * unscaled> - limit;
}

__int128 PowerOfTen(int exponent) { return kPowers[static_cast<size_t>(exponent)]; }

}  // namespace omen::colstore
