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
};

class GuardedFiles final : public rocksdb::FileSystemWrapper {
 public:
  GuardedFiles(const std::shared_ptr<rocksdb::FileSystem>& base, FileFaults* faults)
      : FileSystemWrapper(base), faults_(faults) {}

  const char* Name() const override { return "OmenGuardedFiles"; }
  static const char* kClassName() { return "OmenGuardedFiles"; }

  rocksdb::IOStatus NewWritableFile(const std::string& name, const rocksdb::FileOptions& options,
                                    std::unique_ptr<rocksdb::FSWritableFile>* result,
                                    rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus ReopenWritableFile(const std::string& name, const rocksdb::FileOptions& options,
                                       std::unique_ptr<rocksdb::FSWritableFile>* result,
                                       rocksdb::IODebugContext* debug) override;

 private:
  FileFaults* const faults_;
};

}  // namespace omen::rowstore
