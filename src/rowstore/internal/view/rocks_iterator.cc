#include "rowstore/internal/view/rocks_iterator.h"

#include "rowstore/internal/engine/engine_status.h"

namespace omen::rowstore {
namespace {

// Keys begin with a storage id, of which there are fewer.
const rocksdb::Slice kBehindAllKeys("\xff\xff\xff\xff\xff\xff\xff\xff", 8);

}  // namespace

RocksIterator::RocksIterator(std::shared_ptr<RocksView> view, const KeyRange& range, bool backward)
    : RocksIterator(view, view->TakeIterator(), nullptr, range, backward) {}

RocksIterator::RocksIterator(std::shared_ptr<RocksView> view,
                             std::unique_ptr<SeekableIterator> committed,
                             std::unique_ptr<rocksdb::Iterator> over, const KeyRange& range,
                             bool backward)
    : view_(std::move(view)),
      seekable_(std::move(committed)),
      over_(std::move(over)),
      iterator_(over_ != nullptr ? over_.get() : seekable_->iterator.get()) {
  Reset(range, backward);
}

RocksIterator::~RocksIterator() { view_->KeepIterator(std::move(seekable_)); }

void RocksIterator::Reset(const KeyRange& range, bool backward) {
  range_ = range;
  backward_ = backward;
  seekable_->lower = range_.lower;
  seekable_->upper = range_.upper.empty() ? kBehindAllKeys : rocksdb::Slice(range_.upper);
  if (!backward_) {
    iterator_->Seek(seekable_->lower);
  } else {
    iterator_->SeekForPrev(seekable_->upper);
    if (iterator_->Valid() && iterator_->key() == seekable_->upper) iterator_->Prev();
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
    valid_ = iterator_->key().compare(seekable_->lower) >= 0;
  } else {
    valid_ = iterator_->key().compare(seekable_->upper) < 0;
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
