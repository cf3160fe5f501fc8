// Numbers of the engine's vectors as short decimals (types/number/short_decimal.h), without a
// Value for each.
#pragma once

#include "duckdb.hpp"
#include "types/number/short_decimal.h"

namespace omen::colstore {

/// Reads DECIMAL, integers, numeric's carrier, DOUBLE as its cast to numeric and VARCHAR as its
/// text; of any other vector no value is short. Made per chunk; the vector must outlive it.
class ShortReader {
 public:
  ShortReader(duckdb::Vector& vector, duckdb::idx_t count);
  bool IsNull(duckdb::idx_t row) const {
    return !format_.validity.RowIsValid(format_.sel->get_index(row));
  }
  /// False where the row's value, which is not null, is no short decimal.
  bool Get(duckdb::idx_t row, ShortDecimal* out) const {
    return load_(format_, format_.sel->get_index(row), scale_, out);
  }

 private:
  using Load = bool (*)(const duckdb::UnifiedVectorFormat&, duckdb::idx_t, int, ShortDecimal*);
  struct Loads;

  duckdb::UnifiedVectorFormat format_;
  int scale_ = 0;
  Load load_;
};

/// Writes short decimals into a flat vector of DECIMAL, integers, DOUBLE, VARCHAR or numeric's
/// carrier, rounded where the type has a scale.
class ShortWriter {
 public:
  explicit ShortWriter(duckdb::Vector& vector);
  /// False where the value does not fit; nothing is written then.
  bool Set(duckdb::idx_t row, const ShortDecimal& value) const { return store_(*this, row, value); }

 private:
  using Store = bool (*)(const ShortWriter&, duckdb::idx_t, const ShortDecimal&);
  struct Stores;

  /// Carriers share blocks of the vector's heap.
  void MakeRoom() const;

  duckdb::Vector& vector_;
  mutable char* next_ = nullptr;
  mutable int room_ = 0;
  uint8_t width_ = 0, scale_ = 0;
  Store store_;
};

}  // namespace omen::colstore
