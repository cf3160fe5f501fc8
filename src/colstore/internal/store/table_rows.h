// Rows put into one table and taken out of it by their keys, in an open transaction and without a
// statement: to plan one takes longer than the few rows of most windows do.
#pragma once

#include <string>
#include <vector>

#include "colstore/internal/store/table_layout.h"
#include "duckdb.hpp"
#include "types/value.h"

namespace omen::colstore {

/// One thread: of the connection's. May throw, as all that touches the engine's tables may.
class TableRows {
 public:
  TableRows(duckdb::ClientContext& context, const std::string& table);

  /// Takes out those whose `keys` have the values of one of `rows`. One pass through the table,
  /// without what its statistics say has none of them.
  void Delete(const std::vector<StoredColumn>& keys, const std::vector<Row>& rows);
  void DeleteAll();
  /// `columns`: all of the table, in any order.
  void Append(const std::vector<StoredColumn>& columns, const std::vector<Row>& rows);
  void Append(duckdb::DataChunk& chunk);

 private:
  class Keys;
  using RowIds = std::vector<duckdb::row_t>;
  /// Of the rows that the transaction sees: those of `keys`, or all.
  RowIds Find(const std::vector<StoredColumn>& columns, Keys* keys);
  void Delete(RowIds rows);

  duckdb::ClientContext& context_;
  duckdb::TableCatalogEntry& table_;
};

}  // namespace omen::colstore
