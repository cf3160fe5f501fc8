// What RocksDB is told of its files: when what it reads from has changed.
#pragma once

#include <rocksdb/listener.h>

#include <atomic>
#include <cstdint>
#include <functional>
#include <mutex>

namespace omen::rowstore {

/// Any thread.
class FileChangeListener final : public rocksdb::EventListener {
 public:
  /// Flushes, compactions and ingestions that are done.
  const std::atomic<uint64_t>& changes() const { return changes_; }
  /// Called after each, by RocksDB's thread. Empty: nobody; the last call has returned then.
  void set_told(std::function<void()> told) {
    std::lock_guard lock(mutex_);
    told_ = std::move(told);
  }

  void Note() {
    changes_.fetch_add(1);
    std::lock_guard lock(mutex_);
    if (told_) told_();
  }
  void OnFlushCompleted(rocksdb::DB*, const rocksdb::FlushJobInfo&) override { Note(); }
  void OnCompactionCompleted(rocksdb::DB*, const rocksdb::CompactionJobInfo&) override { Note(); }
  void OnExternalFileIngested(rocksdb::DB*, const rocksdb::ExternalFileIngestionInfo&) override {
    Note();
  }

 private:
  std::atomic<uint64_t> changes_{0};
  std::mutex mutex_;
  std::function<void()> told_;
};

}  // namespace omen::rowstore
