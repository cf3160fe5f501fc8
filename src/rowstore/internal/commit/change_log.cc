#include "rowstore/internal/commit/change_log.h"

#include <rocksdb/transaction_log.h>

#include "rowstore/internal/commit/commit_format.h"
#include "rowstore/internal/engine/engine_status.h"

namespace omen::rowstore {
namespace {

using LogIterator = std::unique_ptr<rocksdb::TransactionLogIterator>;

/// Old log files move to the archive newest first, and a listing made meanwhile leaves out those
/// still to come. GetSortedWalFiles waits for that, GetUpdatesSince does not: with deletions held
/// the one makes the other safe.
Result<LogIterator> ReadLogSince(rocksdb::DB* db, rocksdb::SequenceNumber start) {
  OMEN_RETURN_IF_ERROR(FromEngine(db->DisableFileDeletions(), "hold files"));
  rocksdb::VectorLogPtr settled;
  LogIterator log;
  rocksdb::Status status = db->GetSortedWalFiles(settled);
  // A log that cannot be read on is a log that ends here: null.
  if (status.ok() && !db->GetUpdatesSince(start, &log).ok()) log.reset();
  const rocksdb::Status released = db->EnableFileDeletions(/*force=*/false);
  if (status.ok()) status = released;
  OMEN_RETURN_IF_ERROR(FromEngine(status, "list the log's files"));
  return log;
}

/// The first commit id at or after `start`, 0 when there is none or it cannot be read.
Result<CommitId> FirstCommitFrom(rocksdb::DB* db, rocksdb::SequenceNumber start) {
  OMEN_ASSIGN_OR_RETURN(const LogIterator log, ReadLogSince(db, start));
  for (; log != nullptr && log->Valid(); log->Next()) {
    const rocksdb::BatchResult batch = log->GetBatch();
    if (const CommitId id = FirstCommitOf(*batch.writeBatchPtr); id != 0) return id;
  }
  return CommitId{0};
}

}  // namespace

Result<rocksdb::SequenceNumber> ChangeLog::FindStart(CommitId first) const {
  rocksdb::VectorLogPtr files;
  OMEN_RETURN_IF_ERROR(
      FromEngine(engine_->db()->GetSortedWalFiles(files), "list the log's files"));
  for (auto file = files.rbegin(); file != files.rend(); ++file) {
    const rocksdb::SequenceNumber start = (*file)->StartSequence();
    if (start == 0) continue;
    OMEN_ASSIGN_OR_RETURN(const CommitId found, FirstCommitFrom(engine_->db(), start));
    if (found != 0 && found <= first) return start;
  }
  return rocksdb::SequenceNumber(0);
}

Status ChangeLog::ReadFrom(rocksdb::SequenceNumber start, CommitId last, const Consume& consume,
                           CommitId* done) const {
  OMEN_ASSIGN_OR_RETURN(const LogIterator log, ReadLogSince(engine_->db(), start));
  // The caller sees by `done` where the log ends.
  for (; log != nullptr && log->Valid() && *done < last; log->Next()) {
    rocksdb::BatchResult batch = log->GetBatch();
    OMEN_ASSIGN_OR_RETURN(
        const auto records,
        RecordsOf(std::shared_ptr<const rocksdb::WriteBatch>(std::move(batch.writeBatchPtr)),
                  /*with_catalog=*/true, /*with_entries=*/true));
    for (const auto& record : records) {
      if (record->id <= *done || record->id > last) continue;
      if (record->id != *done + 1) return Status::Ok();
      OMEN_RETURN_IF_ERROR(consume(record));
      *done = record->id;
    }
  }
  return Status::Ok();
}

Result<bool> ChangeLog::Read(CommitId after, CommitId last, const Consume& consume) const {
  CommitId done = after;
  while (done < last) {
    const CommitId before = done;
    if (const auto hint = commits_->SequenceHint(done + 1); hint != 0) {
      OMEN_RETURN_IF_ERROR(ReadFrom(hint, last, consume, &done));
      if (done != before) continue;
    }
    OMEN_ASSIGN_OR_RETURN(const rocksdb::SequenceNumber start, FindStart(done + 1));
    if (start == 0) return false;
    OMEN_RETURN_IF_ERROR(ReadFrom(start, last, consume, &done));
    // Stopped short while it got on: the iterator ended at what was written when it began.
    if (done == before) return false;
  }
  return true;
}

void ChangeLog::Trim() const {
  rocksdb::VectorLogPtr files;
  if (!engine_->db()->GetSortedWalFiles(files).ok()) return;
  uint64_t archived = 0;
  for (const auto& file : files) {
    if (file->Type() == rocksdb::kArchivedLogFile) archived += file->SizeFileBytes();
  }
  for (const auto& file : files) {
    if (archived <= engine_->options().wal_keep_bytes) return;
    if (file->Type() != rocksdb::kArchivedLogFile) return;
    if (!engine_->db()->DeleteFile(file->PathName()).ok()) return;
    archived -= file->SizeFileBytes();
  }
}

}  // namespace omen::rowstore
