// What a commit looks like in RocksDB's log, and back.
//
// One write batch holds a group of commits: for each, its puts and deletes followed by one
// LogData record, then last_commit. The LogData record says what RocksDB's own records do
// not:
//   byte 0    format (1)
//   varint    commit id
//   varint    epoch
//   varint    number of storage ids filled from outside the log, each a varint
//   varint    number of operations on rows, then one ChangeKind byte each, in batch order
// Batches without LogData (counters, sequences, freed storage) are not commits.
#pragma once

#include <rocksdb/write_batch.h>

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "rowstore/change.h"

namespace omen::rowstore {

struct CommitHeader {
  CommitId id = 0;
  uint64_t epoch = 0;
  std::vector<catalog::StorageId> filled;
  std::string_view kinds;
};

void AppendCommitHeader(CommitId id, uint64_t epoch, std::span<const catalog::StorageId> filled,
                        std::string_view kinds, std::string* out);
/// False on damage. The result points into `bytes`.
bool ParseCommitHeader(std::string_view bytes, CommitHeader* header);

/// The commits of one batch, in order; XX001 when it does not hold together. `catalog` false
/// leaves CommitRecord::catalog empty, `entries` false its entries. Records keep `batch` alive and
/// point into it.
Result<std::vector<std::shared_ptr<CommitRecord>>> RecordsOf(
    std::shared_ptr<const rocksdb::WriteBatch> batch, bool with_catalog, bool with_entries);

/// The ids of the first and the last commit in the batch, 0 when it has none.
struct CommitRange {
  CommitId first = 0, last = 0;
};
CommitRange CommitsOf(const rocksdb::WriteBatch& batch);
/// The first alone, for less.
CommitId FirstCommitOf(const rocksdb::WriteBatch& batch);

}  // namespace omen::rowstore
