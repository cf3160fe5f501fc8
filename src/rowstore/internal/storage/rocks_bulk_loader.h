// Fills a storage id with sorted table files that RocksDB then takes over.
//
// While keys come in ascending order they go straight into table files. From the first one
// that does not, entries gather in a buffer that is sorted and written out as a table file
// (a run) whenever it is full; Finish merges the runs unless none overlap.
#pragma once

#include <rocksdb/sst_file_writer.h>

#include <memory>
#include <string>
#include <vector>

#include "rowstore/internal/engine/engine.h"
#include "rowstore/rowstore.h"

namespace omen::rowstore {

/// One thread. Destroying it removes what it wrote and did not hand over.
class RocksBulkLoader final : public BulkLoader {
 public:
  RocksBulkLoader(std::shared_ptr<Engine> engine, catalog::StorageId storage, size_t buffer_bytes);
  ~RocksBulkLoader() override;

  Status Add(std::string_view key, std::string_view value) override;
  Status Finish(std::string* duplicate) override;

 private:
  /// A sorted table file on disk.
  struct Run {
    std::string path;
    std::string first, last;
  };
  /// An entry in the buffer: key and value lie one behind the other.
  struct Entry {
    size_t offset;
    uint32_t key_size, value_size;
  };
  class Merge;

  std::string_view KeyOf(const Entry& entry) const;
  std::string_view ValueOf(const Entry& entry) const;
  /// Appends to the open file, beginning or rotating it as needed.
  Status Write(std::string_view key, std::string_view value);
  Status CloseFile();
  Status Spill();
  Status MergeRuns();
  bool RunsAreDisjoint();
  Status Ingest();
  void RememberDuplicate(std::string_view key);

  const std::shared_ptr<Engine> engine_;
  const catalog::StorageId storage_;
  const size_t buffer_bytes_;
  std::unique_ptr<rocksdb::SstFileWriter> writer_;
  Run open_;
  std::vector<Run> runs_;
  int files_ = 0;
  bool ascending_ = true;  // every key so far went straight into files
  std::string buffer_;
  std::vector<Entry> entries_;
  std::string duplicate_;  // the first one seen
};

}  // namespace omen::rowstore
