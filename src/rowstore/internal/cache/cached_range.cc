#include "rowstore/internal/cache/cached_range.h"

namespace omen::rowstore {
namespace {

constexpr size_t kEntriesMax = 128;
constexpr size_t kBytesMax = 16 << 10;
// Its own, the allocator's, the directory's, the clock's.
constexpr size_t kRangeOverhead = 240;

}  // namespace

size_t CachedRange::LowerBound(std::string_view wanted) const {
  size_t below = 0, count = size();
  while (count > 0) {
    const size_t half = count / 2;
    if (key(below + half) < wanted) {
      below += half + 1;
      count -= half + 1;
    } else {
      count = half;
    }
  }
  return below;
}

size_t CachedRange::bytes() const {
  return bytes_.capacity() + places_.capacity() * sizeof(Place) + kRangeOverhead;
}

void RangeBuilder::Begin(std::string_view edge, bool backward) {
  backward_ = backward;
  edge_ = edge;
  bytes_.clear();
  entries_.clear();
}

bool RangeBuilder::Add(std::string_view key, std::string_view value) {
  if (key.size() + value.size() > kBytesMax) return false;
  entries_.push_back({static_cast<uint32_t>(bytes_.size()), static_cast<uint32_t>(key.size()),
                      static_cast<uint32_t>(value.size())});
  bytes_.append(key);
  bytes_.append(value);
  return true;
}

bool RangeBuilder::full() const {
  return entries_.size() >= kEntriesMax || bytes_.size() >= kBytesMax;
}

std::string RangeBuilder::EdgeBehindLast() const {
  if (entries_.empty()) return edge_;
  std::string edge = bytes_.substr(entries_.back().at, entries_.back().key_size);
  if (!backward_) edge.push_back('\0');  // the smallest key above
  return edge;
}

std::shared_ptr<const CachedRange> RangeBuilder::End() const {
  return entries_.empty() ? nullptr : EndAt(EdgeBehindLast());
}

std::shared_ptr<const CachedRange> RangeBuilder::EndAt(std::string_view edge) const {
  const std::string_view lower = backward_ ? edge : edge_, upper = backward_ ? edge_ : edge;
  auto range = std::make_shared<CachedRange>();
  range->lower_size_ = static_cast<uint32_t>(lower.size());
  std::string& bytes = range->bytes_;
  bytes.reserve(lower.size() + upper.size() + bytes_.size());
  bytes.append(lower).append(upper);
  range->places_.reserve(entries_.size() + 1);
  for (size_t i = 0; i < entries_.size(); ++i) {
    const Entry& entry = entries_[backward_ ? entries_.size() - 1 - i : i];
    const auto at = static_cast<uint32_t>(bytes.size());
    range->places_.push_back({at, at + entry.key_size});
    bytes.append(bytes_, entry.at, entry.key_size + entry.value_size);
  }
  const auto end = static_cast<uint32_t>(bytes.size());
  range->places_.push_back({end, end});
  return range;
}

}  // namespace omen::rowstore
