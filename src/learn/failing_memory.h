// For tests: a memory that refuses one request, to prove that every refusal is survived.
#pragma once

#include <atomic>
#include <cstdint>

#include "learn/memory.h"

namespace omen::learn {

/// Refuses the request with the given number (0 is the first), or from it on. Any thread.
class FailingMemory final : public Memory {
 public:
  enum class Mode { kOnce, kFromThere };
  explicit FailingMemory(int64_t refuse = -1, Mode mode = Mode::kOnce)
      : refuse_(refuse), mode_(mode) {}

  void* Allocate(size_t bytes) override {
    const int64_t number = requests_.fetch_add(1);
    if (number == refuse_ || (mode_ == Mode::kFromThere && refuse_ >= 0 && number >= refuse_))
      return nullptr;
    return heap_.Allocate(bytes);
  }
  void Free(void* block, size_t bytes) override { heap_.Free(block, bytes); }

  int64_t requests() const { return requests_.load(); }
  size_t allocated() const { return heap_.allocated(); }

 private:
  const int64_t refuse_;
  const Mode mode_;
  std::atomic<int64_t> requests_{0};
  HeapMemory heap_;
};

}  // namespace omen::learn
