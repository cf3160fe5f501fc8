#include "colstore/internal/numeric_carrier.h"

#include "base/bytes.h"
#include "colstore/internal/engine_errors.h"
#include "types/numeric.h"

namespace omen::colstore {
namespace {

enum Class : char { kMinusInfinity, kNegative, kZero, kPositive, kInfinity, kNaN };

constexpr size_t kValueHeader = 5;  // kind, scale, weight: numeric.h
constexpr size_t kScaleBytes = 2;
constexpr uint16_t kWeightBias = 0x8000;
constexpr uint16_t kInvertedEnd = 0xFFFF;

Class ClassOf(std::string_view value) {
  switch (static_cast<Numeric::Kind>(value[0])) {
    case Numeric::Kind::kNaN:
      return kNaN;
    case Numeric::Kind::kInfinity:
      return kInfinity;
    case Numeric::Kind::kNegativeInfinity:
      return kMinusInfinity;
    case Numeric::Kind::kNegative:
      return kNegative;
    case Numeric::Kind::kPositive:
      break;
  }
  return value.size() == kValueHeader ? kZero : kPositive;
}

Numeric::Kind KindOf(Class of) {
  switch (of) {
    case kMinusInfinity:
      return Numeric::Kind::kNegativeInfinity;
    case kNegative:
      return Numeric::Kind::kNegative;
    case kInfinity:
      return Numeric::Kind::kInfinity;
    case kNaN:
      return Numeric::Kind::kNaN;
    default:
      return Numeric::Kind::kPositive;
  }
}

[[noreturn]] void ThrowDamaged() {
  ThrowToEngine(Status(sqlstate::kDataCorrupted, "damaged numeric in the column store"));
}

}  // namespace

void AppendNumericCarrier(const Value& numeric, std::string* out) {
  const std::string_view value = numeric.AsBytes();
  OMEN_CHECK(value.size() >= kValueHeader);
  const Class of = ClassOf(value);
  *out += of;
  if (of == kNegative || of == kPositive) {
    const uint16_t invert = of == kNegative ? 0xFFFF : 0;
    const auto weight = LoadLittleEndian<uint16_t>(value.data() + 3);
    AppendBigEndian<uint16_t>(*out, static_cast<uint16_t>((weight + kWeightBias) ^ invert));
    for (size_t at = kValueHeader; at < value.size(); at += 2) {
      const auto digit = LoadLittleEndian<uint16_t>(value.data() + at);
      AppendBigEndian<uint16_t>(*out, static_cast<uint16_t>((digit + 1) ^ invert));
    }
    if (of == kNegative) AppendBigEndian<uint16_t>(*out, kInvertedEnd);
  }
  AppendBigEndian<uint16_t>(*out, LoadLittleEndian<uint16_t>(value.data() + 1));
}

std::string_view NumericKey(std::string_view carrier) {
  if (carrier.size() < 1 + kScaleBytes) ThrowDamaged();
  return carrier.substr(0, carrier.size() - kScaleBytes);
}

Value NumericFromCarrier(std::string_view carrier) {
  std::string_view key = NumericKey(carrier);
  const auto of = static_cast<Class>(key[0]);
  if (of < kMinusInfinity || of > kNaN) ThrowDamaged();
  char inline_bytes[64];
  std::string long_bytes;
  char* bytes = inline_bytes;
  if (carrier.size() + kValueHeader > sizeof inline_bytes) {
    long_bytes.resize(carrier.size() + kValueHeader);
    bytes = long_bytes.data();
  }
  const auto store = [&](size_t at, uint16_t number) { std::memcpy(bytes + at, &number, 2); };
  bytes[0] = static_cast<char>(KindOf(of));
  store(1, LoadBigEndian<uint16_t>(carrier.data() + key.size()));
  store(3, 0);
  size_t size = kValueHeader;
  if (of == kNegative || of == kPositive) {
    if (of == kNegative) key.remove_suffix(2);
    if (key.size() < 5 || key.size() % 2 == 0) ThrowDamaged();
    const uint16_t invert = of == kNegative ? 0xFFFF : 0;
    const auto weight = static_cast<uint16_t>(LoadBigEndian<uint16_t>(key.data() + 1) ^ invert);
    store(3, static_cast<uint16_t>(weight - kWeightBias));
    for (size_t at = 3; at < key.size(); at += 2, size += 2) {
      const auto digit = static_cast<uint16_t>(LoadBigEndian<uint16_t>(key.data() + at) ^ invert);
      store(size, static_cast<uint16_t>(digit - 1));
    }
  }
  return Value::Bytes({bytes, size});
}

}  // namespace omen::colstore
