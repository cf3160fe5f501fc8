// Writes windows into a column store: schema changes, copies of whole storage ids, rows.
#pragma once

#include <atomic>
#include <chrono>
#include <map>
#include <memory>
#include <set>

#include "colstore/colstore.h"
#include "replica/internal/window.h"
#include "rowstore/rowstore.h"

namespace omen::replica {

using ViewPtr = std::shared_ptr<rowstore::ReadView>;

/// What the columns hold now, between windows. A value.
struct Held {
  TableSet tables;                        // as of the watermark
  std::set<catalog::StorageId> columnar;  // tables that are in the file
  /// Tables to copy before the file can be called complete.
  std::set<catalog::StorageId> pending;
  /// Tables with a value that columns cannot hold: only rows answer for them.
  std::set<catalog::StorageId> excluded;
  rowstore::CommitId watermark = 0;
};

/// One thread.
class Applier {
 public:
  /// Copies give up with 57P01 when `stopping` becomes true.
  Applier(rowstore::RowStore* rows, const std::atomic<bool>* stopping)
      : rows_(rows), stopping_(stopping) {}

  /// Begins anew on a store that was just opened.
  void Attach(colstore::ColumnStore* store);

  /// Applies the window in one engine transaction and moves the watermark to `upto`. Tables
  /// that must be copied are copied from `view`, whose commit is `upto`; without a view they
  /// become pending. On failure the file is as before.
  Status Apply(const Window& window, rowstore::CommitId upto, const ViewPtr& view, Held* held);

  using TimePoint = std::chrono::steady_clock::time_point;

  /// What the file wants: nothing, Maintain once nothing is applied for a while, or at once.
  enum class Upkeep : uint8_t { kNone, kWhenIdle, kNow };
  Upkeep Wanted(const Held& held) const;
  /// Before this readers did not let it, and it is not worth another try.
  TimePoint upkeep_not_before() const { return upkeep_not_before_; }
  /// Rewrites tables that are mostly dead rows and shortens the engine's log, unless readers do
  /// not let it: then it is to be tried again later.
  Status Maintain(const Held& held);
  Status Checkpoint();

 private:
  /// What a failure means for the table it was about.
  enum class Remedy { kNone, kRecopy, kExclude };
  struct Outcome {
    Status status;
    Remedy remedy = Remedy::kNone;
    catalog::StorageId storage = 0;
    bool ok() const { return status.ok(); }
  };

  Outcome TryApply(const Window& window, rowstore::CommitId upto, const ViewPtr& view, Held* held);
  Outcome ChangeTables(const Window& window, Held* held);
  Outcome ChangeRows(const Window& window, const Held& held);
  Outcome CopyPending(const ViewPtr& view, Held* held);
  Status ApplyChanges(const TablePtr& table, const StorageChanges& changes);
  /// Leaves it empty.
  Status ApplyBatch(colstore::TableBatch* batch, size_t* bytes);
  Status Copy(const TablePtr& table, const ViewPtr& view);
  /// The remedy for a failed step on one table; none for what is no table's fault.
  Outcome Judge(Status status, catalog::StorageId storage, Remedy remedy) const;
  Status Commit(rowstore::CommitId commit);
  Status EnsureWriter();
  bool MostlyDead(catalog::StorageId storage, uint64_t dead, const Held& held) const;
  Status Rewrite(catalog::StorageId storage, rowstore::CommitId watermark);

  rowstore::RowStore* rows_;
  const std::atomic<bool>* stopping_;
  colstore::ColumnStore* store_ = nullptr;
  std::unique_ptr<colstore::Writer> writer_;
  std::map<catalog::StorageId, uint64_t> dead_;  // rows deleted since the last rewrite
  uint64_t rows_since_checkpoint_ = 0, bytes_since_checkpoint_ = 0;
  bool schema_since_checkpoint_ = false;
  TimePoint upkeep_not_before_{};
  std::chrono::seconds postponed_{0};
};

}  // namespace omen::replica
