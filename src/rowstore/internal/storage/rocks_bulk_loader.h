// Fills a storage id with sorted table files that RocksDB then takes over.
//
// Entries gather in chunks. A chunk that is full goes to a thread that sorts and writes while the
// next one is filled. As long as keys come in ascending order chunks go straight into table files;
// from the first one that does not they are kept in memory, and merged into a file (a run)
// whenever they are many. Finish merges the runs unless none overlap.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "base/wait.h"
#include "rowstore/internal/storage/entry_chunk.h"
#include "rowstore/internal/storage/run_writer.h"
#include "rowstore/rowstore.h"

namespace omen::rowstore {

/// One thread. Destroying it removes what it wrote and did not hand over.
class RocksBulkLoader final : public BulkLoader {
 public:
  /// In memory are at most so many bytes of chunks and three chunks more, each a part of it.
  RocksBulkLoader(std::shared_ptr<Engine> engine, catalog::StorageId storage, size_t buffer_bytes);
  ~RocksBulkLoader() override;

  Status Add(std::string_view key, std::string_view value) override;
  void Seal() override;
  Status Finish(std::string* duplicate) override;

 private:
  using ChunkPtr = std::unique_ptr<EntryChunk>;

  void PassOn();
  void Serve();
  /// The next chunk; null when there will be none, or none is wanted.
  ChunkPtr AwaitChunk();
  bool abandoned() const;

  // By the loader's thread, once there is one.
  Status Absorb(ChunkPtr chunk);
  Status WriteAll(const EntryChunk& chunk);
  Status Spill();
  Status SpillInHalves();
  /// Of the keys that are kept: all, those before `middle`, or the others.
  enum class KeyPart : uint8_t { kAll, kLower, kUpper };
  Status SpillPart(KeyPart part, std::string_view middle, RunWriter* writer,
                   std::string* duplicate) const;
  Status MergeRuns();
  Status Complete();

  const std::shared_ptr<Engine> engine_;
  const size_t buffer_bytes_, chunk_bytes_;
  const catalog::StorageId storage_;
  ChunkPtr chunk_;  // that is being filled
  bool sealed_ = false;

  mutable std::mutex mutex_;  // guards the next three
  Condition moved_;
  ChunkPtr waiting_;
  bool ending_ = false, abandoned_ = false;

  // Of the thread, while there is one.
  Status result_;
  RunWriter writer_;
  bool straight_ = true;  // every chunk so far went straight into files
  std::vector<ChunkPtr> kept_;
  size_t kept_bytes_ = 0;
  std::string duplicate_;  // the first one seen

  std::thread thread_;  // since the first full chunk
};

}  // namespace omen::rowstore
