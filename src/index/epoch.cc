#include "index/epoch.h"

namespace omen::index {

uint32_t ThreadStripe() {
  static std::atomic<uint32_t> next{0};
  thread_local const uint32_t mine = next.fetch_add(1, std::memory_order_relaxed);
  return mine;
}

EpochDomain::Ticket EpochDomain::Enter() {
  const uint32_t stripe = ThreadStripe() % kStripes;
  for (;;) {
    const uint64_t met = epoch_.load(std::memory_order_seq_cst);
    const auto parity = static_cast<uint32_t>(met & 1);
    auto& readers = counters_[parity][stripe].readers;
    readers.fetch_add(1, std::memory_order_seq_cst);
    if (epoch_.load(std::memory_order_seq_cst) == met) return {parity, stripe};
    readers.fetch_sub(1, std::memory_order_release);
  }
}

void EpochDomain::Leave(Ticket ticket) {
  counters_[ticket.parity][ticket.stripe].readers.fetch_sub(1, std::memory_order_release);
}

void EpochDomain::TryAdvance() {
  const uint64_t now = epoch_.load(std::memory_order_seq_cst);
  for (const Counter& counter : counters_[(now + 1) & 1])
    if (counter.readers.load(std::memory_order_seq_cst) != 0) return;
  epoch_.store(now + 1, std::memory_order_seq_cst);
}

}  // namespace omen::index
