// What reads share in one server: sizes of tables, the router, and which result is being
// read from a pinned engine connection.
#pragma once

#include <map>
#include <memory>
#include <mutex>

#include "exec/database.h"
#include "exec/storage_ages.h"
#include "exec/table_statistics.h"
#include "replica/replica.h"
#include "router/router.h"

namespace omen::exec {

class EngineCursor;

/// An engine connection has one open result. A transaction's pin is shared by its portals, so
/// the result that is open on it must be moved out of the way before the next begins. Any thread.
class PinnedResults {
 public:
  /// Detaches what `cursor`'s predecessor on this pin has left.
  Status Begin(const replica::Pin* pin, EngineCursor* cursor);
  void End(const replica::Pin* pin, const EngineCursor* cursor);

 private:
  std::mutex mutex_;
  std::map<const replica::Pin*, EngineCursor*> open_;
};

/// Any thread.
class ReadServices {
 public:
  explicit ReadServices(const DatabaseParts& parts)
      : statistics(parts.rows, parts.clock),
        router(std::make_unique<router::RuleRouter>()),
        ages(*parts.catalog->Current()) {}

  TableStatistics statistics;
  const std::unique_ptr<const router::Router> router;
  PinnedResults pinned;
  StorageAges ages;
  HiddenIndexes hidden;
};

}  // namespace omen::exec
