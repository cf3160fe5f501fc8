#include "rowstore/internal/guarded_files.h"

#include <fmt/format.h>

#include "rowstore/internal/engine_status.h"

namespace omen::rowstore {
namespace {

using rocksdb::IODebugContext;
using rocksdb::IOOptions;
using rocksdb::IOStatus;
using rocksdb::Slice;

class GuardedFile final : public rocksdb::FSWritableFileOwnerWrapper {
 public:
  GuardedFile(std::string name, std::unique_ptr<rocksdb::FSWritableFile> file, FileFaults* faults)
      : FSWritableFileOwnerWrapper(std::move(file)),
        name_(std::move(name)),
        is_log_(name_.ends_with(".log")),
        faults_(faults) {}

  IOStatus Append(const Slice& data, const IOOptions& options, IODebugContext* debug) override {
    Slice fits = data;
    const bool full = faults_ != nullptr && is_log_ && !TakeSpace(&fits);
    IOStatus status = target()->Append(fits, options, debug);
    return full ? IOStatus::NoSpace("While appending to file", name_) : std::move(status);
  }
  IOStatus Append(const Slice& data, const IOOptions& options, const rocksdb::DataVerificationInfo&,
                  IODebugContext* debug) override {
    return Append(data, options, debug);
  }
  IOStatus Sync(const IOOptions& options, IODebugContext* debug) override {
    return Guard(target()->Sync(options, debug));
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
  const bool is_log_;
  FileFaults* const faults_;
};

}  // namespace

IOStatus GuardedFiles::NewWritableFile(const std::string& name, const rocksdb::FileOptions& options,
                                       std::unique_ptr<rocksdb::FSWritableFile>* result,
                                       IODebugContext* debug) {
  IOStatus status = FileSystemWrapper::NewWritableFile(name, options, result, debug);
  if (status.ok()) {
    *result = std::make_unique<GuardedFile>(name, std::move(*result), faults_);
  }
  return status;
}

IOStatus GuardedFiles::ReopenWritableFile(const std::string& name,
                                          const rocksdb::FileOptions& options,
                                          std::unique_ptr<rocksdb::FSWritableFile>* result,
                                          IODebugContext* debug) {
  IOStatus status = FileSystemWrapper::ReopenWritableFile(name, options, result, debug);
  if (status.ok()) {
    *result = std::make_unique<GuardedFile>(name, std::move(*result), faults_);
  }
  return status;
}

}  // namespace omen::rowstore
