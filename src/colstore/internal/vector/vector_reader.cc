// The engine's vectors as values.
#include <fmt/format.h>

#include <limits>

#include "colstore/internal/engine/engine_errors.h"
#include "colstore/internal/vector/clocks.h"
#include "colstore/internal/vector/decimals.h"
#include "colstore/internal/vector/numeric_carrier.h"
#include "colstore/internal/vector/vectors.h"

namespace omen::colstore {

using duckdb::idx_t;
using duckdb::LogicalTypeId;

namespace {

template <typename T>
T Cell(const duckdb::UnifiedVectorFormat& format, idx_t index) {
  return duckdb::UnifiedVectorFormat::GetData<T>(format)[index];
}

__int128 Wide(duckdb::hugeint_t value) {
  return (static_cast<__int128>(value.upper) << 64) | static_cast<__int128>(value.lower);
}

[[noreturn]] void ThrowRange(Oid type) {
  const char* message = type == oid::kInt2   ? "smallint out of range"
                        : type == oid::kInt4 ? "integer out of range"
                        : type == oid::kInt8 ? "bigint out of range"
                                             : "OID out of range";
  ThrowToEngine(Status(sqlstate::kNumericOutOfRange, message));
}

Value CheckedInt(Oid type, __int128 value) {
  __int128 low = INT64_MIN, high = INT64_MAX;
  if (type == oid::kInt2) low = INT16_MIN, high = INT16_MAX;
  if (type == oid::kInt4) low = INT32_MIN, high = INT32_MAX;
  if (value < low || value > high) ThrowRange(type);
  return Value::Int(static_cast<int64_t>(value));
}

}  // namespace

struct VectorReader::Loads {
  static Value Bool(const VectorReader& r, idx_t i) {
    return Value::Bool(Cell<bool>(r.format_, i));
  }
  template <typename T>
  static Value Int(const VectorReader& r, idx_t i) {
    if constexpr (std::is_same_v<T, duckdb::hugeint_t>) {
      return CheckedInt(r.type_.oid, Wide(Cell<T>(r.format_, i)));
    } else {
      const T value = Cell<T>(r.format_, i);
      const bool narrows = (r.type_.oid == oid::kInt2 && sizeof(T) >= 2) ||
                           (r.type_.oid == oid::kInt4 && sizeof(T) >= 4) || sizeof(T) == 8;
      return narrows ? CheckedInt(r.type_.oid, value) : Value::Int(static_cast<int64_t>(value));
    }
  }
  static Value Date(const VectorReader& r, idx_t i) {
    return Value::Int(PgDate(Cell<duckdb::date_t>(r.format_, i)));
  }
  static Value Time(const VectorReader& r, idx_t i) {
    return Value::Int(Cell<duckdb::dtime_t>(r.format_, i).micros);
  }
  static Value Timestamp(const VectorReader& r, idx_t i) {
    return Value::Int(PgTimestamp(Cell<duckdb::timestamp_t>(r.format_, i)));
  }
  static Value Interval(const VectorReader& r, idx_t i) {
    const auto value = Cell<duckdb::interval_t>(r.format_, i);
    return Value::Interval({value.micros, value.days, value.months});
  }
  static Value Uuid(const VectorReader& r, idx_t i) {
    return Value::Uuid(PgUuid(Cell<duckdb::hugeint_t>(r.format_, i)));
  }
  static Value Float(const VectorReader& r, idx_t i) {
    return Value::Double(Cell<float>(r.format_, i));
  }
  static Value Double(const VectorReader& r, idx_t i) {
    const double value = Cell<double>(r.format_, i);
    return Value::Double(r.type_.oid == oid::kFloat4 ? static_cast<float>(value) : value);
  }
  static Value String(const VectorReader& r, idx_t i) {
    const auto& text = duckdb::UnifiedVectorFormat::GetData<duckdb::string_t>(r.format_)[i];
    return Value::Bytes({text.GetData(), text.GetSize()});
  }
  static Value NumericBlob(const VectorReader& r, idx_t i) {
    const auto& blob = duckdb::UnifiedVectorFormat::GetData<duckdb::string_t>(r.format_)[i];
    return NumericFromCarrier({blob.GetData(), blob.GetSize()});
  }
  template <typename T>
  static Value Decimal(const VectorReader& r, idx_t i) {
    if constexpr (std::is_same_v<T, duckdb::hugeint_t>) {
      return NumericFromDecimal(Wide(Cell<T>(r.format_, i)), r.scale_);
    } else if constexpr (std::is_same_v<T, uint64_t>) {
      return NumericFromDecimal(static_cast<__int128>(Cell<T>(r.format_, i)), r.scale_);
    } else {
      return NumericFromDecimal(static_cast<int64_t>(Cell<T>(r.format_, i)), r.scale_);
    }
  }
  static Value List(const VectorReader& r, idx_t i) {
    const auto entry = Cell<duckdb::list_entry_t>(r.format_, i);
    ArrayData array;
    array.element = InfoOf(r.type_.oid).element;
    array.elements.reserve(entry.length);
    for (idx_t k = 0; k < entry.length; ++k) {
      array.elements.push_back(r.child_->Get(entry.offset + k));
    }
    return Value::Array(std::move(array));
  }
  static Value Null(const VectorReader&, idx_t) { return Value(); }

  template <Load kLoad>
  static void Some(const VectorReader& r, const duckdb::SelectionVector& rows, idx_t first,
                   idx_t count, Value* out, size_t step) {
    for (idx_t k = 0; k < count; ++k, out += step) {
      const idx_t index = r.format_.sel->get_index(rows.get_index(first + k));
      *out = r.format_.validity.RowIsValid(index) ? kLoad(r, index) : Value();
    }
  }
  template <Load kLoad>
  static constexpr Loader kOf = {kLoad, &Some<kLoad>};

