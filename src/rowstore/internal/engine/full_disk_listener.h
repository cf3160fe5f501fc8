// What RocksDB is told when its background work found the disk full.
#pragma once

#include <rocksdb/listener.h>

namespace omen::rowstore {

/// Any thread. With transactions RocksDB makes a compaction's full disk fatal, past Resume,
/// though nothing is lost by it: here it is no error, and the compaction is tried again.
/// Everything else waits for LogWriter's Resume; RocksDB's own recovery would hold that off
/// for five seconds at a time.
class FullDiskListener final : public rocksdb::EventListener {
 public:
  void OnBackgroundError(rocksdb::BackgroundErrorReason reason, rocksdb::Status* error) override {
    if (reason == rocksdb::BackgroundErrorReason::kCompaction && error->IsNoSpace()) {
      *error = rocksdb::Status::OK();
    }
  }
  void OnErrorRecoveryBegin(rocksdb::BackgroundErrorReason reason, rocksdb::Status error,
                            bool* auto_recovery) override {
    *auto_recovery = false;
  }
};

}  // namespace omen::rowstore
