// Nodes of one size, cut from chunks that grow; a freed node is the next one given.
#pragma once

#include <cstddef>
#include <new>

#include "learn/array.h"

namespace omen::index {

/// One writer. Destroying the pool frees every node.
class NodePool {
 public:
  NodePool(learn::Memory& memory, size_t node_bytes)
      : memory_(memory), node_bytes_((node_bytes + 63) & ~size_t{63}), chunks_(memory) {}
  NodePool(const NodePool&) = delete;
  NodePool& operator=(const NodePool&) = delete;
  ~NodePool() {
    for (const Chunk& chunk : chunks_) memory_.Free(chunk.bytes, chunk.size);
  }

  /// Aligned to a cache line; null when memory is refused.
  void* Take() {
    if (free_ != nullptr) {
      Freed* node = free_;
      free_ = node->next;
      return node;
    }
    if (left_ < node_bytes_ && !Grow()) return nullptr;
    char* node = next_;
    next_ += node_bytes_;
    left_ -= node_bytes_;
    return node;
  }
  void GiveBack(void* node) { free_ = new (node) Freed{free_}; }
  size_t bytes() const { return bytes_; }

 private:
  struct Freed {
    Freed* next;
  };
  struct Chunk {
    char* bytes;
    size_t size;
  };
  static constexpr size_t kFirstNodes = 8, kLargest = size_t{8} << 20;

  bool Grow() {
    if (!chunks_.MakeRoom()) return false;
    size_t size = bytes_ < kLargest ? bytes_ : kLargest;
    if (size < kFirstNodes * node_bytes_) size = kFirstNodes * node_bytes_;
    auto* bytes = static_cast<char*>(memory_.Allocate(size));
    if (bytes == nullptr) return false;
    const bool room = chunks_.Append({bytes, size});
    OMEN_CHECK(room);
    next_ = bytes;
    left_ = size;
    bytes_ += size;
    return true;
  }

  learn::Memory& memory_;
  const size_t node_bytes_;
  learn::Array<Chunk> chunks_;
  Freed* free_ = nullptr;
  char* next_ = nullptr;
  size_t left_ = 0;
  size_t bytes_ = 0;
};

}  // namespace omen::index
