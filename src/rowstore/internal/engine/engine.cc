#include "rowstore/internal/engine/engine.h"

#include <fmt/format.h>
#include <rocksdb/cache.h>
#include <rocksdb/env.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/table.h>
#include <rocksdb/version.h>

#include <algorithm>
#include <filesystem>

#include "obs/log.h"
#include "rowstore/internal/engine/engine_status.h"
#include "rowstore/internal/engine/full_disk_listener.h"
#include "rowstore/internal/engine/meta_keys.h"

namespace omen::rowstore {
namespace {

constexpr char kRowsFamily[] = "rows";
constexpr int kBackgroundJobs = 2;
constexpr size_t kMetaWriteBuffer = 8u << 20;
constexpr size_t kInfoLogBytes = 4u << 20;
constexpr size_t kInfoLogFiles = 4;
constexpr size_t kBlockBytes = 8u << 10;
constexpr double kBloomBits = 10;
constexpr double kHashUse = 0.5;
constexpr int kRestartInterval = 4;
constexpr uint64_t kDataPerMetadata = 64;  // bytes of data per byte of index and filter
constexpr double kMemtableBloomRatio = 0.03;
constexpr size_t kSyncStepBytes = 1u << 20;
// Recovery replays this much log at most, about two seconds of it.
constexpr uint64_t kLogReplayBytes = 128u << 20;
// Of a commit that gets a write buffer of its own, at least; and how many times its size a merge of
// files may rewrite that the buffer brings nearer.
constexpr size_t kLargeWriteBytes = 4u << 20;
constexpr uint64_t kMergedTimes = 16;

}  // namespace

std::string EngineVersion() { return rocksdb::GetRocksVersionAsString(); }

Engine::Engine(const Options& options, FileFaults* faults, LogReplay replay)
    : options_(options),
      database_path_(options.path + "/db"),
      scratch_path_(options.path + "/scratch"),
      replay_(std::move(replay)),
      env_(rocksdb::NewCompositeEnv(std::make_shared<GuardedFiles>(
          rocksdb::FileSystem::Default(), &log_health_, &deletions_, faults))) {}

Engine::~Engine() {
  if (!db_) return;
  for (rocksdb::ColumnFamilyHandle* handle : {meta_, rows_}) {
    if (handle != nullptr) db_->DestroyColumnFamilyHandle(handle).PermitUncheckedError();
  }
  db_->Close().PermitUncheckedError();
}

rocksdb::DBOptions Engine::MakeDbOptions() const {
  rocksdb::DBOptions db;
  db.env = env_.get();
  db.create_missing_column_families = true;
  db.max_background_jobs = kBackgroundJobs;
  db.bytes_per_sync = kSyncStepBytes;
  db.WAL_size_limit_MB = options_.wal_keep_bytes >> 20;
  db.max_total_wal_size = std::max<uint64_t>(kLogReplayBytes, 2 * options_.write_buffer_bytes);
  // A torn last record is an unacknowledged commit; any other damage must be seen.
  db.wal_recovery_mode = rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
  db.wal_filter = replay_.filter.get();
  db.avoid_unnecessary_blocking_io = true;
  db.skip_stats_update_on_db_open = true;
  db.stats_dump_period_sec = 0;
  db.stats_persist_period_sec = 0;
  db.info_log_level = rocksdb::InfoLogLevel::WARN_LEVEL;
  db.max_log_file_size = kInfoLogBytes;
  db.keep_log_file_num = kInfoLogFiles;
  db.listeners.push_back(std::make_shared<FullDiskListener>());
  db.listeners.push_back(file_changes_);
  return db;
}

uint64_t Engine::TableBytesOnDisk() const {
  uint64_t bytes = 0;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(database_path_, error)) {
    if (entry.path().extension() == ".sst") bytes += entry.file_size(error);
  }
  return bytes;
}

