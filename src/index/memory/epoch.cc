#include "index/memory/epoch.h"

#include <linux/membarrier.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace omen::index {

namespace {

bool RegisterBarrier() {
  static const bool registered =
      syscall(__NR_membarrier, MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED, 0, 0) == 0;
  return registered;
}

}  // namespace

EpochDomain::EpochDomain() : readers_fence_(!RegisterBarrier()) {}

std::atomic<uint64_t>* EpochDomain::EnterShared() {
  for (;;) {
    const uint64_t met = epoch_.load(std::memory_order_seq_cst);
    std::atomic<uint64_t>& readers = shared_[met & 1];
    readers.fetch_add(1, std::memory_order_seq_cst);
    if (epoch_.load(std::memory_order_seq_cst) == met) return &readers;
    readers.fetch_sub(1, std::memory_order_release);
  }
}

void EpochDomain::TryAdvance() {
  std::atomic_thread_fence(std::memory_order_seq_cst);
  // Refused after it was registered it cannot be; if it were, nothing would be freed.
  if (!readers_fence_ && syscall(__NR_membarrier, MEMBARRIER_CMD_PRIVATE_EXPEDITED, 0, 0) != 0)
    return;
  const uint64_t now = epoch_.load(std::memory_order_seq_cst);
  if (shared_[(now + 1) & 1].load(std::memory_order_seq_cst) != 0) return;
  for (const Slot& slot : slots_) {
    const uint64_t announced = slot.announced.load(std::memory_order_acquire);
    if (announced != kNobody && announced != now) return;
  }
  epoch_.store(now + 1, std::memory_order_seq_cst);
}

}  // namespace omen::index
