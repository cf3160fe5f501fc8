#include "rowstore/internal/commit/cached_changes.h"

#include "base/check.h"
#include "rowstore/internal/engine/meta_keys.h"
#include "rowstore/internal/engine/slices.h"

namespace omen::rowstore {
namespace {

class CachedChanges final : public rocksdb::WriteBatch::Handler {
 public:
  CachedChanges(uint64_t sequence, bool keeps, ReadCache* cache)
      : sequence_(sequence), keeps_(keeps), cache_(*cache) {}

  rocksdb::Status PutCF(uint32_t family, const rocksdb::Slice& key,
                        const rocksdb::Slice& value) override {
    if (!keeps_) return DeleteCF(family, key);
    if (family == kRowsFamilyId) cache_.Put(ViewOf(key), ViewOf(value), sequence_);
    return rocksdb::Status::OK();
  }
  rocksdb::Status DeleteCF(uint32_t family, const rocksdb::Slice& key) override {
    if (family == kRowsFamilyId) cache_.Remove(ViewOf(key), sequence_);
    return rocksdb::Status::OK();
  }
  rocksdb::Status MarkNoop(bool) override { return rocksdb::Status::OK(); }
  void LogData(const rocksdb::Slice&) override {}

 private:
  const uint64_t sequence_;
  const bool keeps_;
  ReadCache& cache_;
};

void Walk(const rocksdb::WriteBatch& batch, CachedChanges changes) {
  // Of commits, which have puts and deletions alone.
  OMEN_CHECK(batch.Iterate(&changes).ok());
}

}  // namespace

void ApplyToCache(const rocksdb::WriteBatch& batch, uint64_t sequence, ReadCache* cache) {
  Walk(batch, CachedChanges(sequence, true, cache));
}

void DropFromCache(const rocksdb::WriteBatch& batch, uint64_t sequence, ReadCache* cache) {
  Walk(batch, CachedChanges(sequence, false, cache));
}

}  // namespace omen::rowstore