rocksdb::ColumnFamilyOptions Engine::MakeRowsOptions() const {
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = rocksdb::NewLRUCache(options_.block_cache_bytes);
  table.block_size = kBlockBytes;
  table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(kBloomBits));
  table.cache_index_and_filter_blocks = true;
  // Pinned, a point read is a fifth cheaper; beyond half the cache it would push the data out.
  table.metadata_cache_options.unpartitioned_pinning =
      TableBytesOnDisk() / kDataPerMetadata <= options_.block_cache_bytes / 2
          ? rocksdb::PinningTier::kAll
          : rocksdb::PinningTier::kFlushedAndSimilar;
  table.data_block_index_type = rocksdb::BlockBasedTableOptions::kDataBlockBinaryAndHash;
  table.data_block_hash_table_util_ratio = kHashUse;
  table.block_restart_interval = kRestartInterval;
  table.format_version = 5;
  rocksdb::ColumnFamilyOptions rows;
  rows.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  rows.write_buffer_size = options_.write_buffer_bytes;
  rows.max_write_buffer_number = 3;
  rows.memtable_whole_key_filtering = true;
  rows.memtable_prefix_bloom_size_ratio = kMemtableBloomRatio;
  rows.level_compaction_dynamic_level_bytes = true;
  rows.max_bytes_for_level_base = kFirstLevelBytes;
  rows.compression = rocksdb::kLZ4Compression;
  return rows;
}

rocksdb::ColumnFamilyOptions Engine::MakeMetaOptions() const {
  rocksdb::ColumnFamilyOptions meta;
  meta.write_buffer_size = kMetaWriteBuffer;
  return meta;
}

Status Engine::PrepareFolders() const {
  std::error_code error;
  std::filesystem::remove_all(scratch_path_, error);
  std::filesystem::create_directories(scratch_path_, error);
  if (error) {
    return Status(sqlstate::kIoError, fmt::format("could not create directory \"{}\": {}",
                                                  scratch_path_, error.message()));
  }
  return Status::Ok();
}

std::vector<rocksdb::ColumnFamilyDescriptor> Engine::Families() const {
  return {{rocksdb::kDefaultColumnFamilyName, MakeMetaOptions()}, {kRowsFamily, MakeRowsOptions()}};
}

std::optional<std::string> Engine::LastBeforeDamage(const rocksdb::DBOptions& options) const {
  rocksdb::DBOptions tolerant = options;
  tolerant.wal_recovery_mode = rocksdb::WALRecoveryMode::kPointInTimeRecovery;
  rocksdb::DB* opened = nullptr;
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  const rocksdb::Status status =
      rocksdb::DB::OpenForReadOnly(tolerant, database_path_, Families(), &handles, &opened);
  std::string last;
  if (status.ok()) {
    opened->Get(rocksdb::ReadOptions(), handles[0], kLastCommitKey, &last).PermitUncheckedError();
  }
  for (rocksdb::ColumnFamilyHandle* handle : handles) {
    opened->DestroyColumnFamilyHandle(handle).PermitUncheckedError();
  }
  delete opened;
  return status.ok() ? std::optional(last) : std::nullopt;
}

bool Engine::EndsAtDamage(const rocksdb::DBOptions& options) const {
  if (options_.accept_lost_commits) return true;
  if (replay_.may_end_at == nullptr) return false;
  const std::optional<std::string> last = LastBeforeDamage(options);
  return last && replay_.may_end_at(*last);
}

Status Engine::DamagedFiles(const rocksdb::DBOptions& options,
                            const rocksdb::Status& status) const {
  Status damaged(sqlstate::kDataCorrupted,
                 fmt::format("the row store's files are damaged: {}", status.ToString()));
  if (options_.accept_lost_commits || !LastBeforeDamage(options)) {
    return std::move(damaged).Hint("Restore the row store's folder from a backup.");
  }
  return std::move(damaged).Hint(
      "Restore from a backup, or start with --accept-lost-commits to go on with the commits before "
      "the damage.");
}

