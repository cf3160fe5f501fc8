// What one statement's run has shown, told once, when it has ended, to whoever learns from it.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace omen::obs {

/// `Text` is std::string where it is kept, std::string_view where it is told.
template <typename Text>
struct QueryRun {
  uint64_t id = 0;
  uint64_t session_id = 0;
  uint64_t template_id = 0;  // sql::StatementTraits
  Text user;
  Text template_text;  // literals replaced; never a parameter's value
  Text tag;
  Text path;                  // row, column, mixed, utility
  Text reason;                // why the path was chosen
  bool asked_router = false;  // false: nothing else could win, or the session forced the path
  double estimated_rows = 0;  // that the row path would read; 0: not estimated
  double estimated_us = 0;
  int64_t started_micros = 0;  // Unix epoch
  int64_t duration_us = 0;
  int64_t cpu_us = 0;     // of the session's thread; for brief statements their duration
  int64_t waited_us = 0;  // for columns as fresh as was asked
  uint64_t rows = 0;
  uint64_t rows_read = 0;  // from storage; on columns: that the engine's scans gave
  uint64_t bytes = 0;      // of text, bytea and arrays in the rows returned
  int64_t engine_us = 0;   // of the column engine's operators on all threads
  // Of the row store by the session's thread: blocks found in the cache, and read for want of it.
  uint64_t blocks_cached = 0, blocks_read = 0;
  uint64_t snapshot_commit = 0;
  uint64_t watermark = 0;
  Text sqlstate;  // empty: succeeded
};
using QueryRecord = QueryRun<std::string>;

/// Rows of a part of the statement's plan that has an identity of its own (sql::PlanPart).
struct PartRun {
  uint64_t part_id = 0;
  double estimated_rows = 0;  // 0: not estimated
  double rows = 0;            // counted whole
};

struct Outcome : QueryRun<std::string_view> {
  std::span<const PartRun> parts;
};

/// Any thread. Called on the statement's own, between two clients' statements: it may neither
/// wait nor fail.
class OutcomeListener {
 public:
  virtual ~OutcomeListener() = default;
  virtual void OnOutcome(const Outcome& outcome) = 0;
};

}  // namespace omen::obs
