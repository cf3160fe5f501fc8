#include "types/number/numeric_blob.h"

#include "base/bytes.h"
#include "types/number/internal/numeric_blob_layout.h"

namespace omen {
namespace {

using Kind = Numeric::Kind;
using enum BlobClass;

BlobClass ClassOf(const Numeric& value) {
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
  value.weight = LoadBigEndian<uint16_t>(body.data()) - kBlobWeightBias;
  size_t count = (body.size() - 3) / 2;
  value.digits.Resize(count);
  for (size_t i = 0; i < count; ++i) {
    int digit = LoadBigEndian<uint16_t>(body.data() + 2 + i * 2) - kBlobDigitBias;
    if (digit < 0 || digit >= Decimal::kBase) return Damaged();
    value.digits[i] = static_cast<uint16_t>(digit);
  }
  if (value.digits[0] == 0 || value.digits.back() == 0) return Damaged();
  return Numeric(std::move(value));
}

}  // namespace

std::string EncodeNumericBlob(const Numeric& value) {
  BlobClass c = ClassOf(value);
  std::string blob(1, static_cast<char>(c));
  const Decimal& decimal = value.decimal();
  if (c == kNegative || c == kPositive) {
    blob.reserve(6 + decimal.digits.size() * 2);
    AppendBigEndian(blob, static_cast<uint16_t>(decimal.weight + kBlobWeightBias));
    for (size_t i = 0; i < decimal.digits.size(); ++i) {
      AppendBigEndian(blob, static_cast<uint16_t>(decimal.digits[i] + kBlobDigitBias));
    }
    blob.push_back('\0');
    if (c == kNegative) Invert(blob, 1);
  }
  AppendBigEndian(blob, static_cast<uint16_t>(decimal.scale));
  return blob;
}

Result<Numeric> DecodeNumericBlob(std::string_view blob) {
  if (blob.size() < 1 + kBlobScaleBytes) return Damaged();
  int scale = LoadBigEndian<uint16_t>(blob.data() + blob.size() - kBlobScaleBytes);
  std::string_view body = NumericBlobKey(blob).substr(1);
  switch (static_cast<BlobClass>(blob[0])) {
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
  switch (static_cast<BlobClass>(blob[0])) {
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
  return blob.substr(0, blob.size() < kBlobScaleBytes ? 0 : blob.size() - kBlobScaleBytes);
}

}  // namespace omen
