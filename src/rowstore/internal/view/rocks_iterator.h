// A RocksDB iterator with our bounds and direction.
#pragma once

#include <rocksdb/iterator.h>

#include <memory>
#include <string>

#include "rowstore/internal/view/view_set.h"
#include "rowstore/rowstore.h"

namespace omen::rowstore {

/// Its ReadOptions point into itself, so it is made in two steps: construct, then Start with an
/// iterator made from options().
class RocksIterator final : public Iterator {
 public:
  RocksIterator(std::shared_ptr<RocksView> view, const KeyRange& range, bool backward);

  const rocksdb::ReadOptions& options() const { return options_; }
  void Start(rocksdb::Iterator* iterator);

  bool Valid() const override { return valid_; }
  void Next() override;
  std::string_view key() const override;
  std::string_view value() const override;
  Status status() const override;

 private:
  void Settle();

  const std::shared_ptr<RocksView> view_;
  const KeyRange range_;
  const rocksdb::Slice lower_, upper_;
  const bool backward_;
  bool valid_ = false;
  rocksdb::ReadOptions options_;
  std::unique_ptr<rocksdb::Iterator> iterator_;  // last: it uses all of the above
};

}  // namespace omen::rowstore
