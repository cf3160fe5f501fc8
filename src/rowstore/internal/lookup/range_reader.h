// A walk over committed rows: through what is in memory, and through RocksDB where that ends.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "rowstore/internal/cache/range_cache.h"
#include "rowstore/internal/view/rocks_iterator.h"
#include "rowstore/internal/view/view_set.h"
#include "rowstore/view.h"

namespace omen::rowstore {

/// What it reads from RocksDB it adds to the cache, but for walks that are long: what they read
/// would push out what is read again. One thread.
class RangeReader final : public Iterator {
 public:
  RangeReader(std::shared_ptr<RocksView> view, RangeCache* cache, const KeyRange& range,
              bool backward);
  ~RangeReader() override;
  RangeReader(const RangeReader&) = delete;
  RangeReader& operator=(const RangeReader&) = delete;

  bool Valid() const override { return valid_; }
  void Next() override;
  void Reset(const KeyRange& range, bool backward) override;
  std::string_view key() const override;
  std::string_view value() const override;
  Status status() const override;

 private:
  /// Goes on at edge_.
  void Enter();
  bool EnterCached();
  void EnterStored();
  bool PastTheEnd() const;
  void NextStored();
  void SettleStored();
  void BeginFilling();
  /// Keeps what was met, if nothing is known of what follows.
  void EndFilling();
  void Add(std::shared_ptr<const CachedRange> range);

  const std::shared_ptr<RocksView> view_;
  RangeCache& cache_;
  KeyRange range_;
  bool backward_ = false, valid_ = false;
  catalog::StorageId storage_ = 0;
  std::string edge_;  // where what is not walked over begins

  std::shared_ptr<const CachedRange> cached_;  // null: RocksDB is read
  int64_t at_ = 0, end_ = 0;                   // in it

  std::unique_ptr<RocksIterator> stored_;
  RangeBuilder builder_;
  bool filling_ = false;
  size_t fill_left_;
};

}  // namespace omen::rowstore
