// Values into the engine's vectors.
#include <fmt/format.h>

#include "base/blame.h"
#include "colstore/internal/engine/engine_errors.h"
#include "colstore/internal/vector/clocks.h"
#include "colstore/internal/vector/decimals.h"
#include "colstore/internal/vector/numeric_carrier.h"
#include "colstore/internal/vector/vectors.h"
#include "types/column_type.h"

namespace omen::colstore {

using duckdb::FlatVector;
using duckdb::idx_t;
using duckdb::LogicalType;

namespace {

/// Rows can hold it, so the next path may answer.
[[noreturn]] void ThrowUnrepresentable(std::string_view what) {
  ThrowToEngine(Refusal(fmt::format("{} in the column store", what)));
}

LogicalType EngineForm(TypeForm form) {
  const LogicalTypeId kIds[kTypeForms] = {
      LogicalTypeId::BOOLEAN,  LogicalTypeId::SMALLINT, LogicalTypeId::INTEGER,
      LogicalTypeId::BIGINT,   LogicalTypeId::FLOAT,    LogicalTypeId::DOUBLE,
      LogicalTypeId::DATE,     LogicalTypeId::TIME,     LogicalTypeId::TIMESTAMP,
      LogicalTypeId::INTERVAL, LogicalTypeId::UUID,     LogicalTypeId::BLOB,
      LogicalTypeId::BLOB,     LogicalTypeId::VARCHAR,  LogicalTypeId::INVALID,
  };
  return kIds[static_cast<size_t>(form)];
}

template <typename T>
void Put(duckdb::Vector& vector, idx_t row, T value) {
  FlatVector::GetData<T>(vector)[row] = value;
}

}  // namespace

LogicalType EngineType(Type type) {
  const TypeInfo& info = InfoOf(type.oid);
  if (info.element != oid::kInvalid) {
    return LogicalType::LIST(EngineType({info.element, type.typmod}));
  }
  if (type.oid == oid::kNumeric && !IsVariableNumeric(type)) {
    return LogicalType::DECIMAL(static_cast<uint8_t>(NumericPrecision(type.typmod)),
                                static_cast<uint8_t>(NumericScale(type.typmod)));
  }
  return EngineForm(info.form);
}

struct VectorWriter::Stores {
  static void Bool(const VectorWriter& w, idx_t row, const Value& value) {
    Put<bool>(w.vector_, row, value.AsBool());
  }
  template <typename T>
  static void Int(const VectorWriter& w, idx_t row, const Value& value) {
    Put<T>(w.vector_, row, static_cast<T>(value.AsInt()));
  }
  template <typename T>
  static void Float(const VectorWriter& w, idx_t row, const Value& value) {
    Put<T>(w.vector_, row, static_cast<T>(value.AsDouble()));
  }
  static void Date(const VectorWriter& w, idx_t row, const Value& value) {
    Put(w.vector_, row, EngineDate(value.AsInt()));
  }
  static void Time(const VectorWriter& w, idx_t row, const Value& value) {
    Put(w.vector_, row, duckdb::dtime_t(value.AsInt()));
  }
  static void Timestamp(const VectorWriter& w, idx_t row, const Value& value) {
    duckdb::timestamp_t timestamp;
    if (!EngineTimestamp(value.AsInt(), &timestamp)) {
      ThrowUnrepresentable("a timestamp after the year 294246");
    }
    Put(w.vector_, row, timestamp);
  }
  static void Interval(const VectorWriter& w, idx_t row, const Value& value) {
    const IntervalData& interval = value.AsInterval();
    duckdb::interval_t out;
    out.months = interval.months;
    out.days = interval.days;
    out.micros = interval.micros;
    Put(w.vector_, row, out);
  }
  static void Uuid(const VectorWriter& w, idx_t row, const Value& value) {
    Put(w.vector_, row, EngineUuid(value.AsUuid()));
  }
  static void String(const VectorWriter& w, idx_t row, const Value& value) {
    const std::string_view bytes = value.AsBytes();
    Put(w.vector_, row,
        duckdb::StringVector::AddStringOrBlob(w.vector_, bytes.data(), bytes.size()));
  }
  static void Char(const VectorWriter& w, idx_t row, const Value& value) {
    const std::string_view bytes = value.AsBytes();
    if (!bytes.empty() && static_cast<uint8_t>(bytes[0]) >= 0x80) {
      ThrowUnrepresentable("a \"char\" beyond ASCII");
    }
    String(w, row, value);
  }
  static void NumericBlob(const VectorWriter& w, idx_t row, const Value& value) {
    thread_local std::string blob;
    blob.clear();
    AppendNumericCarrier(value, &blob);
    Put(w.vector_, row, duckdb::StringVector::AddStringOrBlob(w.vector_, blob.data(), blob.size()));
  }
  template <typename T>
  static void Decimal(const VectorWriter& w, idx_t row, const Value& value) {
    __int128 unscaled = 0;
    if (!DecimalFromNumeric(value, w.width_, w.scale_, &unscaled)) {
      if (static_cast<uint8_t>(value.AsBytes().front()) > 1) {
        ThrowUnrepresentable("NaN as a numeric of declared precision");
      }
      ThrowToEngine(Status(sqlstate::kNumericOutOfRange, "numeric field overflow"));
    }
    if constexpr (std::is_same_v<T, duckdb::hugeint_t>) {
      Put(w.vector_, row,
          duckdb::hugeint_t(static_cast<int64_t>(unscaled >> 64), static_cast<uint64_t>(unscaled)));
    } else {
      Put<T>(w.vector_, row, static_cast<T>(unscaled));
    }
  }
  static void List(const VectorWriter& w, idx_t row, const Value& value) {
    const ArrayData& array = value.AsArray();
    if (array.lower_bound != 1) ThrowUnrepresentable("an array that does not begin at 1");
    const idx_t offset = duckdb::ListVector::GetListSize(w.vector_);
    const idx_t length = array.elements.size();
    duckdb::ListVector::Reserve(w.vector_, offset + length);
    VectorWriter child(duckdb::ListVector::GetEntry(w.vector_),
                       Type{InfoOf(w.type_.oid).element, w.type_.typmod});
    for (idx_t k = 0; k < length; ++k) child.Set(offset + k, array.elements[k]);
    duckdb::ListVector::SetListSize(w.vector_, offset + length);
    Put(w.vector_, row, duckdb::list_entry_t(offset, length));
  }

