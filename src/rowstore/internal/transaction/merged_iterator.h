// Committed rows and a transaction's own writes, in one order; an own write hides the row.
#pragma once

#include <rocksdb/iterator.h>

#include "rowstore/internal/transaction/own_writes.h"

namespace omen::rowstore {

/// As RocksDB's iterators; goes on in the direction of its last seek alone. `committed` and `own`
/// outlive it.
class MergedIterator final : public rocksdb::Iterator {
 public:
  MergedIterator(rocksdb::Iterator* committed, const OwnWrites* own)
      : committed_(*committed), own_(own) {}

  bool Valid() const override { return from_ != From::kNone; }
  void SeekToFirst() override { Seek({}); }
  void SeekToLast() override;
  void Seek(const rocksdb::Slice& key) override;
  void SeekForPrev(const rocksdb::Slice& key) override;
  void Next() override;
  void Prev() override;
  rocksdb::Slice key() const override;
  rocksdb::Slice value() const override;
  rocksdb::Status status() const override { return committed_.status(); }

 private:
  enum class From : uint8_t { kNone, kCommitted, kOwn };

  /// Steps over what is at both, and over what own writes deleted.
  void Settle();
  void Step();
  int Order() const;

  rocksdb::Iterator& committed_;
  OwnCursor own_;
  From from_ = From::kNone;
  bool backward_ = false;
};

}  // namespace omen::rowstore
