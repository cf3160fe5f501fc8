// What was run: one bounded ring of recent statements, readable as omendb.query_history.
#pragma once

#include <cstdint>
#include <deque>
#include <mutex>
#include <string>
#include <vector>

namespace omen::obs {

struct QueryRecord {
  uint64_t id = 0;
  uint64_t session_id = 0;
  std::string user;
  std::string template_text;  // literals replaced; never a parameter's value
  std::string tag;
  std::string path;           // row, column, mixed, utility
  std::string reason;         // why the path was chosen
  int64_t started_micros = 0; // Unix epoch
  int64_t duration_us = 0;
  uint64_t rows = 0;
  uint64_t snapshot_commit = 0;
  uint64_t watermark = 0;
  std::string sqlstate;       // empty: succeeded
};

/// Bounded; the oldest fall out. Any thread.
class QueryHistory {
 public:
  explicit QueryHistory(size_t capacity) : capacity_(capacity) {}
  void Add(QueryRecord record);
  std::vector<QueryRecord> Recent() const;

 private:
  const size_t capacity_;
  mutable std::mutex mutex_;
  std::deque<QueryRecord> records_;
  uint64_t next_id_ = 1;
};

}  // namespace omen::obs
