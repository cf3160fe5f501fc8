// Rows of a result by columns, as a store has them: their fields are written as text or bytes
// without a Value for each, or read as Values.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "types/operations.h"
#include "types/type.h"
#include "types/value.h"

namespace omen {

/// A column of some rows. One thread. Its fields can be had: what may fail failed when it was made.
class FieldColumn {
 public:
  virtual ~FieldColumn() = default;
  /// Appends the field as AppendText of types/io.h does. False, and nothing, where it is null.
  virtual bool AppendText(size_t row, const TextStyle& style, std::string& out) const = 0;
  /// As AppendBinary does.
  virtual bool AppendBinary(size_t row, std::string& out) const = 0;
  virtual Value Get(size_t row) const = 0;
  /// Of all fields, what has no fixed size.
  virtual size_t payload_bytes() const { return 0; }
};

/// A column that has been read as values.
class ValueColumn final : public FieldColumn {
 public:
  ValueColumn(Type type, std::vector<Value> values) : type_(type), values_(std::move(values)) {}
  bool AppendText(size_t row, const TextStyle& style, std::string& out) const override;
  bool AppendBinary(size_t row, std::string& out) const override;
  Value Get(size_t row) const override { return values_[row]; }
  size_t payload_bytes() const override;

 private:
  const Type type_;
  const std::vector<Value> values_;
};

/// Keeps what its columns read. One thread.
class FieldRows {
 public:
  virtual ~FieldRows() = default;
  size_t size() const { return size_; }
  const std::vector<std::unique_ptr<FieldColumn>>& columns() const { return columns_; }
  size_t payload_bytes() const { return payload_bytes_; }

 protected:
  explicit FieldRows(size_t size) : size_(size) {}
  void Add(std::unique_ptr<FieldColumn> column) {
    payload_bytes_ += column->payload_bytes();
    columns_.push_back(std::move(column));
  }

 private:
  const size_t size_;
  std::vector<std::unique_ptr<FieldColumn>> columns_;
  size_t payload_bytes_ = 0;
};

/// Some of them, one after the other.
struct FieldRange {
  const FieldRows* rows = nullptr;
  size_t first = 0, end = 0;

  size_t size() const { return end - first; }
  bool empty() const { return first == end; }
};

/// Of a value, what has no fixed size.
size_t PayloadBytes(const Value& value, const TypeInfo& type);

/// Replaces what `out` holds; its rows keep their memory.
void ReadRows(const FieldRange& range, std::vector<Row>* out);

}  // namespace omen
