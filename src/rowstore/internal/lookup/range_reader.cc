#include "rowstore/internal/lookup/range_reader.h"

#include "rowstore/key_codec.h"

namespace omen::rowstore {
namespace {

// A walk that is longer is not one of those that are made again and again.
constexpr size_t kFilledMax = 4096;

}  // namespace

RangeReader::RangeReader(std::shared_ptr<RocksView> view, RangeCache* cache, const KeyRange& range,
                         bool backward)
    : view_(std::move(view)), cache_(*cache), fill_left_(kFilledMax) {
  Reset(range, backward);
}

RangeReader::~RangeReader() { EndFilling(); }

void RangeReader::Reset(const KeyRange& range, bool backward) {
  EndFilling();
  range_ = range;
  backward_ = backward;
  storage_ = StorageOfKey(range_.lower);
  if (range_.upper.empty()) range_.upper = StorageRange(storage_).upper;
  edge_ = backward_ ? range_.upper : range_.lower;
  Enter();
}

void RangeReader::Enter() {
  while (!PastTheEnd()) {
    if (!EnterCached()) return EnterStored();
    if (at_ != end_) {
      valid_ = true;
      return;
    }
    edge_ = backward_ ? cached_->lower() : cached_->upper();
  }
  valid_ = false;
}

bool RangeReader::PastTheEnd() const {
  return backward_ ? edge_ <= range_.lower : edge_ >= range_.upper;
}

bool RangeReader::EnterCached() {
  cached_ = cache_.Find(storage_, edge_, backward_, view_->sequence());
  if (cached_ == nullptr) return false;
  const auto place = [&](std::string_view key) {
    return static_cast<int64_t>(cached_->LowerBound(key));
  };
  if (backward_) {
    at_ = place(edge_) - 1;
    end_ = cached_->lower() < range_.lower ? place(range_.lower) - 1 : -1;
  } else {
    at_ = place(edge_);
    end_ = cached_->upper() > range_.upper ? place(range_.upper)
                                           : static_cast<int64_t>(cached_->size());
  }
  return true;
}

void RangeReader::EnterStored() {
  const KeyRange rest = backward_ ? KeyRange{range_.lower, edge_} : KeyRange{edge_, range_.upper};
  if (stored_ == nullptr) {
    stored_ = std::make_unique<RocksIterator>(view_, rest, backward_);
  } else {
    stored_->Reset(rest, backward_);
  }
  BeginFilling();
  SettleStored();
}

void RangeReader::Next() {
  if (cached_ == nullptr) return NextStored();
  at_ += backward_ ? -1 : 1;
  if (at_ != end_) return;
  edge_ = backward_ ? cached_->lower() : cached_->upper();
  Enter();
}

void RangeReader::NextStored() {
  if (filling_ && builder_.full()) {
    edge_ = builder_.EdgeBehindLast();
    EndFilling();
    // What follows may be in memory.
    if (EnterCached()) {
      if (at_ == end_) {
        edge_ = backward_ ? cached_->lower() : cached_->upper();
        Enter();
      }
      return;
    }
    BeginFilling();
  }
  stored_->Next();
  SettleStored();
}

void RangeReader::SettleStored() {
  valid_ = stored_->Valid();
  if (!filling_) return;
  if (valid_) {
    if (!builder_.Add(stored_->key(), stored_->value())) EndFilling();
    return;
  }
  filling_ = false;
  if (stored_->status().ok()) Add(builder_.EndAt(backward_ ? range_.lower : range_.upper));
}

void RangeReader::BeginFilling() {
  filling_ = fill_left_ > 0 && cache_.Takes(storage_, view_->sequence());
  if (filling_) builder_.Begin(edge_, backward_);
}

void RangeReader::EndFilling() {
  if (std::exchange(filling_, false)) Add(builder_.End());
}

void RangeReader::Add(std::shared_ptr<const CachedRange> range) {
  if (range == nullptr) return;
  fill_left_ -= std::min(fill_left_, range->size() + 1);
  cache_.Add(storage_, std::move(range), view_->sequence());
}

std::string_view RangeReader::key() const {
  return cached_ != nullptr ? cached_->key(static_cast<size_t>(at_)) : stored_->key();
}

std::string_view RangeReader::value() const {
  return cached_ != nullptr ? cached_->value(static_cast<size_t>(at_)) : stored_->value();
}

Status RangeReader::status() const {
  return cached_ == nullptr && stored_ != nullptr ? stored_->status() : Status::Ok();
}

}  // namespace omen::rowstore
