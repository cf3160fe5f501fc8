// Writes to files what nobody writes any more: a scan of what is buffered takes two to three times
// as long as one of files.
#pragma once

#include "rowstore/internal/engine/engine.h"

namespace omen::rowstore {

/// One thread.
class QuietFlush {
 public:
  /// `merged_bytes_a_look`: that flushes may cause to be merged, for each look.
  explicit QuietFlush(const Engine* engine, uint64_t merged_bytes_a_look = 4u << 20)
      : engine_(*engine), merged_bytes_a_look_(merged_bytes_a_look) {}

  /// About once a second. Begins a flush where nothing was committed since the last look and there
  /// is enough for a file that is worth merging; seldom where merges rewrite much.
  Status Look(CommitId last_commit);

 private:
  const Engine& engine_;
  const uint64_t merged_bytes_a_look_;
  CommitId seen_ = 0;
  bool begun_ = false;  // for the commits seen
  uint64_t rest_ = 0;   // looks before there may be another
};

}  // namespace omen::rowstore
