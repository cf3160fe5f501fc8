#include "rowstore/internal/storage/storage_reaper.h"

#include <rocksdb/convenience.h>

#include <algorithm>
#include <unordered_set>

#include "base/containment.h"
#include "obs/log.h"
#include "rowstore/internal/engine/engine_status.h"
#include "rowstore/internal/engine/meta_keys.h"
#include "rowstore/key_codec.h"

namespace omen::rowstore {
namespace {

// Up to this many keys are deleted one by one: a range tombstone costs every later read.
constexpr int kFewKeys = 1000;

std::string PrefixOf(catalog::StorageId storage) {
  std::string prefix;
  AppendStoragePrefix(storage, prefix);
  return prefix;
}

}  // namespace

void StorageReaper::Drop(catalog::StorageId storage) {
  SharedChange change;
  std::lock_guard lock(mutex_);
  pending_.push_back({storage, views_->generation()});
}

std::vector<catalog::StorageId> StorageReaper::TakeReady() {
  std::vector<catalog::StorageId> ready;
  std::lock_guard lock(mutex_);
  const uint64_t oldest = views_->OldestGeneration();
  std::erase_if(pending_, [&](const Pending& pending) {
    if (pending.generation >= oldest) return false;
    ready.push_back(pending.storage);
    return true;
  });
  return ready;
}

void StorageReaper::Reap() {
  bool published_is_in_the_way = false;
  {
    std::lock_guard lock(mutex_);
    if (pending_.empty()) return;
    for (const Pending& pending : pending_) {
      published_is_in_the_way |= pending.generation >= views_->generation();
    }
  }
  if (published_is_in_the_way) commits_->RenewView();
  for (catalog::StorageId storage : TakeReady()) {
    if (Free(storage).ok()) continue;
    // A full disk, likely. An orphan at the next start at the latest.
    Drop(storage);
  }
}

Result<bool> StorageReaper::FreeFewKeys(const std::string& lower, const std::string& upper) {
  const rocksdb::Slice bound(upper);
  rocksdb::ReadOptions options;
  options.iterate_upper_bound = &bound;
  options.fill_cache = false;
  std::unique_ptr<rocksdb::Iterator> iterator(engine_->db()->NewIterator(options, engine_->rows()));
  rocksdb::WriteBatch batch;
  int count = 0;
  for (iterator->Seek(lower); iterator->Valid(); iterator->Next()) {
    if (++count > kFewKeys) return false;
    const rocksdb::Status status = batch.Delete(engine_->rows(), iterator->key());
    OMEN_CHECK(status.ok());
  }
  OMEN_RETURN_IF_ERROR(FromEngine(iterator->status(), "free storage"));
  if (count > 0) {
    // Tells readers of the log that these deletions belong to no commit.
    OMEN_CHECK(batch.PutLogData(rocksdb::Slice()).ok());
    OMEN_RETURN_IF_ERROR(engine_->Write(&batch, /*sync=*/false, /*frees=*/true));
  }
  return true;
}

/// Not synced: what a crash undoes is an orphan at the next start.
Status StorageReaper::Free(catalog::StorageId storage) {
  const std::string lower = PrefixOf(storage), upper = PrefixEnd(lower);
  const rocksdb::Slice begin(lower), end(upper);
  rocksdb::ColumnFamilyHandle* rows = engine_->rows();
  OMEN_RETURN_IF_ERROR(FromEngine(
      rocksdb::DeleteFilesInRange(engine_->db(), rows, &begin, &end, false), "free storage"));
  engine_->file_changes().Note();  // of this RocksDB does not tell
  OMEN_ASSIGN_OR_RETURN(const bool done, FreeFewKeys(lower, upper));
  if (!done) {
    rocksdb::WriteBatch batch;
    const rocksdb::Status added = batch.DeleteRange(rows, begin, end);
    OMEN_CHECK(added.ok());
    OMEN_RETURN_IF_ERROR(engine_->Write(&batch, /*sync=*/false, /*frees=*/true));
  }
  cache_->Forget(storage);
  return counters_->Drop(storage);
}

Result<std::vector<catalog::StorageId>> StorageReaper::FindOrphans(
    const std::vector<catalog::StorageId>& live) {
  std::unordered_set<catalog::StorageId> known(live.begin(), live.end());
  std::string kept;
  OMEN_RETURN_IF_ERROR(engine_->GetMeta(kKeptStoragesKey, &kept).status());
  for (size_t at = 0; at + sizeof(uint64_t) <= kept.size(); at += sizeof(uint64_t)) {
    known.insert(LoadLittleEndian<uint64_t>(kept.data() + at));
  }
  std::vector<catalog::StorageId> orphans;
  rocksdb::ReadOptions options;
  options.fill_cache = false;
  std::unique_ptr<rocksdb::Iterator> iterator(engine_->db()->NewIterator(options, engine_->rows()));
  iterator->SeekToFirst();
  while (iterator->Valid()) {
    const catalog::StorageId storage =
        StorageOfKey({iterator->key().data(), iterator->key().size()});
    if (!known.contains(storage)) orphans.push_back(storage);
    const std::string next = PrefixEnd(PrefixOf(storage));
    if (next.empty()) break;
    iterator->Seek(next);
  }
  OMEN_RETURN_IF_ERROR(FromEngine(iterator->status(), "look for orphaned storage"));
  return orphans;
}

Status StorageReaper::DropOrphans(const std::vector<catalog::StorageId>& live) {
  OMEN_ASSIGN_OR_RETURN(const auto orphans, FindOrphans(live));
  for (catalog::StorageId storage : orphans) OMEN_RETURN_IF_ERROR(Free(storage));
  return Status::Ok();
}

Status StorageReaper::KeepOrphans(const std::vector<catalog::StorageId>& live) {
  OMEN_ASSIGN_OR_RETURN(const auto orphans, FindOrphans(live));
  if (orphans.empty()) return Status::Ok();
  std::string kept;
  OMEN_RETURN_IF_ERROR(engine_->GetMeta(kKeptStoragesKey, &kept).status());
  for (catalog::StorageId storage : orphans) AppendLittleEndian<uint64_t>(kept, storage);
  OMEN_RETURN_IF_ERROR(engine_->PutMeta(kKeptStoragesKey, kept));
  obs::Log(obs::LogLevel::kWarn, "rows that no table names are kept",
           {{"storages", orphans.size()}, {"first", orphans.front()}});
  return counters_->SkipStorages(*std::max_element(orphans.begin(), orphans.end()));
}

}  // namespace omen::rowstore
