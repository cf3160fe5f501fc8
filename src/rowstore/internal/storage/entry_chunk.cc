#include "rowstore/internal/storage/entry_chunk.h"

#include <algorithm>
#include <cstring>

#include "base/bytes.h"

namespace omen::rowstore {

uint64_t NumberAt(std::string_view key, size_t from) {
  if (key.size() >= from + sizeof(uint64_t)) return LoadBigEndian<uint64_t>(key.data() + from);
  char bytes[sizeof(uint64_t)] = {};
  std::memcpy(bytes, key.data() + from, key.size() - from);
  return LoadBigEndian<uint64_t>(bytes);
}

void EntryChunk::Add(std::string_view key, std::string_view value) {
  // The last entry may go beyond the limit.
  if (buffer_.capacity() == 0) buffer_.reserve(bytes_max_);
  if (!entries_.empty() && in_order_) in_order_ = KeyOf(entries_.back()) < key;
  const Sizes sizes{static_cast<uint32_t>(key.size()), static_cast<uint32_t>(value.size())};
  entries_.push_back({0, buffer_.size()});
  buffer_.append(reinterpret_cast<const char*>(&sizes), sizeof sizes);
  buffer_.append(key).append(value);
}

EntryChunk::Sizes EntryChunk::SizesOf(const Entry& entry) const {
  Sizes sizes;
  std::memcpy(&sizes, buffer_.data() + entry.at, sizeof sizes);
  return sizes;
}

std::string_view EntryChunk::KeyOf(const Entry& entry) const {
  return {buffer_.data() + entry.at + sizeof(Sizes), SizesOf(entry).key};
}

std::string_view EntryChunk::ValueAt(size_t index) const {
  const Entry& entry = entries_[index];
  const Sizes sizes = SizesOf(entry);
  return {buffer_.data() + entry.at + sizeof sizes + sizes.key, sizes.value};
}

size_t EntryChunk::LowerBound(std::string_view key) const {
  const auto found = std::ranges::lower_bound(entries_, key, {},
                                              [this](const Entry& entry) { return KeyOf(entry); });
  return static_cast<size_t>(found - entries_.begin());
}

size_t EntryChunk::SharedBytes() const {
  const std::string_view first = KeyOf(entries_.front());
  size_t shared = first.size();
  for (const Entry& entry : entries_) {
    const std::string_view key = KeyOf(entry).substr(0, shared);
    shared = static_cast<size_t>(std::ranges::mismatch(key, first).in1 - key.begin());
  }
  return shared;
}

// Most comparisons read no key: memory that lies far apart is slow.
void EntryChunk::Sort() {
  if (in_order_) return;
  const size_t shared = SharedBytes();
  for (Entry& entry : entries_) entry.head = NumberAt(KeyOf(entry), shared);
  std::ranges::sort(entries_, [this](const Entry& a, const Entry& b) {
    return a.head != b.head ? a.head < b.head : KeyOf(a) < KeyOf(b);
  });
}

}  // namespace omen::rowstore
