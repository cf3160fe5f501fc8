// Rows that come into a table by the thousand. The first are held back: when there turn out to be
// many, and the table is empty, they are built as new sorted files under a table lock; else they
// are inserted, some hundreds at a time.
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <vector>

#include "exec/write/load_order.h"
#include "exec/write/storage_fill.h"
#include "exec/write/storing_thread.h"
#include "exec/write/table_writer.h"

namespace omen::exec {

/// One thread.
class TableLoad {
 public:
  struct Options {
    /// The table may be locked, and built anew.
    bool may_fill = false;
    /// A thread of the load's own may write with the writer and its transaction, while the caller
    /// makes rows ready.
    bool may_work_beside = false;
  };
  /// Loads the writer's table; all outlive it.
  TableLoad(rowstore::RowStore* store, TableWriter* writer, StatementContext* context,
            const Options& options)
      : store_(store),
        writer_(writer),
        context_(context),
        may_work_beside_(options.may_work_beside),
        commenced_(!options.may_fill) {}

  /// Takes a row that passed TableWriter::CheckRow, and gives another to be used again. What goes
  /// wrong may be of a row from before: of the one after those that are stored.
  Status Take(Row* row);
  /// Stores what was taken, where it is known how. From then on the transaction is the caller's.
  Status Settle();
  /// No more come. On success all are written.
  Status Finish();
  /// Rows that went on to where they belong, once a call has failed: those before the one at fault.
  uint64_t stored() const { return stored_.load(std::memory_order_relaxed); }

 private:
  /// Sets bulk_ where the table is empty and ours alone.
  Status TryBulk();
  /// Passes the batch on and empties it.
  Status PassOn();
  void BeginThread();
  Status Settled(Status status);
  Status Fill(const std::vector<Row>& rows);
  /// Empties the rows, too.
  Status Store(std::vector<Row>* rows);

  rowstore::RowStore* const store_;
  TableWriter* const writer_;
  StatementContext* const context_;
  const bool may_work_beside_;
  std::vector<Row> batch_;  // the first size_ of them
  size_t size_ = 0, bytes_ = 0;
  bool commenced_;  // nothing is held back any more
  catalog::Table bulk_table_;
  std::unique_ptr<TableFill> bulk_;
  std::optional<LoadOrder> order_;  // while it is filled so
  std::atomic<uint64_t> stored_{0};
  std::unique_ptr<StoringThread> thread_;  // ends before all that it writes to
};

}  // namespace omen::exec
