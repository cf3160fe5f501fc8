// Takes statistics of tables: from their columns where the engine has them, in one pass and a
// sample, else from a walk over their rows. ANALYZE asks for it, and a spare job that looks for
// what was never taken or has changed. What follows changes is looked at by a job that is due,
// since clients' next statements are planned by it; it is brief, and rests long after it.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "base/cancel.h"
#include "exec/template/templates.h"
#include "jobs/runner.h"
#include "replica/replica.h"
#include "rowstore/rowstore.h"
#include "statistics/statistics.h"

namespace omen::exec {

/// What gathering works on; outlives it.
struct GatherServices {
  rowstore::RowStore* rows = nullptr;
  replica::Replica* replica = nullptr;  // null: there are no columns
  catalog::Catalog* catalog = nullptr;
  const Templates* templates = nullptr;  // say which columns are filtered together
  statistics::Statistics* statistics = nullptr;
  const Clock* clock = nullptr;
};

/// Any thread.
class Gatherer {
 public:
  /// `seed`: of the samples.
  Gatherer(const GatherServices& services, uint64_t seed) : services_(services), seed_(seed) {}

  struct Asked {
    std::span<const int> attnums;  // empty: all columns
    bool by_command = false;
    CancelToken* cancel = nullptr;
  };
  /// Of the table as it is committed; one that is not, or gone, is left as it is. Holds a snapshot
  /// until it has read it, so it does not rest: whoever has a budget rests before.
  Status Take(std::shared_ptr<const catalog::Table> table, const Asked& asked);

  /// The background's part, each by one job: tables that need it are taken;
  Status TakeNeedy(jobs::JobRun* run);
  /// what has changed is followed, and all is kept.
  Status FollowChanges(jobs::JobRun* run);

 private:
  using TablePtr = std::shared_ptr<const catalog::Table>;
  struct Pass;

  enum class Through : uint8_t { kColumns, kRows };
  Status TakeThrough(const catalog::Table& table, const Asked& asked, Through through);
  Status TakePass(const catalog::Table& table, const Asked& asked, Through through,
                  statistics::Statistics::Taking* taking, Pass* pass);
  bool HasColumns(const catalog::Table& table) const;
  TablePtr TableOf(catalog::StorageId storage);
  void Follow(const catalog::Table& table);
  Status TakeOne(catalog::StorageId storage, jobs::JobRun* run, std::span<const int> attnums = {});
  Status TakeWantedPairs(jobs::JobRun* run);
  Status TakeNewColumns(jobs::JobRun* run);

  const GatherServices services_;
  const uint64_t seed_;
  std::atomic<uint32_t> takings_{0};
  int64_t looked_for_pairs_nanos_ = 0;               // by the one job
  int64_t follow_again_nanos_ = 0, kept_nanos_ = 0;  // by the other
};

}  // namespace omen::exec
