#include "types/number/numeric_blob.h"

#include "base/bytes.h"

namespace omen {
namespace {

using Kind = Numeric::Kind;

enum Class : char {
  kMinusInfinity = 1,
  kNegative,
  kZero,
  kPositive,
  kPlusInfinity,
  kNaN,
};

constexpr size_t kScaleBytes = 2;
constexpr uint16_t kWeightBias = 32768;
constexpr uint16_t kDigitBias = 256;

Class ClassOf(const Numeric& value) {
  switch (value.kind()) {
    case Kind::kNaN:
      return kNaN;
    case Kind::kInfinity:
      return kPlusInfinity;
    case Kind::kNegativeInfinity:
      return kMinusInfinity;
    default:
      return value.sign() < 0 ? kNegative : value.sign() > 0 ? kPositive : kZero;
  }
}

void Invert(std::string& bytes, size_t from) {
  for (size_t i = from; i < bytes.size(); ++i) bytes[i] = static_cast<char>(~bytes[i]);
}

Status Damaged() { return Status(sqlstate::kDataCorrupted, "damaged numeric value"); }

/// Weight, digits and end mark, not inverted.
Result<Numeric> DecodeDigits(std::string_view body, bool negative, int scale) {
  if (body.size() < 5 || body.size() % 2 != 1 || body.back() != '\0') return Damaged();
  Decimal value;
  value.negative = negative;
  value.scale = scale;
  value.weight = LoadBigEndian<uint16_t>(body.data()) - kWeightBias;
  size_t count = (body.size() - 3) / 2;
  value.digits.Resize(count);
  for (size_t i = 0; i < count; ++i) {
    int digit = LoadBigEndian<uint16_t>(body.data() + 2 + i * 2) - kDigitBias;
    if (digit < 0 || digit >= Decimal::kBase) return Damaged();
    value.digits[i] = static_cast<uint16_t>(digit);
  }
  if (value.digits[0] == 0 || value.digits.back() == 0) return Damaged();
  return Numeric(std::move(value));
}

}  // namespace

std::string EncodeNumericBlob(const Numeric& value) {
  Class c = ClassOf(value);
  std::string blob(1, c);
  const Decimal& decimal = value.decimal();
  if (c == kNegative || c == kPositive) {
    blob.reserve(6 + decimal.digits.size() * 2);
    AppendBigEndian(blob, static_cast<uint16_t>(decimal.weight + kWeightBias));
    for (size_t i = 0; i < decimal.digits.size(); ++i) {
      AppendBigEndian(blob, static_cast<uint16_t>(decimal.digits[i] + kDigitBias));
    }
    blob.push_back('\0');
    if (c == kNegative) Invert(blob, 1);
  }
  AppendBigEndian(blob, static_cast<uint16_t>(decimal.scale));
  return blob;
}

Result<Numeric> DecodeNumericBlob(std::string_view blob) {
  if (blob.size() < 1 + kScaleBytes) return Damaged();
  int scale = LoadBigEndian<uint16_t>(blob.data() + blob.size() - kScaleBytes);
  std::string_view body = NumericBlobKey(blob).substr(1);
  switch (blob[0]) {
    case kNegative: {
      std::string digits(body);
      Invert(digits, 0);
      return DecodeDigits(digits, true, scale);
    }
    case kPositive:
      return DecodeDigits(body, false, scale);
    default:
      break;
  }
  if (!body.empty()) return Damaged();
  switch (blob[0]) {
    case kMinusInfinity:
      return Numeric::Special(Kind::kNegativeInfinity);
    case kPlusInfinity:
      return Numeric::Special(Kind::kInfinity);
    case kNaN:
      return Numeric::Special(Kind::kNaN);
    case kZero: {
      Decimal zero;
      zero.scale = scale;
      return Numeric(std::move(zero));
    }
    default:
      return Damaged();
  }
}

std::string_view NumericBlobKey(std::string_view blob) {
  return blob.substr(0, blob.size() < kScaleBytes ? 0 : blob.size() - kScaleBytes);
}

}  // namespace omen
