// The one door to RocksDB's log. A full disk is refused a little early where it can be
// seen coming; where it was not, writing stops until Resume has begun a new log file.
// Resume does that only if there is something to flush, so something always is.
#pragma once

#include <rocksdb/db.h>

#include <atomic>
#include <mutex>
#include <shared_mutex>
#include <string>

#include "base/result.h"
#include "rowstore/internal/engine/disk_space.h"
#include "rowstore/internal/engine/guarded_files.h"

namespace omen::rowstore {

/// Any thread.
class LogWriter {
 public:
  LogWriter(rocksdb::DB* db, rocksdb::ColumnFamilyHandle* meta, const std::string& path,
            LogHealth* health)
      : db_(db), meta_(meta), health_(health), disk_(path) {}

  /// 53100 when the disk is full: then nothing was written. `frees` is for what gives space
  /// back. Any other failure stops the process.
  Status Write(rocksdb::WriteBatch* batch, bool sync, bool frees);
  /// After a flush: a small write.
  Status LeaveSomethingToFlush();
  /// All that has been written. 53100 while the disk is full and the log's end torn.
  Status Sync();

 private:
  Status WriteOnce(rocksdb::WriteBatch* batch, bool sync);
  Status Mend();
  uint64_t CurrentLog() const;

  rocksdb::DB* const db_;
  rocksdb::ColumnFamilyHandle* const meta_;
  LogHealth* const health_;
  std::shared_mutex mutex_;          // exclusive while mending
  std::atomic<bool> failed_{false};  // since Mend, a write found the disk full
  int64_t mended_at_ms_ = 0;
  std::mutex disk_mutex_;
  DiskSpace disk_;
};

}  // namespace omen::rowstore
