#include "rowstore/internal/store/rocks_store.h"

#include <fmt/format.h>
#include <rocksdb/convenience.h>
#include <rocksdb/sst_file_reader.h>

#include "rowstore/internal/engine/engine_status.h"
#include "rowstore/internal/engine/meta_keys.h"
#include "rowstore/internal/lookup/range_reader.h"
#include "rowstore/internal/storage/rocks_bulk_loader.h"
#include "rowstore/internal/store/folder_survey.h"
#include "rowstore/key_codec.h"

namespace omen::rowstore {
namespace {

constexpr int kTrimEvery = 20, kFlushEvery = 2;  // times of housekeeping
constexpr size_t kBulkBufferBytes = 128u << 20;

}  // namespace

RocksStore::RocksStore(std::shared_ptr<Engine> engine,
                       std::unique_ptr<LastCommitFile> last_commit_file, Origin origin,
                       std::chrono::milliseconds housekeeping)
    : engine_(std::move(engine)),
      epochs_(std::move(origin.epochs)),
      waits_(engine_->options().deadlock_timeout),
      views_(engine_),
      cache_(engine_->options().row_cache_bytes, engine_->options().range_cache_bytes),
      commits_(engine_, &views_, &cache_, origin.last.id, origin.last.epoch),
      committed_(engine_.get(), &cache_.rows),
      changes_(origin.last.id),
      spaces_(&locks_),
      change_log_(engine_, &commits_),
      counters_(engine_.get()),
      sequences_(engine_.get()),
      reaper_(engine_, &views_, &commits_, &counters_, &cache_.ranges),
      quiet_flush_(engine_.get()),
      estimates_(engine_.get()),
      last_commit_file_(std::move(last_commit_file)),
      recorded_(origin.last.id),
      manifest_(origin.manifest),
      commits_lost_(origin.commits_lost) {
  commits_.AddObserver(&changes_);
  commits_.RenewView();
  if (engine_->options().jobs != nullptr) KeepHouse(housekeeping);
}

RocksStore::~RocksStore() {
  // A destructor has nobody to tell; whoever must know calls Close.
  const Status ignored = Close();
}

size_t RocksStore::AddViewExtender(ViewExtender* extender) {
  const size_t number = views_.AddExtender(extender);
  commits_.RenewView();
  return number;
}

std::unique_ptr<Transaction> RocksStore::Begin(IsolationLevel isolation, WaitParty* party) {
  return std::make_unique<RocksTransaction>(
      TransactionParts{engine_.get(), &committed_, &views_, &commits_, &spaces_, &waits_},
      isolation, party);
}

Result<bool> RocksStore::Get(const ReadView& view, std::string_view key, std::string* value) {
  return committed_.Get(static_cast<const RocksView&>(view), key, value);
}

Status RocksStore::MultiGet(const ReadView& view, RowBatch* batch) {
  return committed_.MultiGet(static_cast<const RocksView&>(view), batch);
}

std::unique_ptr<Iterator> RocksStore::Scan(std::shared_ptr<ReadView> view, const KeyRange& range,
                                           bool backward) {
  OMEN_CHECK(range.lower.size() >= kStoragePrefixBytes);
  return std::make_unique<RangeReader>(std::static_pointer_cast<RocksView>(view), &cache_.ranges,
                                       range, backward);
}

uint64_t RocksStore::EpochOf(CommitId commit) const {
  if (commit == 0 || commit > last_commit()) return 0;
  uint64_t found = 0;
  for (const auto& [epoch, first] : epochs_) {
    if (first <= commit) found = epoch;
  }
  return found;
}

Result<std::vector<catalog::Object>> RocksStore::LoadCatalog() {
  std::vector<catalog::Object> objects;
  std::unique_ptr<rocksdb::Iterator> iterator(
      engine_->db()->NewIterator(rocksdb::ReadOptions(), engine_->meta()));
  const std::string prefix(1, kCatalogPrefix);
  for (iterator->Seek(prefix); iterator->Valid() && iterator->key().starts_with(prefix);
       iterator->Next()) {
    const rocksdb::Slice key = iterator->key(), value = iterator->value();
    if (key.size() != 2 + sizeof(Oid)) {
      return Status(sqlstate::kDataCorrupted, "catalogue key is damaged");
    }
    OMEN_ASSIGN_OR_RETURN(catalog::Object object,
                          catalog::DecodeObject(static_cast<catalog::ObjectClass>(key[1]),
                                                {value.data(), value.size()}));
    objects.push_back(std::move(object));
  }
  OMEN_RETURN_IF_ERROR(FromEngine(iterator->status(), "read the catalogue"));
  return objects;
}

Result<std::unique_ptr<BulkLoader>> RocksStore::NewBulkLoader(catalog::StorageId storage) {
  return std::unique_ptr<BulkLoader>(
      std::make_unique<RocksBulkLoader>(engine_, storage, kBulkBufferBytes));
}

std::vector<CacheState> RocksStore::caches() {
  CacheState blocks{"blocks"};
  blocks.bytes_max = engine_->options().block_cache_bytes;
  (void)engine_->db()->GetIntProperty(engine_->rows(), rocksdb::DB::Properties::kBlockCacheUsage,
                                      &blocks.bytes);
  const RowCache::Counts rows = cache_.rows.counts();
  const RangeCache::Counts ranges = cache_.ranges.counts();
  return {blocks,
          {"rows", rows.bytes, cache_.rows.bytes_max(), rows.entries, rows.found, rows.missed},
          {"ranges", ranges.bytes, cache_.ranges.bytes_max(), ranges.ranges, ranges.found,
           ranges.missed}};
}

Status RocksStore::VerifyChecksums(std::vector<std::string>* faults) {
  rocksdb::DB* db = engine_->db();
  OMEN_RETURN_IF_ERROR(FromEngine(
      db->Flush(rocksdb::FlushOptions(), {engine_->meta(), engine_->rows()}), "flush rows"));
  // A compaction that ends meanwhile must not take listed files away.
  OMEN_RETURN_IF_ERROR(FromEngine(db->DisableFileDeletions(), "hold files"));
  std::vector<rocksdb::LiveFileMetaData> files;
  db->GetLiveFilesMetaData(&files);
  for (const rocksdb::LiveFileMetaData& file : files) {
    const std::string path = file.db_path + file.name;
    rocksdb::SstFileReader reader(engine_->table_options());
    rocksdb::Status status = reader.Open(path);
    if (status.ok()) status = reader.VerifyChecksum();
    if (!status.ok()) faults->push_back(fmt::format("{}: {}", path, status.ToString()));
  }
  return FromEngine(db->EnableFileDeletions(/*force=*/false), "release files");
}

void RocksStore::KeepHouse(std::chrono::milliseconds housekeeping) {
  const auto add = [&](std::string name, std::chrono::milliseconds every, auto work) {
    jobs::JobOptions job;
    job.name = std::move(name);
    job.urgency = jobs::Urgency::kDue;
    job.every = every;
    jobs_.push_back(
        engine_->options().jobs->Add(std::move(job), [work](jobs::JobRun*) { return work(); }));
  };
  // Written in place, so a full disk does not stop it; another failure is met again next time.
  if (engine_->options().sync) {
    add("rows.mark", housekeeping, [this] { return RecordMark(); });
    add("rows.sync_log", engine_->options().sync_delay, [this] { return SyncLog(); });
  }
  add("rows.reap", housekeeping, [this] { return reaper_.Reap(), Status::Ok(); });
  add("rows.flush", kFlushEvery * housekeeping,
      [this] { return quiet_flush_.Look(commits_.last_commit()); });
  add("rows.trim", kTrimEvery * housekeeping, [this] { return change_log_.Trim(), Status::Ok(); });
}

Status RocksStore::SyncLog() {
  if (last_commit() == synced_commit()) return Status::Ok();
  if (!recorded_unsynced_) OMEN_RETURN_IF_ERROR(RecordMark());
  return commits_.Sync();
}

Status RocksStore::RecordMark() {
  std::lock_guard lock(mark_mutex_);
  const bool unsynced = commits_.had_unsynced();
  const CommitId last = synced_commit();
  ManifestMark manifest = SyncManifest(engine_->database_path(), manifest_);
  if (manifest.number == 0) manifest = manifest_;
  if (last == recorded_ && manifest == manifest_ && unsynced == recorded_unsynced_) {
    return Status::Ok();
  }
  OMEN_RETURN_IF_ERROR(last_commit_file_->Write({{last, epoch()}, manifest, unsynced}));
  recorded_unsynced_ = unsynced;
  recorded_ = last;
  manifest_ = manifest;
  return Status::Ok();
}

Status RocksStore::Close() {
  if (closed_) return Status::Ok();
  closed_ = true;
  jobs_.clear();
  const Status settled = sequences_.Settle();
  const Status synced = commits_.Sync();
  views_.Close();
  // What flushes and compactions still add to the list of files must be in the mark.
  rocksdb::CancelAllBackgroundWork(engine_->db(), /*wait=*/true);
  if (!settled.ok()) return settled.Clone();
  if (!synced.ok()) return synced.Clone();
  return RecordMark();
}

}  // namespace omen::rowstore
