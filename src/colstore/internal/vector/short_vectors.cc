#include "colstore/internal/vector/short_vectors.h"

#include <limits>
#include <string>

#include "colstore/internal/vector/decimals.h"

namespace omen::colstore {

using duckdb::idx_t;
using duckdb::LogicalTypeId;
using duckdb::PhysicalType;
using duckdb::UnifiedVectorFormat;

namespace {

/// Digits, with a sign and a point among them or without, and nothing else.
bool ReadPlainNumber(std::string_view text, ShortDecimal* out) {
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  constexpr size_t kLength = 19;  // with the point 18 digits
  const size_t point = text.find('.');
  if (text.empty() || text.size() > kLength || point == 0) return false;
  int64_t digits = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    if (i == point) continue;
    if (text[i] < '0' || text[i] > '9') return false;
    if (i >= kLength - 1 && point == std::string_view::npos) return false;
    digits = digits * 10 + (text[i] - '0');
  }
  out->unscaled = negative ? -digits : digits;
  out->scale = point == std::string_view::npos ? 0 : static_cast<int>(text.size() - point - 1);
  return true;
}

std::string_view BytesOf(const duckdb::string_t& text) { return {text.GetData(), text.GetSize()}; }

}  // namespace

struct ShortReader::Loads {
  template <typename T>
  static bool Int(const UnifiedVectorFormat& format, idx_t at, int scale, ShortDecimal* out) {
    *out = {UnifiedVectorFormat::GetData<T>(format)[at], scale};
    return true;
  }
  static bool Wide(const UnifiedVectorFormat& format, idx_t at, int scale, ShortDecimal* out) {
    const auto value = UnifiedVectorFormat::GetData<duckdb::hugeint_t>(format)[at];
    *out = {(static_cast<__int128>(value.upper) << 64) | static_cast<__int128>(value.lower), scale};
    const __int128 limit = PowerOfTen(ShortDecimal::kMaxDigits);
    return out->unscaled < limit && out->unscaled > -limit;
  }
  static bool Put(const ShortResult& value, ShortDecimal* out) {
    if (value) *out = *value;
    return value.has_value();
  }
  static bool Double(const UnifiedVectorFormat& format, idx_t at, int, ShortDecimal* out) {
    return Put(ShortFromDouble(UnifiedVectorFormat::GetData<double>(format)[at]), out);
  }
  static bool Blob(const UnifiedVectorFormat& format, idx_t at, int, ShortDecimal* out) {
    return Put(ShortFromBlob(BytesOf(UnifiedVectorFormat::GetData<duckdb::string_t>(format)[at])),
               out);
  }
  static bool Text(const UnifiedVectorFormat& format, idx_t at, int, ShortDecimal* out) {
    return ReadPlainNumber(BytesOf(UnifiedVectorFormat::GetData<duckdb::string_t>(format)[at]),
                           out);
  }
  static bool None(const UnifiedVectorFormat&, idx_t, int, ShortDecimal*) { return false; }

  static Load Of(const duckdb::LogicalType& type) {
    if (type.id() == LogicalTypeId::BLOB) return &Blob;
    if (type.id() == LogicalTypeId::VARCHAR) return &Text;
    if (type.id() == LogicalTypeId::DOUBLE) return &Double;
    if (!type.IsIntegral() && type.id() != LogicalTypeId::DECIMAL) return &None;
    switch (type.InternalType()) {
      case PhysicalType::INT8:
        return &Int<int8_t>;
      case PhysicalType::INT16:
        return &Int<int16_t>;
      case PhysicalType::INT32:
        return &Int<int32_t>;
      case PhysicalType::INT64:
        return &Int<int64_t>;
      case PhysicalType::INT128:
        return &Wide;
      default:
        return &None;
    }
  }
};

ShortReader::ShortReader(duckdb::Vector& vector, idx_t count) : load_(Loads::Of(vector.GetType())) {
  vector.ToUnifiedFormat(count, format_);
  if (vector.GetType().id() == LogicalTypeId::DECIMAL) {
    scale_ = duckdb::DecimalType::GetScale(vector.GetType());
  }
}

