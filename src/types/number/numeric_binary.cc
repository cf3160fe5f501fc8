#include "types/number/numeric_binary.h"

#include <cmath>

#include "base/bytes.h"
#include "types/internal/binary_errors.h"
#include "types/internal/hash.h"
#include "types/internal/three_way.h"
#include "types/number/internal/numeric_bounds.h"

namespace omen {

using namespace types_internal;  // NOLINT: the bounds of this folder

namespace {

using Kind = Numeric::Kind;

constexpr uint16_t kWireNegative = 0x4000, kWireNaN = 0xC000, kWireInfinity = 0xD000,
                   kWireNegativeInfinity = 0xF000, kWireScaleMask = 0x3FFF,
                   kWireInfinityScale = 0x20;

uint16_t WireSign(Kind kind) {
  switch (kind) {
    case Kind::kNaN:
      return kWireNaN;
    case Kind::kInfinity:
      return kWireInfinity;
    case Kind::kNegativeInfinity:
      return kWireNegativeInfinity;
    case Kind::kNegative:
      return kWireNegative;
    default:
      return 0;
  }
}

}  // namespace

void AppendNumericBinary(std::string_view carried, std::string& out) {
  OMEN_CHECK(carried.size() >= kHeaderBytes && carried.size() % 2 == 1);
  const auto kind = static_cast<Kind>(carried[0]);
  const auto field = [&](size_t at) { return LoadLittleEndian<uint16_t>(carried.data() + at); };
  AppendBigEndian(out, static_cast<uint16_t>((carried.size() - kHeaderBytes) / 2));
  AppendBigEndian(out, field(3));
  AppendBigEndian(out, WireSign(kind));
  // PostgreSQL's infinities carry a flag bit where the scale is.
  const bool infinite = kind == Kind::kInfinity || kind == Kind::kNegativeInfinity;
  AppendBigEndian(out, infinite ? kWireInfinityScale : field(1));
  for (size_t at = kHeaderBytes; at < carried.size(); at += 2) AppendBigEndian(out, field(at));
}

Result<Numeric> ParseNumericBinary(std::string_view bytes) {
  if (bytes.size() < 8) return Insufficient();
  auto field = [&](size_t i) { return LoadBigEndian<uint16_t>(bytes.data() + i * 2); };
  size_t count = field(0);
  uint16_t sign = field(2);
  if (bytes.size() < 8 + count * 2) return Insufficient();
  if (bytes.size() > 8 + count * 2) {
    return Malformed("incorrect binary data format in bind parameter");
  }
  if (sign == kWireNaN) return Numeric::Special(Kind::kNaN);
  if (sign == kWireInfinity) return Numeric::Special(Kind::kInfinity);
  if (sign == kWireNegativeInfinity) return Numeric::Special(Kind::kNegativeInfinity);
  if (sign != 0 && sign != kWireNegative) {
    return Malformed("invalid sign in external \"numeric\" value");
  }
  if (field(3) > kWireScaleMask) return Malformed("invalid scale in external \"numeric\" value");
  Decimal value;
  value.negative = sign == kWireNegative;
  value.weight = static_cast<int16_t>(field(1));
  value.digits.Resize(count);
  for (size_t i = 0; i < count; ++i) {
    value.digits[i] = field(4 + i);
    if (value.digits[i] >= Decimal::kBase) {
      return Malformed("invalid digit in external \"numeric\" value");
    }
  }
  value.Normalize();
  // Digits beyond the display scale would be invisible but not without effect.
  value.Truncate(field(3));
  return Numeric::Checked(std::move(value));
}

namespace {

/// -Infinity, finite, Infinity, NaN.
int Rank(Kind kind) {
  switch (kind) {
    case Kind::kNegativeInfinity:
      return -1;
    case Kind::kInfinity:
      return 1;
    case Kind::kNaN:
      return 2;
    default:
      return 0;
  }
}

/// Carried bytes of finite values of one sign, by magnitude.
int CompareCarriedMagnitudes(std::string_view a, std::string_view b) {
  bool a_zero = a.size() == kHeaderBytes;
  bool b_zero = b.size() == kHeaderBytes;
  if (a_zero || b_zero) return int{b_zero} - int{a_zero};
  auto weight = [](std::string_view x) {
    return static_cast<int16_t>(LoadLittleEndian<uint16_t>(x.data() + 3));
  };
  if (weight(a) != weight(b)) return ThreeWay(weight(a), weight(b));
  size_t common = std::min(a.size(), b.size());
  for (size_t i = kHeaderBytes; i < common; i += 2) {
    int order = ThreeWay(LoadLittleEndian<uint16_t>(a.data() + i),
                         LoadLittleEndian<uint16_t>(b.data() + i));
    if (order != 0) return order;
  }
  return a.size() < b.size() ? -1 : a.size() > b.size();
}

}  // namespace

int CompareCarriedNumerics(std::string_view a, std::string_view b) {
  OMEN_CHECK(a.size() >= kHeaderBytes && b.size() >= kHeaderBytes);
  auto kind_a = static_cast<Kind>(a[0]);
  auto kind_b = static_cast<Kind>(b[0]);
  if (Rank(kind_a) != 0 || Rank(kind_b) != 0) return ThreeWay(Rank(kind_a), Rank(kind_b));
  if (kind_a != kind_b) return kind_a == Kind::kNegative ? -1 : 1;
  return kind_a == Kind::kNegative ? CompareCarriedMagnitudes(b, a)
                                   : CompareCarriedMagnitudes(a, b);
}

int Numeric::Compare(const Numeric& a, const Numeric& b) {
  if (a.is_special() || b.is_special()) return ThreeWay(Rank(a.kind_), Rank(b.kind_));
  return CompareDecimals(a.value_, b.value_);
}

uint64_t HashCarriedNumeric(std::string_view bytes) {
  OMEN_CHECK(bytes.size() >= kHeaderBytes);
  // All but the display scale, which equality ignores.
  return types_internal::Mix(types_internal::HashBytes(bytes.substr(3)),
                             static_cast<uint8_t>(bytes[0]));
}

uint64_t Numeric::Hash() const { return HashCarriedNumeric(ToValue().AsBytes()); }

}  // namespace omen