  static Loader OfNumeric(const duckdb::LogicalType& type);
  static Loader OfInt(LogicalTypeId id);
  static Loader Of(const duckdb::LogicalType& engine, Oid oid);
};

VectorReader::Loader VectorReader::Loads::OfNumeric(const duckdb::LogicalType& type) {
  switch (type.InternalType()) {
    case duckdb::PhysicalType::INT8:
      return kOf<&Decimal<int8_t>>;
    case duckdb::PhysicalType::INT16:
      return kOf<&Decimal<int16_t>>;
    case duckdb::PhysicalType::INT32:
      return kOf<&Decimal<int32_t>>;
    case duckdb::PhysicalType::INT64:
      return kOf<&Decimal<int64_t>>;
    case duckdb::PhysicalType::UINT8:
      return kOf<&Decimal<uint8_t>>;
    case duckdb::PhysicalType::UINT16:
      return kOf<&Decimal<uint16_t>>;
    case duckdb::PhysicalType::UINT32:
      return kOf<&Decimal<uint32_t>>;
    case duckdb::PhysicalType::UINT64:
      return kOf<&Decimal<uint64_t>>;
    case duckdb::PhysicalType::INT128:
      return type.id() == LogicalTypeId::UUID ? Loader() : kOf<&Decimal<duckdb::hugeint_t>>;
    default:
      return type.id() == LogicalTypeId::BLOB ? kOf<&NumericBlob> : Loader();
  }
}

VectorReader::Loader VectorReader::Loads::OfInt(LogicalTypeId id) {
  switch (id) {
    case LogicalTypeId::TINYINT:
      return kOf<&Int<int8_t>>;
    case LogicalTypeId::SMALLINT:
      return kOf<&Int<int16_t>>;
    case LogicalTypeId::INTEGER:
      return kOf<&Int<int32_t>>;
    case LogicalTypeId::BIGINT:
      return kOf<&Int<int64_t>>;
    case LogicalTypeId::UTINYINT:
      return kOf<&Int<uint8_t>>;
    case LogicalTypeId::USMALLINT:
      return kOf<&Int<uint16_t>>;
    case LogicalTypeId::UINTEGER:
      return kOf<&Int<uint32_t>>;
    case LogicalTypeId::UBIGINT:
      return kOf<&Int<uint64_t>>;
    case LogicalTypeId::HUGEINT:
      return kOf<&Int<duckdb::hugeint_t>>;
    default:
      return {};
  }
}

VectorReader::Loader VectorReader::Loads::Of(const duckdb::LogicalType& engine, Oid type) {
  const auto id = engine.id();
  if (id == LogicalTypeId::SQLNULL) return kOf<&Null>;
  const auto if_id = [id](LogicalTypeId wanted, Loader load) {
    return id == wanted ? load : Loader();
  };
  switch (InfoOf(type).form) {
    case TypeForm::kBool:
      return if_id(LogicalTypeId::BOOLEAN, kOf<&Bool>);
    case TypeForm::kDate:
      return if_id(LogicalTypeId::DATE, kOf<&Date>);
    case TypeForm::kTime:
      return if_id(LogicalTypeId::TIME, kOf<&Time>);
    case TypeForm::kTimestamp:
      return id == LogicalTypeId::TIMESTAMP_TZ ? kOf<&Timestamp>
                                               : if_id(LogicalTypeId::TIMESTAMP, kOf<&Timestamp>);
    case TypeForm::kInterval:
      return if_id(LogicalTypeId::INTERVAL, kOf<&Interval>);
    case TypeForm::kUuid:
      return if_id(LogicalTypeId::UUID, kOf<&Uuid>);
    case TypeForm::kBlob:
      return if_id(LogicalTypeId::BLOB, kOf<&String>);
    case TypeForm::kNumeric:
      return OfNumeric(engine);
    case TypeForm::kFloat4:
    case TypeForm::kFloat8:
      return id == LogicalTypeId::FLOAT ? kOf<&Float> : if_id(LogicalTypeId::DOUBLE, kOf<&Double>);
    case TypeForm::kInt2:
    case TypeForm::kInt4:
    case TypeForm::kInt8:
      return OfInt(id);
    case TypeForm::kText:
      return if_id(LogicalTypeId::VARCHAR, kOf<&String>);
    case TypeForm::kArray:
      return if_id(LogicalTypeId::LIST, kOf<&List>);
  }
  return {};
}

VectorReader::VectorReader(duckdb::Vector& vector, idx_t count, Type type) : type_(type) {
  const duckdb::LogicalType& engine = vector.GetType();
  vector.ToUnifiedFormat(count, format_);
  const Loader loader = Loads::Of(engine, type.oid);
  load_ = loader.one;
  load_some_ = loader.some;
  if (load_ == nullptr) {
    ThrowToEngine(InternalError(
        fmt::format("column store gave {} for {}", engine.ToString(), FormatType(type))));
  }
  if (engine.id() == LogicalTypeId::DECIMAL) scale_ = duckdb::DecimalType::GetScale(engine);
  if (engine.id() == LogicalTypeId::LIST) {
    child_ = std::make_unique<VectorReader>(duckdb::ListVector::GetEntry(vector),
                                            duckdb::ListVector::GetListSize(vector),
                                            Type{InfoOf(type.oid).element, type.typmod});
  }
}

void ReadRow(const std::vector<VectorReader>& readers, idx_t row, Value* out) {
  for (const VectorReader& reader : readers) *out++ = reader.Get(row);
}

}  // namespace omen::colstore
