// Keys that are looked up together, and what they hold.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

namespace omen::rowstore {

/// To be used again and again: it keeps its memory. One thread.
class RowBatch {
 public:
  static constexpr size_t kMax = 32;

  void Clear() { size_ = 0; }
  /// An empty key, to be filled in; at most kMax.
  std::string& Add() {
    std::string& key = entries_[size_++].key;
    key.clear();
    return key;
  }
  /// The last one added.
  void TakeBack() { --size_; }
  size_t size() const { return size_; }

  const std::string& key(size_t i) const { return entries_[i].key; }
  /// Nothing where the key holds none.
  bool found(size_t i) const { return entries_[i].found; }
  std::string_view value(size_t i) const { return entries_[i].value; }

  /// For whoever looks them up.
  std::string* buffer(size_t i) { return &entries_[i].value; }
  void SetFound(size_t i, bool found) { entries_[i].found = found; }

 private:
  struct Entry {
    std::string key, value;
    bool found = false;
  };
  std::array<Entry, kMax> entries_;
  size_t size_ = 0;
};

}  // namespace omen::rowstore
