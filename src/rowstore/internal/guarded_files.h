// The file system as RocksDB sees it: a failed sync stops the process before RocksDB can
// retry it, and tests can fill the disk.
#pragma once

#include <rocksdb/file_system.h>

#include <atomic>
#include <memory>
#include <string>

namespace omen::rowstore {

/// Faults that tests plant. Any thread.
struct FileFaults {
  /// Bytes that may still be written to logs before the disk is full; negative: no limit.
  std::atomic<int64_t> log_bytes_left{-1};
  std::atomic<bool> fail_sync{false};
  std::atomic<bool> tables_full{false};  // no space for table files
};

/// What the files saw. Any thread.
struct LogHealth {
  /// Number of the last log file with a record cut short by a full disk; 0 when there is none.
  std::atomic<uint64_t> torn_log{0};
};

class GuardedFiles final : public rocksdb::FileSystemWrapper {
 public:
  GuardedFiles(const std::shared_ptr<rocksdb::FileSystem>& base, LogHealth* health,
               FileFaults* faults)
      : FileSystemWrapper(base), health_(health), faults_(faults) {}

  const char* Name() const override { return "OmenGuardedFiles"; }
  static const char* kClassName() { return "OmenGuardedFiles"; }

  rocksdb::IOStatus NewWritableFile(const std::string& name, const rocksdb::FileOptions& options,
                                    std::unique_ptr<rocksdb::FSWritableFile>* result,
                                    rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus ReopenWritableFile(const std::string& name, const rocksdb::FileOptions& options,
                                       std::unique_ptr<rocksdb::FSWritableFile>* result,
                                       rocksdb::IODebugContext* debug) override;

 private:
  LogHealth* const health_;
  FileFaults* const faults_;
};

}  // namespace omen::rowstore
