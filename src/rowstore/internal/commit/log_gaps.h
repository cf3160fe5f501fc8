// Ends the replay of the log where a commit is missing. What was written and not yet synced when
// the machine lost its power is on the disk in any order, and RocksDB passes over pages that are
// not there; a later commit without an earlier one must not come back.
#pragma once

#include <rocksdb/wal_filter.h>

#include <map>
#include <string>

#include "rowstore/change.h"

namespace omen::rowstore {

/// The thread that opens the store.
class LogGaps final : public rocksdb::WalFilter {
 public:
  const char* Name() const override { return "OmenLogGaps"; }
  /// A replay begins.
  void ColumnFamilyLogNumberMap(const std::map<uint32_t, uint64_t>& logs,
                                const std::map<std::string, uint32_t>& ids) override;
  WalProcessingOption LogRecordFound(unsigned long long log, const std::string& name,
                                     const rocksdb::WriteBatch& batch,
                                     rocksdb::WriteBatch* new_batch, bool* changed) override;

 private:
  CommitId last_ = 0;  // of what was replayed; 0: none yet
};

}  // namespace omen::rowstore
