#include "rowstore/internal/lookup/committed_rows.h"

#include <array>

#include "rowstore/internal/engine/engine_status.h"
#include "rowstore/internal/engine/slices.h"

namespace omen::rowstore {

Result<bool> CommittedRows::GetAt(const rocksdb::ReadOptions& options, uint64_t sequence,
                                  std::string_view key, std::string* value) const {
  if (cache_.Find(key, sequence, value)) return true;
  const rocksdb::Status status = engine_.db()->Get(options, engine_.rows(), SliceOf(key), value);
  if (status.IsNotFound()) return false;
  OMEN_RETURN_IF_ERROR(FromEngine(status, "read the row store"));
  cache_.Add(key, *value, sequence);
  return true;
}

Result<bool> CommittedRows::Get(const RocksView& view, std::string_view key,
                                std::string* value) const {
  return GetAt(view.read_options(), view.sequence(), key, value);
}

/// Whoever wrote the key last has told the cache before its lock was free: that commit is older
/// than the present, and what is read now is what it left.
Result<bool> CommittedRows::GetLocked(std::string_view key, std::string* value) const {
  return GetAt(rocksdb::ReadOptions(), engine_.db()->GetLatestSequenceNumber(), key, value);
}

bool CommittedRows::IsNewest(const RocksView& view, std::string_view key) const {
  return cache_.IsUnchanged(key, view.sequence());
}

Result<bool> CommittedRows::GetNewest(std::string_view key, std::string* value) const {
  const rocksdb::Status status =
      engine_.db()->Get(rocksdb::ReadOptions(), engine_.rows(), SliceOf(key), value);
  if (status.IsNotFound()) return false;
  OMEN_RETURN_IF_ERROR(FromEngine(status, "read the row store"));
  return true;
}

Status CommittedRows::MultiGet(const RocksView& view, RowBatch* batch) const {
  const uint64_t sequence = view.sequence();
  std::array<size_t, RowBatch::kMax> missed;
  size_t count = 0;
  for (size_t i = 0; i < batch->size(); ++i) {
    const bool found = cache_.Find(batch->key(i), sequence, batch->buffer(i));
    batch->SetFound(i, found);
    if (!found) missed[count++] = i;
  }
  if (count == 0) return Status::Ok();
  std::array<rocksdb::Slice, RowBatch::kMax> keys;
  std::array<rocksdb::PinnableSlice, RowBatch::kMax> values;
  std::array<rocksdb::Status, RowBatch::kMax> statuses;
  for (size_t i = 0; i < count; ++i) keys[i] = batch->key(missed[i]);
  engine_.db()->MultiGet(view.read_options(), engine_.rows(), count, keys.data(), values.data(),
                         statuses.data());
  for (size_t i = 0; i < count; ++i) {
    if (statuses[i].IsNotFound()) continue;
    OMEN_RETURN_IF_ERROR(FromEngine(statuses[i], "read the row store"));
    batch->SetFound(missed[i], true);
    batch->buffer(missed[i])->assign(ViewOf(values[i]));
    cache_.Add(batch->key(missed[i]), ViewOf(values[i]), sequence);
  }
  return Status::Ok();
}

}  // namespace omen::rowstore
