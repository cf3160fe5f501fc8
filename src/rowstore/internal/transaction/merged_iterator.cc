#include "rowstore/internal/transaction/merged_iterator.h"

#include "base/check.h"
#include "rowstore/internal/engine/slices.h"

namespace omen::rowstore {

void MergedIterator::SeekToLast() { OMEN_CHECK(false); }  // every range has an end

void MergedIterator::Seek(const rocksdb::Slice& key) {
  backward_ = false;
  committed_.Seek(key);
  own_.Seek(key.ToStringView());
  Settle();
}

void MergedIterator::SeekForPrev(const rocksdb::Slice& key) {
  backward_ = true;
  committed_.SeekForPrev(key);
  own_.SeekForPrev(key.ToStringView());
  Settle();
}

/// Below 0: the committed row comes first in the direction of the walk; 0: both are of one key.
int MergedIterator::Order() const {
  const int order = committed_.key().compare(SliceOf(own_.key()));
  return backward_ ? -order : order;
}

void MergedIterator::Step() {
  if (from_ == From::kCommitted) {
    backward_ ? committed_.Prev() : committed_.Next();
  } else {
    // The committed row of the same key is hidden.
    if (committed_.Valid() && Order() == 0) backward_ ? committed_.Prev() : committed_.Next();
    backward_ ? own_.Prev() : own_.Next();
  }
}

void MergedIterator::Settle() {
  for (;;) {
    own_.Renew(backward_);
    if (!committed_.Valid() && !committed_.status().ok()) {
      from_ = From::kNone;
      return;
    }
    if (!own_.valid()) {
      from_ = committed_.Valid() ? From::kCommitted : From::kNone;
      return;
    }
    from_ = committed_.Valid() && Order() < 0 ? From::kCommitted : From::kOwn;
    if (from_ == From::kCommitted) return;
    if (!own_.deleted()) return;
    Step();
  }
}

void MergedIterator::Next() {
  OMEN_CHECK(!backward_ && Valid());
  Step();
  Settle();
}

void MergedIterator::Prev() {
  OMEN_CHECK(backward_ && Valid());
  Step();
  Settle();
}

rocksdb::Slice MergedIterator::key() const {
  return from_ == From::kOwn ? SliceOf(own_.key()) : committed_.key();
}

rocksdb::Slice MergedIterator::value() const {
  return from_ == From::kOwn ? SliceOf(own_.value()) : committed_.value();
}

}  // namespace omen::rowstore
