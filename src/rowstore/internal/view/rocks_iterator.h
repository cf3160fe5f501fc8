// A RocksDB iterator with our bounds and direction.
#pragma once

#include <memory>

#include "rowstore/internal/view/view_set.h"
#include "rowstore/rowstore.h"

namespace omen::rowstore {

class RocksIterator final : public Iterator {
 public:
  /// Over the view's committed rows.
  RocksIterator(std::shared_ptr<RocksView> view, const KeyRange& range, bool backward);
  /// `over`, if not null, reads `committed`, which the view gave, together with more.
  RocksIterator(std::shared_ptr<RocksView> view, std::unique_ptr<SeekableIterator> committed,
                std::unique_ptr<rocksdb::Iterator> over, const KeyRange& range, bool backward);
  ~RocksIterator() override;
  RocksIterator(const RocksIterator&) = delete;
  RocksIterator& operator=(const RocksIterator&) = delete;

  bool Valid() const override { return valid_; }
  void Next() override;
  void Reset(const KeyRange& range, bool backward) override;
  std::string_view key() const override;
  std::string_view value() const override;
  Status status() const override;

 private:
  void Settle();

  const std::shared_ptr<RocksView> view_;
  std::unique_ptr<SeekableIterator> seekable_;
  const std::unique_ptr<rocksdb::Iterator> over_;
  rocksdb::Iterator* const iterator_;
  KeyRange range_;  // what seekable_'s bounds point to
  bool backward_ = false;
  bool valid_ = false;
};

}  // namespace omen::rowstore
