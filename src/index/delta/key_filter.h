// Which keys a delta may hold: a Bloom filter of single words, so that a reader whose key is not
// in the delta pays one cached load instead of a tree walk.
#pragma once

#include <atomic>
#include <cstdint>
#include <new>

#include "learn/array.h"

namespace omen::index {

/// One writer, any number of readers: bits are only ever set, so a reader of an older state of
/// the tree sees at worst a needless "maybe".
class KeyFilter {
 public:
  explicit KeyFilter(learn::Memory& memory) : memory_(memory) {}
  KeyFilter(const KeyFilter&) = delete;
  KeyFilter& operator=(const KeyFilter&) = delete;
  ~KeyFilter() {
    if (words_ != nullptr) memory_.Free(words_, count_ * sizeof(*words_));
  }

  /// About 16 bits for each of `keys` keys; false when memory is refused.
  [[nodiscard]] bool Reserve(size_t keys) {
    count_ = keys / 4 + 8;
    void* space = memory_.Allocate(count_ * sizeof(*words_));
    if (space == nullptr) return false;
    words_ = static_cast<std::atomic<uint64_t>*>(space);
    for (size_t i = 0; i < count_; ++i) new (&words_[i]) std::atomic<uint64_t>(0);
    return true;
  }
  void Add(uint64_t hash) {
    std::atomic<uint64_t>& word = words_[Place(hash)];
    word.store(word.load(std::memory_order_relaxed) | Bits(hash), std::memory_order_relaxed);
  }
  void Prefetch(uint64_t hash) const { __builtin_prefetch(&words_[Place(hash)]); }
  bool MayHold(uint64_t hash) const {
    const uint64_t bits = Bits(hash);
    return (words_[Place(hash)].load(std::memory_order_relaxed) & bits) == bits;
  }
  size_t bytes() const { return count_ * sizeof(*words_); }

 private:
  size_t Place(uint64_t hash) const {
    __extension__ using Wide = unsigned __int128;
    return static_cast<size_t>(Wide{Mixed(hash)} * count_ >> 64);
  }
  static uint64_t Mixed(uint64_t hash) {
    hash ^= hash >> 31;
    return hash * 0xD6E8FEB86659FD93u;
  }
  static uint64_t Bits(uint64_t hash) {
    const uint64_t mixed = Mixed(hash);
    return uint64_t{1} << (mixed & 63) | uint64_t{1} << (mixed >> 6 & 63) |
           uint64_t{1} << (mixed >> 12 & 63) | uint64_t{1} << (mixed >> 18 & 63);
  }

  learn::Memory& memory_;
  std::atomic<uint64_t>* words_ = nullptr;
  size_t count_ = 0;
};

}  // namespace omen::index
