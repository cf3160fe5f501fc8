// Sorted table files, outside the engine until it takes them over.
#pragma once

#include <rocksdb/sst_file_writer.h>

#include <iterator>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rowstore/internal/engine/engine.h"

namespace omen::rowstore {

/// One thread at a time. Destroying it removes the files that were not given away.
class RunWriter {
 public:
  /// A sorted table file on disk.
  struct Run {
    std::string path;
    std::string first, last;
  };

  RunWriter(std::shared_ptr<Engine> engine, catalog::StorageId storage)
      : engine_(std::move(engine)), storage_(storage) {}
  ~RunWriter();
  RunWriter(const RunWriter&) = delete;
  RunWriter& operator=(const RunWriter&) = delete;

  /// Appends to the open file, beginning or ending it as needed. Keys rise within a file.
  Status Write(std::string_view key, std::string_view value);
  /// Ends the open file.
  Status Close();
  /// The greatest key of the last file; empty where there is none.
  std::string_view last_key() const;
  const std::vector<Run>& runs() const { return runs_; }
  /// In the order of their first keys: does each begin where the one before has ended?
  bool SortDisjoint();
  /// These files, too, are its own from now on.
  void Adopt(std::vector<Run> runs) {
    runs_.insert(runs_.end(), std::make_move_iterator(runs.begin()),
                 std::make_move_iterator(runs.end()));
  }
  /// The files from now on are the caller's.
  std::vector<Run> TakeRuns() { return std::exchange(runs_, {}); }

 private:
  const std::shared_ptr<Engine> engine_;
  const catalog::StorageId storage_;
  std::unique_ptr<rocksdb::SstFileWriter> writer_;
  Run open_;
  std::vector<Run> runs_;
};

}  // namespace omen::rowstore