Status Engine::OpenDatabase(bool create) {
  rocksdb::DBOptions db = MakeDbOptions();
  db.create_if_missing = create;
  rocksdb::DB* opened = nullptr;
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  const auto families = Families();
  auto open = [&] { return rocksdb::DB::Open(db, database_path_, families, &handles, &opened); };
  rocksdb::Status status = open();
  if (status.IsCorruption() && EndsAtDamage(db)) {
    // The longest sound prefix.
    db.wal_recovery_mode = rocksdb::WALRecoveryMode::kPointInTimeRecovery;
    status = open();
  }
  if (status.IsCorruption() || status.IsPathNotFound()) return DamagedFiles(db, status);
  if (!status.ok()) return FromEngine(status, "open the row store");
  db_.reset(opened);
  meta_ = handles[0];
  rows_ = handles[1];
  table_options_ = rocksdb::Options(db, families[1].options);
  log_ = std::make_unique<LogWriter>(db_.get(), meta_, options_.path, &log_health_);
  return Status::Ok();
}

Result<std::shared_ptr<Engine>> Engine::Open(const Options& options, bool create,
                                             FileFaults* faults, LogReplay replay) {
  std::shared_ptr<Engine> engine(new Engine(options, faults, std::move(replay)));
  OMEN_RETURN_IF_ERROR(engine->PrepareFolders());
  OMEN_RETURN_IF_ERROR(engine->OpenDatabase(create));
  return engine;
}

void Engine::SettleTables(bool delete_unnamed) {
  const std::set<std::string> unnamed = deletions_.Release(!delete_unnamed);
  if (unnamed.empty()) return;
  if (!delete_unnamed) {
    obs::Log(obs::LogLevel::kWarn, "sorted files that no list of files names are kept",
             {{"files", unnamed.size()}, {"first", *unnamed.begin()}});
    return;
  }
  for (const std::string& name : unnamed) {
    env_->DeleteFile(name).PermitUncheckedError();
  }
}

Result<bool> Engine::GetMeta(std::string_view key, std::string* value) const {
  const rocksdb::Status status =
      db_->Get(rocksdb::ReadOptions(), meta_, rocksdb::Slice(key.data(), key.size()), value);
  if (status.IsNotFound()) return false;
  OMEN_RETURN_IF_ERROR(FromEngine(status, "read the row store"));
  return true;
}

Status Engine::Write(rocksdb::WriteBatch* batch, bool sync, bool frees) const {
  if (IsLarge(batch->GetDataSize())) ChangeBuffer(batch->GetDataSize());
  return log_->Write(batch, sync && options_.sync, frees);
}

// Every few buffers' files are merged with what they overlap, the first level at most.
bool Engine::IsLarge(size_t bytes) const {
  if (bytes < kLargeWriteBytes) return false;
  uint64_t stored = 0;
  if (!db_->GetIntProperty(rows_, rocksdb::DB::Properties::kLiveSstFilesSize, &stored))
    return false;
  return kMergedTimes * bytes >= std::min(stored, kFirstLevelBytes);
}

// Among what is there each key has to be searched for, which takes several times as long as to put
// one behind the one before. What goes wrong with the files the write will tell.
void Engine::ChangeBuffer(size_t bytes) const {
  uint64_t held = 0;
  if (!db_->GetIntProperty(rows_, rocksdb::DB::Properties::kCurSizeActiveMemTable, &held)) return;
  if (held < bytes / 4) return;
  rocksdb::FlushOptions options;
  options.wait = false;
  options.allow_write_stall = true;
  if (!db_->Flush(options, rows_).ok()) return;
  // Who lists log files reads the first record of each: not the large one.
  rocksdb::WriteBatch first;
  const rocksdb::Status put = first.Put(meta_, kMendedKey, "");
  OMEN_CHECK(put.ok());
  (void)log_->Write(&first, /*sync=*/false, /*frees=*/false).ok();
}

Status Engine::PutMeta(std::string_view key, std::string_view value) const {
  rocksdb::WriteBatch batch;
  const rocksdb::Status put = batch.Put(meta_, rocksdb::Slice(key.data(), key.size()),
                                        rocksdb::Slice(value.data(), value.size()));
  OMEN_CHECK(put.ok());
  return Write(&batch, /*sync=*/true, /*frees=*/false);
}

Status Engine::DeleteMeta(std::string_view key) const {
  rocksdb::WriteBatch batch;
  const rocksdb::Status deleted = batch.Delete(meta_, rocksdb::Slice(key.data(), key.size()));
  OMEN_CHECK(deleted.ok());
  return Write(&batch, /*sync=*/false, /*frees=*/true);
}

}  // namespace omen::rowstore
