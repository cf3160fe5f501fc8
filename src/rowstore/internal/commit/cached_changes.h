// What a commit changes of what is cached.
#pragma once

#include <rocksdb/write_batch.h>

#include <cstdint>

#include "rowstore/internal/cache/read_cache.h"

namespace omen::rowstore {

/// The cached keys that the batch writes hold what it leaves. Before any view shows that;
/// `sequence` is not below the batch's own.
void ApplyToCache(const rocksdb::WriteBatch& batch, uint64_t sequence, ReadCache* cache);
/// They are not cached: the batch was not written, or nobody knows.
void DropFromCache(const rocksdb::WriteBatch& batch, uint64_t sequence, ReadCache* cache);

}  // namespace omen::rowstore
