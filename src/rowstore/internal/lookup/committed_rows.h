// Look-ups of single keys among what is committed: in memory where they were looked up before,
// else in RocksDB.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "rowstore/internal/cache/row_cache.h"
#include "rowstore/internal/engine/engine.h"
#include "rowstore/internal/view/view_set.h"
#include "rowstore/row_batch.h"

namespace omen::rowstore {

/// Any thread. False: the key holds nothing. What the engine cannot read is XX001, 58030 ...
class CommittedRows {
 public:
  CommittedRows(const Engine* engine, RowCache* cache) : engine_(*engine), cache_(*cache) {}

  Result<bool> Get(const RocksView& view, std::string_view key, std::string* value) const;
  /// Sets what each key of the batch holds.
  Status MultiGet(const RocksView& view, RowBatch* batch) const;
  /// The newest value of a key that nobody else may write now.
  Result<bool> GetLocked(std::string_view key, std::string* value) const;
  /// Of a key that nobody else may write now: true where what the view reads is the newest.
  bool IsNewest(const RocksView& view, std::string_view key) const;
  /// The newest value of any key.
  Result<bool> GetNewest(std::string_view key, std::string* value) const;

 private:
  Result<bool> GetAt(const rocksdb::ReadOptions& options, uint64_t sequence, std::string_view key,
                     std::string* value) const;

  const Engine& engine_;
  RowCache& cache_;
};

}  // namespace omen::rowstore
