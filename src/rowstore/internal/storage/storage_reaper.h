// Frees storage ids once no living view can need them.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "rowstore/internal/cache/range_cache.h"
#include "rowstore/internal/commit/commit_queue.h"
#include "rowstore/internal/counter/counters.h"
#include "rowstore/internal/engine/engine.h"
#include "rowstore/internal/view/view_set.h"

namespace omen::rowstore {

/// Drop from any thread; the rest by one thread at a time.
class StorageReaper {
 public:
  StorageReaper(std::shared_ptr<Engine> engine, ViewSet* views, CommitQueue* commits,
                Counters* counters, RangeCache* cache)
      : engine_(std::move(engine)),
        views_(views),
        commits_(commits),
        counters_(counters),
        cache_(cache) {}

  void Drop(catalog::StorageId storage);
  /// Frees what is ready. Cheap when nothing waits.
  void Reap();
  Status DropOrphans(const std::vector<catalog::StorageId>& live);
  /// After commits were lost the catalogue may be older than the rows: what it does not name is
  /// kept, in later starts too, and its numbers are not given out again.
  Status KeepOrphans(const std::vector<catalog::StorageId>& live);

 private:
  struct Pending {
    catalog::StorageId storage;
    uint64_t generation;  // views up to this one may need it
  };

  std::vector<catalog::StorageId> TakeReady();
  Result<std::vector<catalog::StorageId>> FindOrphans(const std::vector<catalog::StorageId>& live);
  Status Free(catalog::StorageId storage);
  Result<bool> FreeFewKeys(const std::string& lower, const std::string& upper);

  const std::shared_ptr<Engine> engine_;
  ViewSet* const views_;
  CommitQueue* const commits_;
  Counters* const counters_;
  RangeCache* const cache_;
  std::mutex mutex_;
  std::vector<Pending> pending_;
};

}  // namespace omen::rowstore
