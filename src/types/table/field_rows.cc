// Fields that are values already, and rows of values.
#include "types/field_rows.h"

#include "types/io.h"

namespace omen {

bool ValueColumn::AppendText(size_t row, const TextStyle& style, std::string& out) const {
  if (values_[row].is_null()) return false;
  omen::AppendText(type_, values_[row], style, out);
  return true;
}

bool ValueColumn::AppendBinary(size_t row, std::string& out) const {
  if (values_[row].is_null()) return false;
  omen::AppendBinary(type_, values_[row], out);
  return true;
}

size_t ValueColumn::payload_bytes() const {
  size_t bytes = 0;
  const TypeInfo& info = InfoOf(type_.oid);
  for (const Value& value : values_) bytes += PayloadBytes(value, info);
  return bytes;
}

size_t PayloadBytes(const Value& value, const TypeInfo& type) {
  if (value.is_null()) return 0;
  if (type.carrier == Carrier::kBytes) return value.AsBytes().size();
  if (type.carrier == Carrier::kArray) return value.AsArray().elements.size() * sizeof(Value);
  return 0;
}

void ReadRows(const FieldRange& range, std::vector<Row>* out) {
  out->resize(range.size());
  const auto& columns = range.rows->columns();
  for (size_t i = 0; i < range.size(); ++i) {
    Row& row = (*out)[i];
    row.resize(columns.size());
    for (size_t c = 0; c < columns.size(); ++c) row[c] = columns[c]->Get(range.first + i);
  }
}

}  // namespace omen
