#include "colstore/internal/vector/field_columns.h"

#include <charconv>

#include "base/bytes.h"
#include "colstore/internal/vector/decimals.h"
#include "colstore/internal/vector/vectors.h"
#include "types/io.h"

namespace omen::colstore {
namespace {

using duckdb::idx_t;
using duckdb::LogicalTypeId;
using duckdb::PhysicalType;

/// The cells of a vector of T.
template <typename T>
class Cells {
 public:
  Cells(duckdb::Vector& vector, idx_t count) {
    vector.ToUnifiedFormat(count, format_);
    data_ = duckdb::UnifiedVectorFormat::GetData<T>(format_);
  }
  /// Null where the cell is.
  const T* At(size_t row) const {
    const idx_t index = format_.sel->get_index(row);
    return format_.validity.RowIsValid(index) ? data_ + index : nullptr;
  }

 private:
  duckdb::UnifiedVectorFormat format_;
  const T* data_;
};

/// Of a type whose values the vector holds as they are: each is read when it is asked for.
class ReadColumn final : public FieldColumn {
 public:
  ReadColumn(duckdb::Vector& vector, idx_t count, Type type)
      : reader_(vector, count, type), type_(type), info_(InfoOf(type.oid)) {}
  bool AppendText(size_t row, const TextStyle& style, std::string& out) const override {
    const Value value = reader_.Get(row);
    if (value.is_null()) return false;
    info_.operations->write_text(info_, type_.typmod, value, style, out);
    return true;
  }
  bool AppendBinary(size_t row, std::string& out) const override {
    const Value value = reader_.Get(row);
    if (value.is_null()) return false;
    info_.operations->write_binary(info_, type_.typmod, value, out);
    return true;
  }
  Value Get(size_t row) const override { return reader_.Get(row); }

 private:
  const VectorReader reader_;
  const Type type_;
  const TypeInfo& info_;
};

/// int2, int4 and int8 as the engine has them, too.
template <typename T>
class IntegerColumn final : public FieldColumn {
 public:
  IntegerColumn(duckdb::Vector& vector, idx_t count) : cells_(vector, count) {}
  bool AppendText(size_t row, const TextStyle&, std::string& out) const override {
    const T* cell = cells_.At(row);
    if (cell == nullptr) return false;
    char digits[24];
    const auto end = std::to_chars(digits, digits + sizeof digits, *cell).ptr;
    out.append(digits, static_cast<size_t>(end - digits));
    return true;
  }
  bool AppendBinary(size_t row, std::string& out) const override {
    const T* cell = cells_.At(row);
    if (cell == nullptr) return false;
    AppendBigEndian(out, static_cast<std::make_unsigned_t<T>>(*cell));
    return true;
  }
  Value Get(size_t row) const override {
    const T* cell = cells_.At(row);
    return cell == nullptr ? Value() : Value::Int(*cell);
  }

 private:
  const Cells<T> cells_;
};

/// Of a type whose forms are the bytes themselves.
class TextColumn final : public FieldColumn {
 public:
  TextColumn(duckdb::Vector& vector, idx_t count) : cells_(vector, count) {
    for (idx_t row = 0; row < count; ++row) {
      if (const duckdb::string_t* cell = cells_.At(row)) bytes_ += cell->GetSize();
    }
  }
  bool AppendText(size_t row, const TextStyle&, std::string& out) const override {
    return AppendBinary(row, out);
  }
  bool AppendBinary(size_t row, std::string& out) const override {
    const duckdb::string_t* cell = cells_.At(row);
    if (cell == nullptr) return false;
    out.append(cell->GetData(), cell->GetSize());
    return true;
  }
  Value Get(size_t row) const override {
    const duckdb::string_t* cell = cells_.At(row);
    return cell == nullptr ? Value() : Value::Bytes({cell->GetData(), cell->GetSize()});
  }
  size_t payload_bytes() const override { return bytes_; }

