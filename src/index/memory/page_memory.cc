#include "index/memory/page_memory.h"

#include <sys/mman.h>

#include <cstdint>
#include <cstdio>
#include <cstring>

namespace omen::index {

namespace {

size_t RoundedUp(size_t bytes, size_t page) { return (bytes + page - 1) & ~(page - 1); }

// Maps one huge page more than asked for and gives the unaligned ends back.
void* MapAligned(size_t bytes) {
  const size_t whole = bytes + PageMemory::kHugePage;
  void* raw = mmap(nullptr, whole, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (raw == MAP_FAILED) return nullptr;
  const auto start = reinterpret_cast<uintptr_t>(raw);
  const uintptr_t aligned = RoundedUp(start, PageMemory::kHugePage);
  if (aligned != start) munmap(raw, aligned - start);
  const size_t tail = start + whole - (aligned + bytes);
  if (tail != 0) munmap(reinterpret_cast<void*>(aligned + bytes), tail);
  return reinterpret_cast<void*>(aligned);
}

}  // namespace

void* PageMemory::Allocate(size_t bytes) {
  const bool large = bytes >= kHugePage;
  const size_t size = large ? RoundedUp(bytes, kPage) : bytes;
  if (allocated_.fetch_add(size, std::memory_order_relaxed) + size > limit_) {
    allocated_.fetch_sub(size, std::memory_order_relaxed);
    return nullptr;
  }
  void* block = large ? MapAligned(size) : heap_.Allocate(size);
  if (block == nullptr) {
    allocated_.fetch_sub(size, std::memory_order_relaxed);
    return nullptr;
  }
  RaisePeak();
  if (large) {
    mapped_.fetch_add(size, std::memory_order_relaxed);
    if (madvise(block, size, MADV_HUGEPAGE) != 0)
      advice_taken_.store(false, std::memory_order_relaxed);
  }
  return block;
}

void PageMemory::RaisePeak() {
  const size_t now = allocated();
  size_t peak = peak_.load(std::memory_order_relaxed);
  while (now > peak && !peak_.compare_exchange_weak(peak, now, std::memory_order_relaxed)) {
  }
}

void PageMemory::Free(void* block, size_t bytes) {
  if (block == nullptr) return;
  const bool large = bytes >= kHugePage;
  const size_t size = large ? RoundedUp(bytes, kPage) : bytes;
  if (large) {
    munmap(block, size);
    mapped_.fetch_sub(size, std::memory_order_relaxed);
  } else {
    heap_.Free(block, size);
  }
  allocated_.fetch_sub(size, std::memory_order_relaxed);
}

size_t HugePageBytes() {
  std::FILE* file = std::fopen("/proc/self/smaps_rollup", "r");
  if (file == nullptr) return 0;
  char line[256];
  size_t kilobytes = 0;
  while (std::fgets(line, sizeof line, file) != nullptr)
    if (std::sscanf(line, "AnonHugePages: %zu kB", &kilobytes) == 1) break;
  std::fclose(file);
  return kilobytes << 10;
}

}  // namespace omen::index
