// Reads commits back from RocksDB's log.
#pragma once

#include <functional>
#include <memory>

#include "rowstore/internal/commit/commit_queue.h"
#include "rowstore/internal/engine/engine.h"

namespace omen::rowstore {

/// Any thread; each call reads on its own.
class ChangeLog {
 public:
  using Consume = std::function<Status(const std::shared_ptr<const CommitRecord>&)>;

  ChangeLog(std::shared_ptr<Engine> engine, const CommitQueue* commits)
      : engine_(std::move(engine)), commits_(commits) {}

  /// See RowStore::ReadChanges.
  Result<bool> Read(CommitId after, CommitId last, const Consume& consume) const;
  /// Deletes the oldest archived logs beyond the bytes to keep. RocksDB does it every ten
  /// minutes only.
  void Trim() const;

 private:
  /// Where commit `first` begins or somewhat before; 0 when the log does not reach back.
  Result<rocksdb::SequenceNumber> FindStart(CommitId first) const;
  /// Consumes from `start` what follows `*done` up to `last`; advances `*done`.
  Status ReadFrom(rocksdb::SequenceNumber start, CommitId last, const Consume& consume,
                  CommitId* done) const;

  const std::shared_ptr<Engine> engine_;
  const CommitQueue* const commits_;
};

}  // namespace omen::rowstore