  template <Store kStore>
  static void Some(const VectorWriter& w, idx_t first, std::span<const Value> values) {
    for (const Value& value : values) {
      if (value.is_null()) {
        FlatVector::SetNull(w.vector_, first, true);
      } else {
        kStore(w, first, value);
      }
      ++first;
    }
  }
  template <Store kStore>
  static constexpr Storer kOf = {kStore, &Some<kStore>};

  static Storer OfDecimal(duckdb::PhysicalType physical);
  static Storer Of(const LogicalType& engine, Type type);
};

VectorWriter::Storer VectorWriter::Stores::OfDecimal(duckdb::PhysicalType physical) {
  switch (physical) {
    case duckdb::PhysicalType::INT16:
      return kOf<&Decimal<int16_t>>;
    case duckdb::PhysicalType::INT32:
      return kOf<&Decimal<int32_t>>;
    case duckdb::PhysicalType::INT64:
      return kOf<&Decimal<int64_t>>;
    default:
      return kOf<&Decimal<duckdb::hugeint_t>>;
  }
}

VectorWriter::Storer VectorWriter::Stores::Of(const LogicalType& engine, Type type) {
  switch (engine.id()) {
    case duckdb::LogicalTypeId::BOOLEAN:
      return kOf<&Bool>;
    case duckdb::LogicalTypeId::SMALLINT:
      return kOf<&Int<int16_t>>;
    case duckdb::LogicalTypeId::INTEGER:
      return kOf<&Int<int32_t>>;
    case duckdb::LogicalTypeId::BIGINT:
      return kOf<&Int<int64_t>>;
    case duckdb::LogicalTypeId::FLOAT:
      return kOf<&Float<float>>;
    case duckdb::LogicalTypeId::DOUBLE:
      return kOf<&Float<double>>;
    case duckdb::LogicalTypeId::DATE:
      return kOf<&Date>;
    case duckdb::LogicalTypeId::TIME:
      return kOf<&Time>;
    case duckdb::LogicalTypeId::TIMESTAMP:
      return kOf<&Timestamp>;
    case duckdb::LogicalTypeId::INTERVAL:
      return kOf<&Interval>;
    case duckdb::LogicalTypeId::UUID:
      return kOf<&Uuid>;
    case duckdb::LogicalTypeId::DECIMAL:
      return OfDecimal(engine.InternalType());
    case duckdb::LogicalTypeId::LIST:
      return kOf<&List>;
    case duckdb::LogicalTypeId::BLOB:
      return type.oid == oid::kNumeric ? kOf<&NumericBlob> : kOf<&String>;
    default:
      return type.oid == oid::kChar ? kOf<&Char> : kOf<&String>;
  }
}

VectorWriter::VectorWriter(duckdb::Vector& vector, Type type) : vector_(vector), type_(type) {
  const LogicalType& engine = vector.GetType();
  if (engine.id() == duckdb::LogicalTypeId::DECIMAL) {
    width_ = duckdb::DecimalType::GetWidth(engine);
    scale_ = duckdb::DecimalType::GetScale(engine);
  }
  const Storer storer = Stores::Of(engine, type);
  store_ = storer.one;
  store_some_ = storer.some;
}

duckdb::Value EngineConstant(const Value& value, Type type) {
  duckdb::Vector vector(EngineType(type), 1);
  VectorWriter(vector, type).Set(0, value);
  return vector.GetValue(0);
}

}  // namespace omen::colstore
