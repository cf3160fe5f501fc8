#include "rowstore/internal/engine/log_writer.h"

#include "base/contention/serving_place.h"
#include "rowstore/internal/engine/engine_status.h"
#include "rowstore/internal/engine/meta_keys.h"
#include "rowstore/internal/engine/steady_time.h"

namespace omen::rowstore {
namespace {

constexpr int64_t kMendEveryMs = 500;

Status DiskFull() { return FromLogWrite(rocksdb::Status::NoSpace()); }

}  // namespace

Status LogWriter::Write(rocksdb::WriteBatch* batch, bool sync, bool frees) {
  {
    std::lock_guard lock(disk_mutex_);
    if (!disk_.Allows(batch->GetDataSize(), frees)) return DiskFull();
  }
  if (failed_.load(std::memory_order_acquire)) OMEN_RETURN_IF_ERROR(Mend());
  return WriteOnce(batch, sync);
}

Status LogWriter::WriteOnce(rocksdb::WriteBatch* batch, bool sync) {
  std::shared_lock lock(mutex_);
  if (failed_.load(std::memory_order_acquire)) return DiskFull();
  rocksdb::WriteOptions options;
  options.sync = sync;
  if (sync) PassPlace(Pause::kBrief);
  const rocksdb::Status status = db_->Write(options, batch);
  // A flush that found the disk full fails writes too, with the log whole.
  if (IsDiskFull(status)) failed_.store(true, std::memory_order_release);
  return FromLogWrite(status);
}

Status LogWriter::Mend() {
  std::unique_lock lock(mutex_);
  if (!failed_.load(std::memory_order_acquire)) return Status::Ok();
  const int64_t now = NowMs();
  if (now - mended_at_ms_ < kMendEveryMs) return DiskFull();
  mended_at_ms_ = now;
  if (!db_->Resume().ok()) return DiskFull();
  const uint64_t torn = health_->torn_log;
  if (torn != 0 && CurrentLog() == torn) {
    StopProcess("could not begin a new log after the disk was full");
  }
  health_->torn_log = 0;
  failed_.store(false, std::memory_order_release);
  return torn != 0 ? LeaveSomethingToFlush() : Status::Ok();
}

/// Past the log, which may be out of space again. The sequence number it takes is a gap to
/// readers of the log, so it belongs at the beginning of a log file.
Status LogWriter::LeaveSomethingToFlush() {
  rocksdb::WriteOptions past_the_log;
  past_the_log.disableWAL = true;
  return FromLogWrite(db_->Put(past_the_log, meta_, kMendedKey, ""));
}

Status LogWriter::Sync() {
  std::shared_lock lock(mutex_);
  // Touching a torn log again is an error to RocksDB. Once it is mended all is in sorted files.
  if (health_->torn_log != 0) return DiskFull();
  return FromLogWrite(db_->SyncWAL());
}

uint64_t LogWriter::CurrentLog() const {
  std::unique_ptr<rocksdb::LogFile> log;
  const rocksdb::Status status = db_->GetCurrentWalFile(&log);
  OMEN_CHECK(status.ok() && log != nullptr);
  return log->LogNumber();
}

}  // namespace omen::rowstore
