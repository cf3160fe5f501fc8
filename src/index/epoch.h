// Epoch-based reclamation: a reader announces itself with one atomic add, and what a writer has
// unlinked is freed once every reader who could have seen it is gone.
//
// Readers count themselves in and out under the parity of the epoch they met. The epoch moves
// on only when nobody is left under the other parity, so at epoch e + 2 nobody is left who was
// reading when e was current. There is no limit on readers and no registration.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>

namespace omen::index {

/// A number of this thread's own, given in turn: threads that take counters by it rarely share
/// a cache line.
uint32_t ThreadStripe();

/// Enter and Leave: any thread, wait-free but for a race with an advancing epoch. TryAdvance and
/// Passed: one writer at a time.
class EpochDomain {
 public:
  /// What Leave must be told.
  struct Ticket {
    uint32_t parity;
    uint32_t stripe;
  };
  Ticket Enter();
  void Leave(Ticket ticket);

  /// The tag for something that was unlinked before this call.
  uint64_t Now() const { return epoch_.load(std::memory_order_seq_cst); }
  /// Moves the epoch on if nobody holds it back.
  void TryAdvance();
  /// True when nobody can still see what was tagged `tag`.
  bool Passed(uint64_t tag) const { return Now() >= tag + 2; }

 private:
  static constexpr uint32_t kStripes = 32;
  struct alignas(64) Counter {
    std::atomic<uint64_t> readers{0};
  };

  std::atomic<uint64_t> epoch_{0};
  std::array<std::array<Counter, kStripes>, 2> counters_;
};

/// Holds a domain's epoch for a scope; for one thread.
class EpochGuard {
 public:
  explicit EpochGuard(EpochDomain& domain) : domain_(domain), ticket_(domain.Enter()) {}
  ~EpochGuard() { domain_.Leave(ticket_); }
  EpochGuard(const EpochGuard&) = delete;
  EpochGuard& operator=(const EpochGuard&) = delete;

 private:
  EpochDomain& domain_;
  const EpochDomain::Ticket ticket_;
};

}  // namespace omen::index
