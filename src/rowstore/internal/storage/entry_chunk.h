// A part of what is loaded in bulk, in memory: put in the order of keys before it is written.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace omen::rowstore {

/// The bytes from `from` on as a number that is ordered as they are, zeros after the last.
uint64_t NumberAt(std::string_view key, size_t from);

/// Keys with their values, all in one piece of memory. One thread at a time.
class EntryChunk {
 public:
  explicit EntryChunk(size_t bytes_max) : bytes_max_(bytes_max) {}

  void Add(std::string_view key, std::string_view value);
  bool empty() const { return entries_.empty(); }
  size_t size() const { return entries_.size(); }
  bool full() const { return bytes() >= bytes_max_; }
  size_t bytes() const { return buffer_.size() + entries_.size() * sizeof(Entry); }
  /// Every key came after a smaller one.
  bool came_in_order() const { return in_order_; }
  /// From then on the entries are in the order of their keys, equal ones side by side.
  void Sort();

  std::string_view KeyAt(size_t index) const { return KeyOf(entries_[index]); }
  /// Of the first key that is not below; in order.
  size_t LowerBound(std::string_view key) const;
  std::string_view ValueAt(size_t index) const;
  /// Has the entry's bytes fetched from memory, if there is such an entry: it will be asked for.
  void Prefetch(size_t index) const {
    if (index < entries_.size()) __builtin_prefetch(buffer_.data() + entries_[index].at);
  }

 private:
  /// What a key and its value are behind, in the buffer.
  struct Sizes {
    uint32_t key, value;
  };
  struct Entry {
    uint64_t head;  // while they are sorted: of the key, where keys begin to differ
    size_t at;
  };
  Sizes SizesOf(const Entry& entry) const;
  std::string_view KeyOf(const Entry& entry) const;
  /// Of bytes that all keys begin with.
  size_t SharedBytes() const;

  size_t bytes_max_;
  bool in_order_ = true;
  std::string buffer_;
  std::vector<Entry> entries_;
};

}  // namespace omen::rowstore
