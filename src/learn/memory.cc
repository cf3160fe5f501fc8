#include "learn/memory.h"

#include <new>

namespace omen::learn {

namespace {
constexpr std::align_val_t kLine{64};
}

void* HeapMemory::Allocate(size_t bytes) {
  void* block = ::operator new(bytes, kLine, std::nothrow);
  if (block != nullptr) allocated_.fetch_add(bytes, std::memory_order_relaxed);
  return block;
}

void HeapMemory::Free(void* block, size_t bytes) {
  if (block == nullptr) return;
  allocated_.fetch_sub(bytes, std::memory_order_relaxed);
  ::operator delete(block, kLine);
}

}  // namespace omen::learn
