// All entries of a range of keys, in one piece of memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace omen::rowstore {

/// Every key from `lower` on that is below `upper`, with its value. Immutable.
class CachedRange {
 public:
  std::string_view lower() const { return {bytes_.data(), lower_size_}; }
  std::string_view upper() const {
    return {bytes_.data() + lower_size_, places_.front().key - lower_size_};
  }
  size_t size() const { return places_.size() - 1; }
  std::string_view key(size_t i) const {
    return {bytes_.data() + places_[i].key, places_[i].value - places_[i].key};
  }
  std::string_view value(size_t i) const {
    return {bytes_.data() + places_[i].value, places_[i + 1].key - places_[i].value};
  }
  /// The first entry that is not below; size() where there is none.
  size_t LowerBound(std::string_view key) const;
  /// Of memory, as it is accounted for.
  size_t bytes() const;

 private:
  friend class RangeBuilder;
  struct Place {
    uint32_t key, value;  // where they begin
  };
  uint32_t lower_size_ = 0;
  std::string bytes_;          // lower, upper, then key and value of each
  std::vector<Place> places_;  // and where the last one ends
};

/// Makes ranges of what a walk meets. One thread.
class RangeBuilder {
 public:
  /// Of a walk that begins at `edge`: upwards with it, or downwards below it.
  void Begin(std::string_view edge, bool backward);
  /// The walk's next entry. False: it is too large, and left out.
  bool Add(std::string_view key, std::string_view value);
  bool full() const;
  /// Where the walk is after its last entry: what is added next begins there.
  std::string EdgeBehindLast() const;
  /// From where the walk began to its last entry, that one included; null where it met none.
  std::shared_ptr<const CachedRange> End() const;
  /// To the walk's other bound, up to which there is nothing more.
  std::shared_ptr<const CachedRange> EndAt(std::string_view edge) const;

 private:
  struct Entry {
    uint32_t at, key_size, value_size;
  };
  bool backward_ = false;
  std::string edge_, bytes_;
  std::vector<Entry> entries_;  // as the walk met them
};

}  // namespace omen::rowstore
