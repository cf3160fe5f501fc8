#include "rowstore/internal/storage/estimates.h"

#include "rowstore/internal/engine/steady_time.h"
#include "rowstore/key_codec.h"

namespace omen::rowstore {
namespace {

constexpr uint64_t kExactRows = 500;
constexpr uint64_t kSkipsMax = 5000;  // dead versions to walk over before guessing
constexpr int64_t kKeepMs = 1000;
constexpr size_t kKnownMax = 4096;

}  // namespace

Estimates::Estimate Estimates::Find(catalog::StorageId storage) {
  const int64_t now = NowMs();
  {
    std::lock_guard lock(mutex_);
    auto it = known_.find(storage);
    if (it != known_.end() && now - it->second.taken_ms < kKeepMs) return it->second;
  }
  Estimate estimate = Take(storage);
  estimate.taken_ms = now;
  std::lock_guard lock(mutex_);
  if (known_.size() >= kKnownMax) known_.clear();
  known_[storage] = estimate;
  return estimate;
}

Estimates::Estimate Estimates::Take(catalog::StorageId storage) const {
  std::string lower;
  AppendStoragePrefix(storage, lower);
  const std::string upper = PrefixEnd(lower);
  const rocksdb::Slice begin(lower), end(upper);
  rocksdb::DB* db = engine_->db();
  Estimate estimate;
  rocksdb::ReadOptions options;
  options.iterate_upper_bound = &end;
  options.max_skippable_internal_keys = kSkipsMax;
  std::unique_ptr<rocksdb::Iterator> iterator(db->NewIterator(options, engine_->rows()));
  for (iterator->Seek(begin); iterator->Valid() && estimate.rows <= kExactRows; iterator->Next()) {
    ++estimate.rows;
    estimate.bytes += iterator->key().size() + iterator->value().size();
  }
  if (estimate.rows <= kExactRows && iterator->status().ok()) return estimate;

  const rocksdb::Range range(begin, end);
  uint64_t memory_rows = 0, memory_bytes = 0, file_bytes = 0;
  db->GetApproximateMemTableStats(engine_->rows(), range, &memory_rows, &memory_bytes);
  rocksdb::SizeApproximationOptions sizes;
  if (!db->GetApproximateSizes(sizes, engine_->rows(), &range, 1, &file_bytes).ok()) {
    file_bytes = 0;
  }
  rocksdb::TablePropertiesCollection files;
  uint64_t entries = 0, entry_bytes = 0;
  if (db->GetPropertiesOfTablesInRange(engine_->rows(), &range, 1, &files).ok()) {
    for (const auto& [name, properties] : files) {
      entries += properties->num_entries -
                 std::min(properties->num_entries, 2 * properties->num_deletions);
      entry_bytes += properties->data_size + properties->index_size + properties->filter_size;
    }
  }
  uint64_t file_rows = 0;
  if (entry_bytes > 0) {
    const double share =
        std::min(1.0, static_cast<double>(file_bytes) / static_cast<double>(entry_bytes));
    file_rows = static_cast<uint64_t>(share * static_cast<double>(entries));
  }
  estimate.rows = std::max(estimate.rows, memory_rows + file_rows);
  estimate.bytes = std::max(estimate.bytes, memory_bytes + file_bytes);
  return estimate;
}

}  // namespace omen::rowstore
