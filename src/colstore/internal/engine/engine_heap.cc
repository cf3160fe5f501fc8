#include "colstore/internal/engine/engine_heap.h"

#include <atomic>
#include <mutex>
#include <utility>

#include "duckdb/common/allocator.hpp"

namespace omen::colstore {
namespace {

using duckdb::Allocator;
using duckdb::data_ptr_t;
using duckdb::idx_t;
using duckdb::PrivateAllocatorData;

// Smaller ones are not worth the count, and no statement keeps many of them outside of buffers.
constexpr idx_t kCountedBytes = 64 << 10;
// A block of the file: the engine has made room for it among its buffers.
constexpr idx_t kBufferBytes = 256 << 10;

std::atomic<int64_t> heap_limit{INT64_MAX};
std::atomic<int64_t> heap_used{0};
constinit thread_local bool heap_unlimited = false;

bool TakeFromHeap(int64_t bytes) {
  const int64_t used = heap_used.fetch_add(bytes, std::memory_order_relaxed) + bytes;
  if (bytes <= static_cast<int64_t>(kBufferBytes) || heap_unlimited ||
      used <= heap_limit.load(std::memory_order_relaxed)) {
    return true;
  }
  heap_used.fetch_sub(bytes, std::memory_order_relaxed);
  return false;
}

int64_t Counted(idx_t size) { return size < kCountedBytes ? 0 : static_cast<int64_t>(size); }

// The engine makes an error of a null.
data_ptr_t AllocateCounted(PrivateAllocatorData* data, idx_t size) {
  const int64_t counted = Counted(size);
  if (counted != 0 && !TakeFromHeap(counted)) return nullptr;
  const data_ptr_t block = Allocator::DefaultAllocate(data, size);
  if (block == nullptr && counted != 0) (void)TakeFromHeap(-counted);
  return block;
}

void FreeCounted(PrivateAllocatorData* data, data_ptr_t block, idx_t size) {
  if (const int64_t counted = Counted(size); counted != 0) (void)TakeFromHeap(-counted);
  Allocator::DefaultFree(data, block, size);
}

data_ptr_t ReallocateCounted(PrivateAllocatorData* data, data_ptr_t block, idx_t old_size,
                             idx_t size) {
  const int64_t more = Counted(size) - Counted(old_size);
  if (more != 0 && !TakeFromHeap(more)) return nullptr;
  const data_ptr_t moved = Allocator::DefaultReallocate(data, block, old_size, size);
  if (moved == nullptr && more != 0) (void)TakeFromHeap(-more);
  return moved;
}

// What the library made before keeps the allocator of then, which is never destroyed.
void CountInLibrary() {
  static auto* const before = new auto(Allocator::DefaultAllocatorReference());
  (void)before;
  Allocator::DefaultAllocatorReference() =
      duckdb::make_shared_ptr<Allocator>(AllocateCounted, FreeCounted, ReallocateCounted, nullptr);
}

}  // namespace

void EngineHeap::Install(int64_t limit, duckdb::DBConfig* config) {
  heap_limit.store(limit, std::memory_order_relaxed);
  static std::once_flag once;
  std::call_once(once, CountInLibrary);
  config->allocator =
      duckdb::make_uniq<Allocator>(AllocateCounted, FreeCounted, ReallocateCounted, nullptr);
}

int64_t EngineHeap::used() { return heap_used.load(std::memory_order_relaxed); }

EngineHeap::Unlimited::Unlimited() : before_(std::exchange(heap_unlimited, true)) {}
EngineHeap::Unlimited::~Unlimited() { heap_unlimited = before_; }

}  // namespace omen::colstore
