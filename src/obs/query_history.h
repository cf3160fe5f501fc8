// What was run: one bounded ring of recent statements, readable as omendb.query_history.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "obs/outcome.h"

namespace omen::obs {

/// Bounded; the oldest fall out. Any thread; adding costs neither memory nor a lock that others
/// hold, once the ring has been filled.
class QueryHistory final : public OutcomeListener {
 public:
  explicit QueryHistory(size_t capacity);
  void OnOutcome(const Outcome& outcome) override;
  /// In the order they were added.
  std::vector<QueryRecord> Recent() const;

 private:
  struct Slot {
    mutable std::mutex mutex;
    QueryRecord record;  // id 0: empty. Its strings' memory is used again.
  };
  const size_t capacity_;
  std::unique_ptr<Slot[]> slots_;
  std::atomic<uint64_t> added_{0};
};

}  // namespace omen::obs
