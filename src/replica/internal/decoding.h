// Row keys and row bytes as the rows that a colstore::TableBatch holds.
#pragma once

#include <string_view>

#include "base/result.h"
#include "replica/internal/table_set.h"
#include "rowstore/row_codec.h"

namespace omen::replica {

/// Of one table. One thread.
class BatchDecoder {
 public:
  explicit BatchDecoder(TablePtr table);

  /// A row of TableBatch::deletes.
  Result<Row> Key(std::string_view row_key) const;
  /// A row of TableBatch::inserts.
  Result<Row> Full(std::string_view row_key, std::string_view value) const;

 private:
  Value HiddenKey(std::string_view row_key) const;

  const TablePtr table_;
  const rowstore::RowDecoder decoder_;
  const bool hidden_key_;  // row id or raw key
};

}  // namespace omen::replica
