#include "rowstore/internal/view/rocks_iterator.h"

#include "rowstore/internal/engine/engine_status.h"

namespace omen::rowstore {

RocksIterator::RocksIterator(std::shared_ptr<RocksView> view, const KeyRange& range, bool backward)
    : view_(std::move(view)),
      range_(range),
      lower_(range_.lower),
      upper_(range_.upper),
      backward_(backward),
      options_(view_->read_options()) {
  if (!range_.lower.empty()) options_.iterate_lower_bound = &lower_;
  if (!range_.upper.empty()) options_.iterate_upper_bound = &upper_;
  // Freeing blocks and files is not for the thread that answers a client.
  options_.background_purge_on_iterator_cleanup = true;
}

void RocksIterator::Start(rocksdb::Iterator* iterator) {
  iterator_.reset(iterator);
  if (!backward_) {
    if (range_.lower.empty()) {
      iterator_->SeekToFirst();
    } else {
      iterator_->Seek(lower_);
    }
  } else if (range_.upper.empty()) {
    iterator_->SeekToLast();
  } else {
    iterator_->SeekForPrev(upper_);
    if (iterator_->Valid() && iterator_->key() == upper_) iterator_->Prev();
  }
  Settle();
}

void RocksIterator::Next() {
  if (backward_) {
    iterator_->Prev();
  } else {
    iterator_->Next();
  }
  Settle();
}

/// The merge with own writes does not heed the lower bound, so both are checked here.
void RocksIterator::Settle() {
  valid_ = iterator_->Valid();
  if (!valid_) return;
  if (backward_) {
    valid_ = iterator_->key().compare(lower_) >= 0;
  } else if (!upper_.empty()) {
    valid_ = iterator_->key().compare(upper_) < 0;
  }
}

std::string_view RocksIterator::key() const {
  const rocksdb::Slice key = iterator_->key();
  return {key.data(), key.size()};
}

std::string_view RocksIterator::value() const {
  const rocksdb::Slice value = iterator_->value();
  return {value.data(), value.size()};
}

Status RocksIterator::status() const {
  return FromEngine(iterator_->status(), "read the row store");
}

}  // namespace omen::rowstore
