// What was run: one bounded ring of recent statements, readable as omendb.query_history.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace omen::obs {

/// One statement's run. `Text` is std::string where it is kept, std::string_view where it is told.
template <typename Text>
struct QueryRun {
  uint64_t id = 0;
  uint64_t session_id = 0;
  Text user;
  Text template_text;  // literals replaced; never a parameter's value
  Text tag;
  Text path;                   // row, column, mixed, utility
  Text reason;                 // why the path was chosen
  int64_t started_micros = 0;  // Unix epoch
  int64_t duration_us = 0;
  uint64_t rows = 0;
  uint64_t snapshot_commit = 0;
  uint64_t watermark = 0;
  Text sqlstate;  // empty: succeeded
};
using QueryEvent = QueryRun<std::string_view>;
using QueryRecord = QueryRun<std::string>;

/// Bounded; the oldest fall out. Any thread; adding costs neither memory nor a lock that others
/// hold, once the ring has been filled.
class QueryHistory {
 public:
  explicit QueryHistory(size_t capacity);
  void Add(const QueryEvent& event);
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
