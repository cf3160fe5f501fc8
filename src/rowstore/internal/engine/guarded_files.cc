#include "rowstore/internal/engine/guarded_files.h"

#include <fmt/format.h>

#include <cstdlib>

#include "base/wait.h"
#include "rowstore/internal/engine/engine_status.h"

namespace omen::rowstore {
namespace {

using rocksdb::IODebugContext;
using rocksdb::IOOptions;
using rocksdb::IOStatus;
using rocksdb::Slice;

/// 17 for ".../000017.log", 0 for what is not a log.
uint64_t LogNumberOf(const std::string& name) {
  if (!name.ends_with(".log")) return 0;
  return std::strtoull(name.c_str() + name.rfind('/') + 1, nullptr, 10);
}

class GuardedFile final : public rocksdb::FSWritableFileOwnerWrapper {
 public:
  GuardedFile(std::string name, std::unique_ptr<rocksdb::FSWritableFile> file, LogHealth* health,
              FileFaults* faults)
      : FSWritableFileOwnerWrapper(std::move(file)),
        name_(std::move(name)),
        log_number_(LogNumberOf(name_)),
        health_(health),
        faults_(faults) {}

  IOStatus Append(const Slice& data, const IOOptions& options, IODebugContext* debug) override {
    Slice fits = data;
    const bool full = faults_ != nullptr && !TakeSpace(&fits);
    IOStatus status = target()->Append(fits, options, debug);
    size_ += fits.size();
    if (full) {
      status = IOStatus::NoSpace("While appending to file", name_);
      status.SetRetryable(true);  // as RocksDB's own file says
    }
    if (status.IsNoSpace() && log_number_ != 0) health_->torn_log = log_number_;
    return status;
  }
  IOStatus Append(const Slice& data, const IOOptions& options, const rocksdb::DataVerificationInfo&,
                  IODebugContext* debug) override {
    return Append(data, options, debug);
  }
  IOStatus Sync(const IOOptions& options, IODebugContext* debug) override {
    if (faults_ == nullptr || log_number_ == 0) return Guard(target()->Sync(options, debug));
    const uint64_t size = size_;
    ++faults_->log_syncs;
    WaitForChange(faults_->hold_sync, true);
    const IOStatus status = Guard(target()->Sync(options, debug));
    faults_->NoteSynced(name_, size);
    return status;
  }
  IOStatus Fsync(const IOOptions& options, IODebugContext* debug) override {
    return Guard(target()->Fsync(options, debug));
  }
  IOStatus RangeSync(uint64_t offset, uint64_t size, const IOOptions& options,
                     IODebugContext* debug) override {
    return Guard(target()->RangeSync(offset, size, options, debug));
  }

 private:
  /// Cuts `data` to the space left, as a disk that fills in the middle of a write does.
  bool TakeSpace(Slice* data) {
    if (log_number_ == 0) return !faults_->tables_full || !name_.ends_with(".sst");
    const int64_t left = faults_->log_bytes_left.load();
    if (left < 0) return true;
    const auto size = static_cast<int64_t>(data->size());
    if (size <= left) {
      faults_->log_bytes_left -= size;
      return true;
    }
    *data = Slice(data->data(), static_cast<size_t>(left));
    faults_->log_bytes_left = 0;
    return false;
  }

  IOStatus Guard(IOStatus status) {
    if (faults_ != nullptr && faults_->fail_sync) status = IOStatus::IOError("planted fault");
    if (!status.ok()) {
      StopProcess(fmt::format("could not sync {}: {}", name_, status.ToString()));
    }
    return status;
  }

  const std::string name_;
  const uint64_t log_number_;  // 0 for other files
  std::atomic<uint64_t> size_{0};
  LogHealth* const health_;
  FileFaults* const faults_;
};

}  // namespace

bool TableDeletions::HoldBack(const std::string& name) {
  if (!name.ends_with(".sst")) return false;
  std::lock_guard lock(mutex_);
  if (held_) names_.insert(name);
  return names_.contains(name);
}

std::set<std::string> TableDeletions::Release(bool keep_those) {
  std::lock_guard lock(mutex_);
  held_ = false;
  std::set<std::string> held_back = names_;
  if (!keep_those) names_.clear();
  return held_back;
}

IOStatus GuardedFiles::DeleteFile(const std::string& name, const IOOptions& options,
                                  IODebugContext* debug) {
  if (deletions_->HoldBack(name)) return IOStatus::OK();
  return FileSystemWrapper::DeleteFile(name, options, debug);
}

IOStatus GuardedFiles::NewWritableFile(const std::string& name, const rocksdb::FileOptions& options,
                                       std::unique_ptr<rocksdb::FSWritableFile>* result,
                                       IODebugContext* debug) {
  IOStatus status = FileSystemWrapper::NewWritableFile(name, options, result, debug);
  if (status.ok()) {
    *result = std::make_unique<GuardedFile>(name, std::move(*result), health_, faults_);
  }
  return status;
}

IOStatus GuardedFiles::ReopenWritableFile(const std::string& name,
                                          const rocksdb::FileOptions& options,
                                          std::unique_ptr<rocksdb::FSWritableFile>* result,
                                          IODebugContext* debug) {
  IOStatus status = FileSystemWrapper::ReopenWritableFile(name, options, result, debug);
  if (status.ok()) {
    *result = std::make_unique<GuardedFile>(name, std::move(*result), health_, faults_);
  }
  return status;
}

}  // namespace omen::rowstore
