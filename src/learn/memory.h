// Where learned structures get their bytes: a seam, so that a test can refuse any request and
// an owner can count them.
#pragma once

#include <atomic>
#include <cstddef>

namespace omen::learn {

/// A source of memory that may say no. Any thread.
class Memory {
 public:
  virtual ~Memory() = default;
  /// Aligned to 64 bytes; null when refused. The bytes are undefined.
  virtual void* Allocate(size_t bytes) = 0;
  /// What Allocate gave, with the same size. Null is ignored.
  virtual void Free(void* block, size_t bytes) = 0;
};

/// The C++ heap; counts what is out.
class HeapMemory final : public Memory {
 public:
  void* Allocate(size_t bytes) override;
  void Free(void* block, size_t bytes) override;
  size_t allocated() const { return allocated_.load(std::memory_order_relaxed); }

 private:
  std::atomic<size_t> allocated_{0};
};

}  // namespace omen::learn
