// Memory for large structures: whole 2 MiB pages where the kernel grants them, because a random
// lookup in ordinary pages pays a page walk for every cache line.
#pragma once

#include <atomic>
#include <cstddef>

#include "learn/memory.h"

namespace omen::index {

/// Requests of at least a huge page are mapped, aligned and advised; what does not fill the last
/// huge page lies on ordinary ones. Smaller requests come from the heap. Any thread.
class PageMemory final : public learn::Memory {
 public:
  static constexpr size_t kHugePage = size_t{2} << 20, kPage = 4096;

  /// Refuses what would take it above `limit` bytes.
  explicit PageMemory(size_t limit = ~size_t{0}) : limit_(limit) {}
  void* Allocate(size_t bytes) override;
  void Free(void* block, size_t bytes) override;

  size_t allocated() const { return allocated_.load(std::memory_order_relaxed); }
  /// The most that was out at once since the beginning or the last RestartPeak.
  size_t peak() const { return peak_.load(std::memory_order_relaxed); }
  void RestartPeak() { peak_.store(allocated(), std::memory_order_relaxed); }
  size_t mapped() const { return mapped_.load(std::memory_order_relaxed); }
  /// False once madvise has refused: the kernel was built or set without huge pages.
  bool advice_taken() const { return advice_taken_.load(std::memory_order_relaxed); }

 private:
  void RaisePeak();

  const size_t limit_;
  std::atomic<size_t> allocated_{0}, mapped_{0}, peak_{0};
  std::atomic<bool> advice_taken_{true};
  learn::HeapMemory heap_;
};

/// Bytes of this process that lie on anonymous huge pages now, by the kernel's own account.
size_t HugePageBytes();

}  // namespace omen::index
