// Start-up: opens RocksDB, makes sure that no acknowledged commit is missing, raises the
// epoch.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "rowstore/internal/engine_status.h"
#include "rowstore/internal/meta_keys.h"
#include "rowstore/internal/rocks_store.h"

namespace omen::rowstore {
namespace {

Status MakeFolder(const std::string& path) {
  std::error_code error;
  std::filesystem::create_directories(path, error);
  if (!error) return Status::Ok();
  return Status(sqlstate::kIoError,
                fmt::format("could not create directory \"{}\": {}", path, error.message()));
}

Status CheckFormat(const Engine& engine) {
  std::string bytes;
  OMEN_ASSIGN_OR_RETURN(const bool found, engine.GetMeta(kFormatKey, &bytes));
  if (!found) {
    AppendLittleEndian(bytes, kDirectoryFormat);
    return engine.PutMeta(kFormatKey, bytes);
  }
  if (bytes.size() == sizeof kDirectoryFormat &&
      LoadLittleEndian<uint32_t>(bytes.data()) == kDirectoryFormat) {
    return Status::Ok();
  }
  return Status(sqlstate::kFeatureNotSupported,
                "the data directory was written by another version of the row store");
}

Result<LastCommit> LoadLastCommit(const Engine& engine) {
  std::string bytes;
  OMEN_ASSIGN_OR_RETURN(const bool found, engine.GetMeta(kLastCommitKey, &bytes));
  if (!found) return LastCommit();
  if (bytes.size() != 16) return Status(sqlstate::kDataCorrupted, "last commit is damaged");
  return LastCommit{LoadLittleEndian<uint64_t>(bytes.data()),
                    LoadLittleEndian<uint64_t>(bytes.data() + 8)};
}

Result<std::map<uint64_t, CommitId>> LoadEpochs(const Engine& engine) {
  std::map<uint64_t, CommitId> epochs;
  std::unique_ptr<rocksdb::Iterator> iterator(
      engine.base()->NewIterator(rocksdb::ReadOptions(), engine.meta()));
  const std::string prefix(1, kEpochPrefix);
  for (iterator->Seek(prefix); iterator->Valid() && iterator->key().starts_with(prefix);
       iterator->Next()) {
    if (iterator->key().size() != 9 || iterator->value().size() != 8) {
      return Status(sqlstate::kDataCorrupted, "epoch is damaged");
    }
    epochs[LoadBigEndian<uint64_t>(iterator->key().data() + 1)] =
        LoadLittleEndian<uint64_t>(iterator->value().data());
  }
  OMEN_RETURN_IF_ERROR(FromEngine(iterator->status(), "read the row store"));
  return epochs;
}

/// RocksDB opens without a word when its log was shortened or deleted; LAST_COMMIT knows.
Status CheckNothingIsMissing(const LastCommit& recorded, CommitId found, uint64_t found_epoch) {
  if (found >= recorded.id && found_epoch >= recorded.epoch) return Status::Ok();
  std::string message =
      found < recorded.id
          ? fmt::format("the row store's log ends at commit {}, but commit {} was acknowledged",
                        found, recorded.id)
          : fmt::format("the row store's log does not reach its last start (epoch {} of {})",
                        found_epoch, recorded.epoch);
  return Status(sqlstate::kDataCorrupted, std::move(message))
      .Detail("Log files were cut short, deleted or replaced by older ones.")
      .Hint(
          "Restore the missing files, or start with --accept-lost-commits to go on without "
          "the commits that are missing.");
}

Status RaiseEpoch(const Engine& engine, const LastCommit& recorded, Origin* origin) {
  uint64_t newest = std::max(origin->last.epoch, recorded.epoch);
  if (!origin->epochs.empty()) newest = std::max(newest, origin->epochs.rbegin()->first);
  const uint64_t epoch = newest + 1;
  const CommitId first = origin->last.id + 1;
  std::string bytes;
  AppendLittleEndian(bytes, first);
  OMEN_RETURN_IF_ERROR(engine.PutMeta(EpochKey(epoch), bytes));
  origin->epochs[epoch] = first;
  origin->last.epoch = epoch;
  return Status::Ok();
}

/// Recovery leaves the old logs to be replayed again, damage that was accepted included; a
/// flush after it makes them obsolete. The new epoch is there to be flushed. Those that were
/// replayed are not moved to the archive until RocksDB looks through the folder, and a listing
/// of the log leaves out what lies beside the archive and is older than its newest file; letting
/// deletions go on after a halt makes it look.
Status RetireOldLogs(const Engine& engine) {
  rocksdb::DB* db = engine.base();
  OMEN_RETURN_IF_ERROR(
      FromEngine(db->Flush(rocksdb::FlushOptions(), engine.meta()), "flush the catalogue"));
  OMEN_RETURN_IF_ERROR(FromEngine(db->DisableFileDeletions(), "hold files"));
  OMEN_RETURN_IF_ERROR(FromEngine(db->EnableFileDeletions(/*force=*/false), "release files"));
  return engine.log().LeaveSomethingToFlush();
}

}  // namespace

Result<std::unique_ptr<RowStore>> OpenRocksStore(const Options& options, FileFaults* faults,
                                                 std::chrono::milliseconds housekeeping) {
  OMEN_RETURN_IF_ERROR(MakeFolder(options.path));
  LastCommit recorded;
  OMEN_ASSIGN_OR_RETURN(
      std::unique_ptr<LastCommitFile> file,
      LastCommitFile::Open(options.path + "/LAST_COMMIT", options.accept_lost_commits, &recorded));
  OMEN_ASSIGN_OR_RETURN(std::shared_ptr<Engine> engine, Engine::Open(options, faults));
  Origin origin;
  OMEN_ASSIGN_OR_RETURN(origin.last, LoadLastCommit(*engine));
  OMEN_ASSIGN_OR_RETURN(origin.epochs, LoadEpochs(*engine));
  if (!options.accept_lost_commits) {
    const uint64_t epoch = origin.epochs.empty() ? 0 : origin.epochs.rbegin()->first;
    OMEN_RETURN_IF_ERROR(CheckNothingIsMissing(recorded, origin.last.id, epoch));
  }
  OMEN_RETURN_IF_ERROR(CheckFormat(*engine));
  OMEN_RETURN_IF_ERROR(RaiseEpoch(*engine, recorded, &origin));
  OMEN_RETURN_IF_ERROR(RetireOldLogs(*engine));
  OMEN_RETURN_IF_ERROR(file->Write(origin.last));
  return std::unique_ptr<RowStore>(std::make_unique<RocksStore>(std::move(engine), std::move(file),
                                                                std::move(origin), housekeeping));
}

Result<std::unique_ptr<RowStore>> RowStore::Open(const Options& options) {
  return OpenRocksStore(options, nullptr);
}

}  // namespace omen::rowstore
