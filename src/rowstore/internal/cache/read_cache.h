// What is kept in memory of what was read.
#pragma once

#include "rowstore/internal/cache/range_cache.h"
#include "rowstore/internal/cache/row_cache.h"

namespace omen::rowstore {

/// Any thread.
struct ReadCache {
  ReadCache(size_t row_bytes, size_t range_bytes) : rows(row_bytes), ranges(range_bytes) {}

  /// As theirs: a commit up to that sequence number wrote or removed the key.
  void Put(std::string_view key, std::string_view value, uint64_t sequence) noexcept {
    rows.Put(key, value, sequence);
    ranges.Change(key, sequence);
  }
  void Remove(std::string_view key, uint64_t sequence) noexcept {
    rows.Remove(key, sequence);
    ranges.Change(key, sequence);
  }

  RowCache rows;
  RangeCache ranges;
};

}  // namespace omen::rowstore
