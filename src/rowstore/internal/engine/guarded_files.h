// The file system as RocksDB sees it: a failed sync stops the process before RocksDB can
// retry it, sorted files are kept while a start is not known to be sound, and tests can fill the
// disk.
#pragma once

#include <rocksdb/file_system.h>

#include <algorithm>
#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>

namespace omen::rowstore {

/// Faults that tests plant, and what they are told. Any thread.
struct FileFaults {
  /// Bytes that may still be written to logs before the disk is full; negative: no limit.
  std::atomic<int64_t> log_bytes_left{-1};
  std::atomic<bool> fail_sync{false};
  std::atomic<bool> hold_sync{false};    // syncs of logs wait
  std::atomic<int> log_syncs{0};         // begun
  std::atomic<bool> tables_full{false};  // no space for table files

  /// So much of each log a loss of power leaves.
  std::map<std::string, uint64_t> synced_logs() const {
    std::lock_guard lock(mutex_);
    return synced_logs_;
  }
  void NoteSynced(const std::string& log, uint64_t bytes) {
    std::lock_guard lock(mutex_);
    uint64_t& synced = synced_logs_[log];
    synced = std::max(synced, bytes);
  }

 private:
  mutable std::mutex mutex_;
  std::map<std::string, uint64_t> synced_logs_;
};

/// What the files saw. Any thread.
struct LogHealth {
  /// Number of the last log file with a record cut short by a full disk; 0 when there is none.
  std::atomic<uint64_t> torn_log{0};
};

/// Holds deletions of sorted files back: RocksDB's start deletes what its list of files does not
/// name before anyone can ask whether that list is whole. Any thread.
class TableDeletions {
 public:
  /// True when the deletion was only noted.
  bool HoldBack(const std::string& name);
  /// From now on deletions happen, of what was held back only unless `keep_those`. Returns it.
  std::set<std::string> Release(bool keep_those);

 private:
  std::mutex mutex_;
  bool held_ = true;
  std::set<std::string> names_;
};

class GuardedFiles final : public rocksdb::FileSystemWrapper {
 public:
  GuardedFiles(const std::shared_ptr<rocksdb::FileSystem>& base, LogHealth* health,
               TableDeletions* deletions, FileFaults* faults)
      : FileSystemWrapper(base), health_(health), deletions_(deletions), faults_(faults) {}

  const char* Name() const override { return "OmenGuardedFiles"; }
  static const char* kClassName() { return "OmenGuardedFiles"; }

  rocksdb::IOStatus NewWritableFile(const std::string& name, const rocksdb::FileOptions& options,
                                    std::unique_ptr<rocksdb::FSWritableFile>* result,
                                    rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus ReopenWritableFile(const std::string& name, const rocksdb::FileOptions& options,
                                       std::unique_ptr<rocksdb::FSWritableFile>* result,
                                       rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus DeleteFile(const std::string& name, const rocksdb::IOOptions& options,
                               rocksdb::IODebugContext* debug) override;

 private:
  LogHealth* const health_;
  TableDeletions* const deletions_;
  FileFaults* const faults_;
};

}  // namespace omen::rowstore
