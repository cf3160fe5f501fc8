// What is asked of an index, counted without making readers share a cache line.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>

#include "index/memory/thread_number.h"

namespace omen::index {

/// Any thread. Threads beyond the numbered ones may lose counts: these guide choices, not answers.
class ReadCounters {
 public:
  struct Sums {
    uint64_t points = 0, batched = 0, ranges = 0;
  };
  void Points(uint32_t thread, uint64_t n) { Add(stripes_[thread].points, n); }
  void Batched(uint32_t thread, uint64_t n) { Add(stripes_[thread].batched, n); }
  void Ranges(uint32_t thread, uint64_t n) { Add(stripes_[thread].ranges, n); }
  Sums Sum() const {
    Sums sums;
    for (const Stripe& stripe : stripes_) {
      sums.points += stripe.points.load(std::memory_order_relaxed);
      sums.batched += stripe.batched.load(std::memory_order_relaxed);
      sums.ranges += stripe.ranges.load(std::memory_order_relaxed);
    }
    return sums;
  }

 private:
  struct alignas(64) Stripe {
    std::atomic<uint64_t> points{0}, batched{0}, ranges{0};
  };
  static void Add(std::atomic<uint64_t>& to, uint64_t n) {
    to.store(to.load(std::memory_order_relaxed) + n, std::memory_order_relaxed);
  }

  std::array<Stripe, kNumberedThreads + 1> stripes_;
};

}  // namespace omen::index
