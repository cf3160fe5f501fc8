// Epoch-based reclamation: a reader announces the epoch it began in, and what a writer has
// unlinked is freed once every reader who could have seen it is gone.
//
// A reader's announcement is a plain store to a slot of its thread, without a fence: a fence would
// make every lookup wait for the memory of the one before. The writer, who is rare, pays instead:
// before it looks at the slots it makes all running threads pass a barrier (membarrier(2); where
// the kernel has none, readers fence). Threads beyond the numbered ones share atomic counters.
//
// The epoch moves on only when nobody is left in the one before, so at epoch e + 2 nobody is left
// who was reading when e was current.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>

#include "index/memory/thread_number.h"

namespace omen::index {

/// Enter and Leave: any thread, nested too, never waiting. TryAdvance and Passed: one writer at
/// a time.
class EpochDomain {
 public:
  /// What Leave must be told: what holds the epoch for this reader, if it is not held already.
  struct Ticket {
    std::atomic<uint64_t>* own_slot = nullptr;
    std::atomic<uint64_t>* shared_count = nullptr;
  };
  EpochDomain();
  /// `number` is the calling thread's.
  Ticket Enter(uint32_t number = ThreadNumber()) {
    if (number >= kNumberedThreads) return {nullptr, EnterShared()};
    std::atomic<uint64_t>& slot = slots_[number].announced;
    if (slot.load(std::memory_order_relaxed) != kNobody) return {};
    slot.store(epoch_.load(std::memory_order_relaxed), std::memory_order_relaxed);
    // Keeps the compiler from moving reads up; the processor is held by the writer's barrier.
    std::atomic_signal_fence(std::memory_order_seq_cst);
    if (readers_fence_) std::atomic_thread_fence(std::memory_order_seq_cst);
    return {&slot, nullptr};
  }
  static void Leave(const Ticket& ticket) {
    if (ticket.own_slot != nullptr) {
      ticket.own_slot->store(kNobody, std::memory_order_release);
    } else if (ticket.shared_count != nullptr) {
      ticket.shared_count->fetch_sub(1, std::memory_order_release);
    }
  }

  /// The tag for something that was unlinked before this call.
  uint64_t Now() const { return epoch_.load(std::memory_order_seq_cst); }
  /// Moves the epoch on if nobody holds it back. Costs some microseconds.
  void TryAdvance();
  /// True when nobody can still see what was tagged `tag`.
  bool Passed(uint64_t tag) const { return Now() >= tag + 2; }

 private:
  static constexpr uint64_t kNobody = ~uint64_t{0};
  struct alignas(64) Slot {
    std::atomic<uint64_t> announced{kNobody};
  };
  std::atomic<uint64_t>* EnterShared();

  std::atomic<uint64_t> epoch_{0};
  const bool readers_fence_;
  std::array<Slot, kNumberedThreads> slots_;
  std::array<std::atomic<uint64_t>, 2> shared_{};  // readers by their epoch's parity
};

/// Holds a domain's epoch for a scope; for one thread.
class EpochGuard {
 public:
  explicit EpochGuard(EpochDomain& domain, uint32_t thread = ThreadNumber())
      : ticket_(domain.Enter(thread)) {}
  ~EpochGuard() { EpochDomain::Leave(ticket_); }
  EpochGuard(const EpochGuard&) = delete;
  EpochGuard& operator=(const EpochGuard&) = delete;

 private:
  const EpochDomain::Ticket ticket_;
};

}  // namespace omen::index
