// PostgreSQL values out of the engine's vectors and into them.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "duckdb.hpp"
#include "types/type.h"
#include "types/value.h"

namespace omen::colstore {

/// The engine's type for a PostgreSQL type: what ColumnStoreType spells.
duckdb::LogicalType EngineType(Type type);

/// Reads a vector as Values of one PostgreSQL type. Made per chunk; the vector must outlive it.
/// Throws to the engine (or into GuardEngine) what does not fit, and XX000 for a vector that
/// cannot hold the type at all.
class VectorReader {
 public:
  VectorReader(duckdb::Vector& vector, duckdb::idx_t count, Type type);
  Value Get(duckdb::idx_t row) const {
    const auto index = format_.sel->get_index(row);
    if (!format_.validity.RowIsValid(index)) return Value();
    return load_(*this, index);
  }
  bool IsNull(duckdb::idx_t row) const {
    return !format_.validity.RowIsValid(format_.sel->get_index(row));
  }
  /// The values of `count` of the `rows`, from the first-th of them, to every step-th of `out`.
  void GetSome(const duckdb::SelectionVector& rows, duckdb::idx_t first, duckdb::idx_t count,
               Value* out, size_t step) const {
    load_some_(*this, rows, first, count, out, step);
  }

 private:
  using Load = Value (*)(const VectorReader&, duckdb::idx_t);
  using LoadSome = void (*)(const VectorReader&, const duckdb::SelectionVector&, duckdb::idx_t,
                            duckdb::idx_t, Value*, size_t);
  struct Loader {
    Load one = nullptr;
    LoadSome some = nullptr;
  };
  struct Loads;

  duckdb::UnifiedVectorFormat format_;
  Type type_;
  uint8_t scale_ = 0;
  Load load_;
  LoadSome load_some_;
  std::unique_ptr<VectorReader> child_;
};

/// Writes Values of one PostgreSQL type into a flat vector of EngineType(type). A value that
/// the engine's type cannot hold (numeric NaN in a DECIMAL, a timestamp beyond its range, an
/// array with another lower bound) throws 0A000.
class VectorWriter {
 public:
  VectorWriter(duckdb::Vector& vector, Type type);
  void Set(duckdb::idx_t row, const Value& value) const {
    if (value.is_null()) {
      duckdb::FlatVector::SetNull(vector_, row, true);
    } else {
      store_(*this, row, value);
    }
  }
  /// To the rows from `first` on.
  void SetSome(duckdb::idx_t first, std::span<const Value> values) const {
    store_some_(*this, first, values);
  }

 private:
  using Store = void (*)(const VectorWriter&, duckdb::idx_t, const Value&);
  using StoreSome = void (*)(const VectorWriter&, duckdb::idx_t, std::span<const Value>);
  struct Storer {
    Store one;
    StoreSome some;
  };
  struct Stores;

  duckdb::Vector& vector_;
  Type type_;
  uint8_t width_ = 0, scale_ = 0;
  Store store_;
  StoreSome store_some_;
};

/// Rows of `readers.size()` values.
void ReadRow(const std::vector<VectorReader>& readers, duckdb::idx_t row, Value* out);

/// One value as an engine constant of EngineType(type), for parameters and defaults.
duckdb::Value EngineConstant(const Value& value, Type type);

}  // namespace omen::colstore
