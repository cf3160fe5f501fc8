// Rows as bytes.
//
//   byte 0        format (1, or 2)
//   varint        format 2: the row's incarnation
//   varint        schema version the row was written under
//   varint        number of columns present (attnum 1..n; later ones read as missing_value)
//   n bits        null bitmap, 1 = null
//   per non-null column: integers, dates, times as zigzag varints; float 8 bytes; interval 16;
//   uuid 16; numeric, text, bytea, json as varint length + bytes; arrays as varint length +
//   element oid, lower bound, count, elements with their own null marks
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "catalog/schema.h"
#include "rowstore/value_form.h"
#include "types/value.h"

namespace omen::rowstore {

/// `row` has one value per attnum (dropped columns: null). `incarnation` tells a row from one
/// that had its key before and was deleted: inserting gives a higher one, updates keep it.
void EncodeRow(const catalog::Table& table, const Row& row, std::string& out,
               uint64_t incarnation = 0);
/// 0 for rows of format 1.
uint64_t IncarnationOf(std::string_view bytes);

/// Reads chosen columns of rows of one table; made once per plan. Any thread once built.
class RowDecoder {
 public:
  /// All columns by attnum when `attnums` is empty. The i-th of them goes to places[i], or to i.
  RowDecoder(const catalog::Table& table, std::span<const int> attnums,
             std::span<const int> places = {});
  /// Fills the places of `out` with the columns. XX001 on damage. The values of a large row are
  /// charged to the statement that this thread runs (53200).
  Status Decode(std::string_view bytes, Value* out) const;
  /// The same where columns go to places 0 and on: makes room for them.
  Status Decode(std::string_view bytes, Row* out) const {
    out->resize(outputs_);
    return Decode(bytes, out->data());
  }

 private:
  struct Step {
    Form form;
    bool dropped;
    int output;  // -1: skip
    Value missing;
  };
  Status DecodeColumns(std::string_view bytes, Value* out) const;

  std::vector<Step> steps_;                  // columns 1.. up to the last one wanted
  std::vector<std::pair<int, int>> copies_;  // outputs that repeat an earlier one
  size_t outputs_;
};

}  // namespace omen::rowstore
