// Writes to files what nobody writes any more: a scan of what is buffered takes two to three times
// as long as one of files.
#pragma once

#include "rowstore/internal/commit/commit_queue.h"
#include "rowstore/internal/engine/engine.h"

namespace omen::rowstore {

/// One thread.
class QuietFlush {
 public:
  QuietFlush(const Engine* engine, const CommitQueue* commits)
      : engine_(*engine), commits_(*commits) {}

  /// Once in a while. Begins a flush where nothing was committed since the last look and there is
  /// enough for a file that is worth merging.
  Status Look();

 private:
  const Engine& engine_;
  const CommitQueue& commits_;
  CommitId seen_ = 0;
  bool begun_ = false;  // for the commits seen
};

}  // namespace omen::rowstore
