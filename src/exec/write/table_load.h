// Rows that come into a table by the thousand. The first are held back: when there turn out to be
// many, and the table is empty, they are built as new sorted files under a table lock; else they
// are ordinary inserts.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "exec/write/load_order.h"
#include "exec/write/storage_fill.h"
#include "exec/write/table_writer.h"

namespace omen::exec {

/// One thread.
class TableLoad {
 public:
  /// Loads the writer's table; all outlive it.
  TableLoad(rowstore::RowStore* store, TableWriter* writer, StatementContext* context)
      : store_(store), writer_(writer), context_(context) {}

  /// Takes a row that passed TableWriter::CheckRow, and is not used after. What goes wrong may be
  /// of a row from before: of the one after those that are stored.
  Status Take(Row* row);
  /// No more come. On success all are written.
  Status Finish();
  /// Rows that went on to where they belong.
  uint64_t stored() const { return stored_; }
  /// What Take was given is not held back any more.
  bool commenced() const { return commenced_; }

 private:
  /// Past the held rows: stores them.
  Status Commence();
  /// Sets bulk_ where the table is empty and ours alone.
  Status TryBulk();
  Status Store(const Row& row);

  rowstore::RowStore* const store_;
  TableWriter* const writer_;
  StatementContext* const context_;
  std::vector<Row> held_;
  size_t held_bytes_ = 0;
  bool commenced_ = false;
  catalog::Table bulk_table_;
  std::unique_ptr<TableFill> bulk_;
  std::optional<LoadOrder> order_;  // while it is filled so
  uint64_t stored_ = 0;
};

}  // namespace omen::exec
