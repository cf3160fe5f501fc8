// Start-up: looks at the folder, opens RocksDB, makes sure that no acknowledged commit is missing,
// raises the epoch. Until all of that has passed no sorted file is deleted.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "obs/log.h"
#include "rowstore/internal/commit/log_gaps.h"
#include "rowstore/internal/engine/engine_status.h"
#include "rowstore/internal/engine/meta_keys.h"
#include "rowstore/internal/store/folder_survey.h"
#include "rowstore/internal/store/rocks_store.h"

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

Result<LastCommit> ParseLastCommit(std::string_view bytes) {
  if (bytes.empty()) return LastCommit();
  if (bytes.size() != 16) return Status(sqlstate::kDataCorrupted, "last commit is damaged");
  return LastCommit{LoadLittleEndian<uint64_t>(bytes.data()),
                    LoadLittleEndian<uint64_t>(bytes.data() + 8)};
}

Result<LastCommit> LoadLastCommit(const Engine& engine) {
  std::string bytes;
  OMEN_RETURN_IF_ERROR(engine.GetMeta(kLastCommitKey, &bytes).status().Clone());
  return ParseLastCommit(bytes);
}

/// A log in which commits may not have been synced may end in any way behind the last that was.
LogReplay ReplayAfter(const RecordedMark& recorded) {
  LogReplay replay;
  replay.filter = std::make_unique<LogGaps>();
  if (!recorded.mark.unsynced) return replay;
  replay.may_end_at = [synced = recorded.mark.last.id](std::string_view bytes) {
    const auto last = ParseLastCommit(bytes);
    return last.ok() && last->id >= synced;
  };
  return replay;
}

Result<std::map<uint64_t, CommitId>> LoadEpochs(const Engine& engine) {
  std::map<uint64_t, CommitId> epochs;
  std::unique_ptr<rocksdb::Iterator> iterator(
      engine.db()->NewIterator(rocksdb::ReadOptions(), engine.meta()));
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
  rocksdb::DB* db = engine.db();
  OMEN_RETURN_IF_ERROR(
      FromEngine(db->Flush(rocksdb::FlushOptions(), engine.meta()), "flush the catalogue"));
  OMEN_RETURN_IF_ERROR(FromEngine(db->DisableFileDeletions(), "hold files"));
  OMEN_RETURN_IF_ERROR(FromEngine(db->EnableFileDeletions(/*force=*/false), "release files"));
  return engine.log().LeaveSomethingToFlush();
}

/// A blank record is what a first start leaves that was ended early: nothing was acknowledged then.
Status CheckRecordIsNotLost(const RecordedMark& recorded, const Origin& origin) {
  if (recorded.state != RecordedMark::State::kBlank || origin.last.id == 0) return Status::Ok();
  return Status(sqlstate::kDataCorrupted, "the record of the last commit, LAST_COMMIT, is empty")
      .Hint(
          "Restore it, or start with --accept-lost-commits to trust the row store's log as it is.");
}

Result<Origin> LoadOrigin(const Engine& engine, const RecordedMark& recorded, bool* lost) {
  Origin origin;
  OMEN_ASSIGN_OR_RETURN(origin.last, LoadLastCommit(engine));
  OMEN_ASSIGN_OR_RETURN(origin.epochs, LoadEpochs(engine));
  const uint64_t epoch = origin.epochs.empty() ? 0 : origin.epochs.rbegin()->first;
  Status whole = CheckNothingIsMissing(recorded.mark.last, origin.last.id, epoch);
  if (whole.ok()) whole = CheckRecordIsNotLost(recorded, origin);
  *lost = !whole.ok();
  if (*lost && !engine.options().accept_lost_commits) return whole;
  return origin;
}

/// The folder as it has to be for RocksDB to open it, and whether RocksDB is to make a new one.
Result<StartKind> PrepareFolder(const Options& options, const FolderSurvey& survey,
                                const RecordedMark& recorded) {
  OMEN_ASSIGN_OR_RETURN(const StartKind kind, DecideStart(survey, recorded, options.must_exist,
                                                          options.accept_lost_commits));
  OMEN_RETURN_IF_ERROR(MakeFolder(options.path));
  if (kind != StartKind::kRestoreCurrent) return kind;
  const uint64_t manifest = survey.manifests.front().number;
  obs::Log(obs::LogLevel::kWarn, "CURRENT was missing and is written anew",
           {{"manifest", manifest}});
  OMEN_RETURN_IF_ERROR(RestoreCurrent(options.path + "/db", manifest));
  return kind;
}

}  // namespace

Result<std::unique_ptr<RowStore>> OpenRocksStore(const Options& options, FileFaults* faults,
                                                 std::chrono::milliseconds housekeeping) {
  const std::string mark_path = options.path + "/LAST_COMMIT";
  OMEN_ASSIGN_OR_RETURN(const FolderSurvey survey, SurveyFolder(options.path + "/db"));
  OMEN_ASSIGN_OR_RETURN(const RecordedMark recorded, LastCommitFile::Read(mark_path));
  OMEN_ASSIGN_OR_RETURN(const StartKind kind, PrepareFolder(options, survey, recorded));
  OMEN_ASSIGN_OR_RETURN(std::unique_ptr<LastCommitFile> file,
                        LastCommitFile::Open(mark_path, recorded));
  OMEN_ASSIGN_OR_RETURN(
      std::shared_ptr<Engine> engine,
      Engine::Open(options, kind == StartKind::kCreate, faults, ReplayAfter(recorded)));
  bool lost = false;
  OMEN_ASSIGN_OR_RETURN(Origin origin, LoadOrigin(*engine, recorded, &lost));
  OMEN_RETURN_IF_ERROR(CheckFormat(*engine));
  OMEN_RETURN_IF_ERROR(RaiseEpoch(*engine, recorded.mark.last, &origin));
  OMEN_RETURN_IF_ERROR(RetireOldLogs(*engine));
  origin.manifest = SyncManifest(engine->database_path(), {});
  origin.commits_lost = lost;
  OMEN_RETURN_IF_ERROR(file->Write({origin.last, origin.manifest}));
  engine->SettleTables(!lost && NamesEveryTable(survey, recorded));
  return std::unique_ptr<RowStore>(std::make_unique<RocksStore>(std::move(engine), std::move(file),
                                                                std::move(origin), housekeeping));
}

Result<std::unique_ptr<RowStore>> RowStore::Open(const Options& options) {
  return OpenRocksStore(options, nullptr);
}

}  // namespace omen::rowstore