 private:
  const Cells<duckdb::string_t> cells_;
  size_t bytes_ = 0;
};

/// numeric in the engine's integers: the text of unscaled * 10^-scale, with all its places.
void AppendDecimal(int64_t unscaled, size_t scale, std::string& out) {
  char digits[24];
  const uint64_t magnitude =
      unscaled < 0 ? 0 - static_cast<uint64_t>(unscaled) : static_cast<uint64_t>(unscaled);
  const auto size =
      static_cast<size_t>(std::to_chars(digits, digits + sizeof digits, magnitude).ptr - digits);
  if (unscaled < 0) out.push_back('-');
  if (size > scale) {
    out.append(digits, size - scale);
  } else {
    out.push_back('0');
  }
  if (scale == 0) return;
  out.push_back('.');
  if (size < scale) out.append(scale - size, '0');
  out.append(digits + (size > scale ? size - scale : 0), std::min(size, scale));
}

template <typename T>
class DecimalColumn final : public FieldColumn {
 public:
  DecimalColumn(duckdb::Vector& vector, idx_t count, Type type)
      : cells_(vector, count),
        type_(type),
        scale_(vector.GetType().id() == LogicalTypeId::DECIMAL
                   ? duckdb::DecimalType::GetScale(vector.GetType())
                   : 0) {}
  bool AppendText(size_t row, const TextStyle&, std::string& out) const override {
    const T* cell = cells_.At(row);
    if (cell == nullptr) return false;
    AppendDecimal(*cell, scale_, out);
    return true;
  }
  bool AppendBinary(size_t row, std::string& out) const override {
    const T* cell = cells_.At(row);
    if (cell == nullptr) return false;
    omen::AppendBinary(type_, ValueOf(*cell), out);
    return true;
  }
  Value Get(size_t row) const override {
    const T* cell = cells_.At(row);
    return cell == nullptr ? Value() : ValueOf(*cell);
  }

 private:
  Value ValueOf(int64_t unscaled) const {
    return NumericFromDecimal(unscaled, static_cast<int>(scale_));
  }

  const Cells<T> cells_;
  const Type type_;
  const size_t scale_;
};

bool IsItsBytes(Oid type) {
  return type == oid::kText || type == oid::kVarchar || type == oid::kName || type == oid::kJson;
}

/// By a reader of its own, null where a cell need not be a value of the type: a sum that the type
/// cannot hold, a damaged number.
std::unique_ptr<FieldColumn> ColumnOf(duckdb::Vector& vector, idx_t count, Type type) {
  const LogicalTypeId engine = vector.GetType().id();
  const PhysicalType cells = vector.GetType().InternalType();
  switch (InfoOf(type.oid).form) {
    case TypeForm::kInt2:
    case TypeForm::kInt4:
    case TypeForm::kInt8:
      if (type.oid == oid::kInt2 && engine == LogicalTypeId::SMALLINT)
        return std::make_unique<IntegerColumn<int16_t>>(vector, count);
      if (type.oid == oid::kInt4 && engine == LogicalTypeId::INTEGER)
        return std::make_unique<IntegerColumn<int32_t>>(vector, count);
      if (type.oid == oid::kInt8 && engine == LogicalTypeId::BIGINT)
        return std::make_unique<IntegerColumn<int64_t>>(vector, count);
      return nullptr;
    case TypeForm::kNumeric:
      if (engine != LogicalTypeId::DECIMAL) return nullptr;
      if (cells == PhysicalType::INT16)
        return std::make_unique<DecimalColumn<int16_t>>(vector, count, type);
      if (cells == PhysicalType::INT32)
        return std::make_unique<DecimalColumn<int32_t>>(vector, count, type);
      if (cells == PhysicalType::INT64)
        return std::make_unique<DecimalColumn<int64_t>>(vector, count, type);
      return std::make_unique<ReadColumn>(vector, count, type);
    case TypeForm::kText:
      if (engine == LogicalTypeId::VARCHAR && IsItsBytes(type.oid))
        return std::make_unique<TextColumn>(vector, count);
      return nullptr;
    case TypeForm::kBlob:
    case TypeForm::kArray:
      return nullptr;
    default:
      if (engine == LogicalTypeId::SQLNULL) return nullptr;
      return std::make_unique<ReadColumn>(vector, count, type);
  }
}

}  // namespace

std::unique_ptr<FieldColumn> MakeFieldColumn(duckdb::Vector& vector, idx_t count, Type type) {
  if (auto column = ColumnOf(vector, count, type)) return column;
  const VectorReader reader(vector, count, type);
  std::vector<Value> values(count);
  for (idx_t row = 0; row < count; ++row) values[row] = reader.Get(row);
  return std::make_unique<ValueColumn>(type, std::move(values));
}

}  // namespace omen::colstore
