// Keeps the column store equal to the row store as of its watermark. Commits never wait
// for it: it listens through a bounded queue, falls back to the change log when the queue
// overflowed, and to a copy from a view when the log no longer reaches back.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/cancel.h"
#include "base/result.h"
#include "catalog/catalog.h"
#include "colstore/colstore.h"
#include "jobs/runner.h"
#include "rowstore/rowstore.h"

namespace omen::replica {

struct Options {
  colstore::Options colstore;
  size_t queue_bytes = 64u << 20;
  // Changes gather when nobody waits for them: at least this long,
  std::chrono::milliseconds batch_delay{20};
  // longer while applying would take more than this share of a core, since a window's cost is
  // mostly the same however many commits are coalesced in it,
  double apply_share = 0.05;
  // and at most this long.
  std::chrono::milliseconds batch_delay_max{200};
  int pins_max = 64;
  jobs::Runner* jobs = nullptr;  // for the upkeep of the file; null: at Stop alone
};

struct State {
  rowstore::CommitId watermark = 0;
  rowstore::CommitId last_commit = 0;
  uint64_t queued_commits = 0;
  uint64_t queued_bytes = 0;
  uint64_t applied_commits = 0;
  uint64_t applied_batches = 0;
  uint64_t rebuilds = 0;
  int64_t lag_ms = 0;
  std::string phase;  // "following", "catching up", "copying", "rebuilding", "failed"
  std::string last_error;
};

/// A column-store read transaction that sees exactly the commits up to `commit_id`,
/// together with the row view of the same id. Destroy to release.
struct Pin {
  rowstore::CommitId commit_id = 0;
  std::shared_ptr<rowstore::ReadView> view;
  std::unique_ptr<colstore::Reader> reader;  // its transaction is open
};

/// Any thread.
class Replica final : public rowstore::CommitObserver {
 public:
  /// Opens (or rebuilds) the column store. `catalog` gives the published catalogue.
  static Result<std::unique_ptr<Replica>> Start(const Options& options, rowstore::RowStore* rows,
                                                catalog::Catalog* catalog);
  ~Replica() override;
  /// Applies what is queued up to a short limit, checkpoints, and stops the thread.
  /// Readers and pins must be gone.
  void Stop();

  void OnCommit(const std::shared_ptr<const rowstore::CommitRecord>& record) override;

  rowstore::CommitId watermark() const;
  /// Waits until watermark >= commit (asking for it to be applied now). 57014 when cancelled,
  /// 55000 when the replica has failed.
  Status WaitFor(rowstore::CommitId commit, const CancelToken* cancel);
  /// A reader over watermark >= at_least, its transaction open.
  Result<std::unique_ptr<colstore::Reader>> OpenReader(rowstore::CommitId at_least,
                                                       const CancelToken* cancel,
                                                       rowstore::CommitId* seen);
  /// Holds apply back, calls `take_view` (which takes a row view of the present), applies exactly
  /// up to that view's commit, opens a reader there and lets apply go on. 55000 when too many
  /// pins are held or the replica is not following.
  Result<Pin> PinAt(const std::function<std::shared_ptr<rowstore::ReadView>()>& take_view,
                    const CancelToken* cancel);
  /// True when the columns of this storage id exist as of the watermark (in this version of
  /// its layout, unless 0 is asked for).
  bool Has(catalog::StorageId storage, uint32_t schema_version = 0) const;
  State state() const;
  /// The file in use; a rebuild replaces it.
  std::shared_ptr<colstore::ColumnStore> columns() const;

 private:
  void KeepFile(jobs::Runner* runner);

  struct Impl;
  explicit Replica(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace omen::replica
