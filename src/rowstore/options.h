// How a row store is opened.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>

#include "base/clock.h"
#include "jobs/runner.h"

namespace omen::rowstore {

struct Options {
  std::string path;
  size_t block_cache_bytes = 256u << 20;
  size_t row_cache_bytes = 64u << 20;    // of rows that were looked up; 0: none
  size_t range_cache_bytes = 64u << 20;  // of ranges that were walked over; 0: none
  size_t write_buffer_bytes = 64u << 20;
  size_t wal_keep_bytes = 512u << 20;  // how far back the change log reaches
  bool sync = true;
  /// After this commits that were not synced are; the machine's loss of power takes at most those
  /// of three times as long.
  std::chrono::milliseconds sync_delay{200};
  /// Opens even though the log ends before the last recorded commit (rows are missing).
  bool accept_lost_commits = false;
  /// Rows were here before: a folder without them is refused, not filled anew.
  bool must_exist = false;
  size_t transaction_bytes_max = 1u << 30;           // 54000 beyond
  std::chrono::milliseconds deadlock_timeout{1000};  // a wait this long is looked at
  const Clock* clock = nullptr;
  /// Keeps the store's house; null: freed storage is kept and marks are written at Close alone.
  jobs::Runner* jobs = nullptr;
};

}  // namespace omen::rowstore