struct ShortWriter::Stores {
  template <typename T>
  static bool Decimal(const ShortWriter& w, idx_t row, const ShortDecimal& value) {
    const ShortResult rounded = RoundShort(value, w.scale_);
    if (!rounded) return false;
    const __int128 unscaled = rounded->unscaled, limit = PowerOfTen(w.width_);
    if (unscaled >= limit || unscaled <= -limit) return false;
    if constexpr (std::is_same_v<T, duckdb::hugeint_t>) {
      duckdb::FlatVector::GetData<T>(w.vector_)[row] =
          duckdb::hugeint_t(static_cast<int64_t>(unscaled >> 64), static_cast<uint64_t>(unscaled));
    } else {
      duckdb::FlatVector::GetData<T>(w.vector_)[row] = static_cast<T>(unscaled);
    }
    return true;
  }
  template <typename T>
  static bool Int(const ShortWriter& w, idx_t row, const ShortDecimal& value) {
    const ShortResult rounded = RoundShort(value, 0);
    if (!rounded || rounded->unscaled < std::numeric_limits<T>::min() ||
        rounded->unscaled > std::numeric_limits<T>::max()) {
      return false;
    }
    duckdb::FlatVector::GetData<T>(w.vector_)[row] = static_cast<T>(rounded->unscaled);
    return true;
  }
  static bool Double(const ShortWriter& w, idx_t row, const ShortDecimal& value) {
    const auto number = DoubleOfShort(value);
    if (number) duckdb::FlatVector::GetData<double>(w.vector_)[row] = *number;
    return number.has_value();
  }
  static bool Blob(const ShortWriter& w, idx_t row, const ShortDecimal& value) {
    if (w.room_ < kShortBlobBytes) w.MakeRoom();
    const int size = WriteShortBlob(value, w.next_);
    duckdb::FlatVector::GetData<duckdb::string_t>(w.vector_)[row] =
        duckdb::string_t(w.next_, static_cast<uint32_t>(size));
    if (static_cast<idx_t>(size) > duckdb::string_t::INLINE_LENGTH) {
      w.next_ += size;
      w.room_ -= size;
    }
    return true;
  }
  static bool Text(const ShortWriter& w, idx_t row, const ShortDecimal& value) {
    thread_local std::string text;
    text.clear();
    AppendShortText(value, &text);
    duckdb::FlatVector::GetData<duckdb::string_t>(w.vector_)[row] =
        duckdb::StringVector::AddString(w.vector_, text);
    return true;
  }
  static bool None(const ShortWriter&, idx_t, const ShortDecimal&) { return false; }

  static Store OfDecimal(PhysicalType type) {
    switch (type) {
      case PhysicalType::INT16:
        return &Decimal<int16_t>;
      case PhysicalType::INT32:
        return &Decimal<int32_t>;
      case PhysicalType::INT64:
        return &Decimal<int64_t>;
      default:
        return &Decimal<duckdb::hugeint_t>;
    }
  }
  static Store Of(const duckdb::LogicalType& type) {
    switch (type.id()) {
      case LogicalTypeId::DECIMAL:
        return OfDecimal(type.InternalType());
      case LogicalTypeId::SMALLINT:
        return &Int<int16_t>;
      case LogicalTypeId::INTEGER:
        return &Int<int32_t>;
      case LogicalTypeId::BIGINT:
        return &Int<int64_t>;
      case LogicalTypeId::DOUBLE:
        return &Double;
      case LogicalTypeId::VARCHAR:
        return &Text;
      case LogicalTypeId::BLOB:
        return &Blob;
      default:
        return &None;
    }
  }
};

void ShortWriter::MakeRoom() const {
  constexpr int kBytes = 4096;
  duckdb::string_t block = duckdb::StringVector::EmptyString(vector_, kBytes);
  next_ = block.GetDataWriteable();
  room_ = kBytes;
}

ShortWriter::ShortWriter(duckdb::Vector& vector)
    : vector_(vector), store_(Stores::Of(vector.GetType())) {
  if (vector.GetType().id() == LogicalTypeId::DECIMAL) {
    width_ = duckdb::DecimalType::GetWidth(vector.GetType());
    scale_ = duckdb::DecimalType::GetScale(vector.GetType());
  }
}

}  // namespace omen::colstore
