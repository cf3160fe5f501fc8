#include "index/memory/epoch.h"

#include <gtest/gtest.h>

#include <memory>
#include <thread>
#include <vector>

namespace omen::index {
namespace {

TEST(EpochDomain, AReaderHoldsBackWhatItMaySee) {
  EpochDomain domain;
  const auto ticket = domain.Enter();
  const uint64_t tag = domain.Now();
  for (int i = 0; i < 5; ++i) domain.TryAdvance();
  EXPECT_FALSE(domain.Passed(tag));
  { const EpochGuard nested(domain); }
  for (int i = 0; i < 5; ++i) domain.TryAdvance();
  EXPECT_FALSE(domain.Passed(tag)) << "leaving the inner scope is not leaving";
  EpochDomain::Leave(ticket);
  for (int i = 0; i < 5; ++i) domain.TryAdvance();
  EXPECT_TRUE(domain.Passed(tag));
}

// More threads than slots: each holds the domain back, each may leave in any order.
TEST(EpochDomain, ThreadsBeyondTheNumberedOnesCountToo) {
  EpochDomain domain;
  std::atomic<uint32_t> inside{0};
  std::atomic<bool> leave{false};
  std::vector<std::thread> threads;
  for (uint32_t i = 0; i < kNumberedThreads + 8; ++i)
    threads.emplace_back([&] {
      const EpochGuard guard(domain);
      ++inside;
      while (!leave.load()) std::this_thread::yield();
    });
  while (inside.load() != kNumberedThreads + 8) std::this_thread::yield();
  const uint64_t tag = domain.Now();
  for (int i = 0; i < 5; ++i) domain.TryAdvance();
  EXPECT_FALSE(domain.Passed(tag));
  leave = true;
  for (std::thread& thread : threads) thread.join();
  for (int i = 0; i < 5; ++i) domain.TryAdvance();
  EXPECT_TRUE(domain.Passed(tag));
}

// A value is unlinked, tagged, and freed when its tag has passed; readers must never meet a
// freed one. (With a sanitizer the read itself would be caught as well.)
TEST(EpochDomain, NothingIsFreedUnderAReader) {
  EpochDomain domain;
  struct Value {
    std::atomic<int> alive{1};
  };
  std::vector<std::unique_ptr<Value>> all;
  for (int i = 0; i < 20000; ++i) all.push_back(std::make_unique<Value>());
  std::atomic<Value*> current{all[0].get()};
  std::atomic<bool> stop{false};
  std::atomic<uint64_t> dead_reads{0};
  std::vector<std::thread> readers;
  for (int i = 0; i < 3; ++i)
    readers.emplace_back([&] {
      while (!stop.load(std::memory_order_relaxed)) {
        const EpochGuard guard(domain);
        const Value* value = current.load(std::memory_order_acquire);
        for (int look = 0; look < 20; ++look)
          dead_reads += value->alive.load(std::memory_order_relaxed) == 0;
      }
    });
  size_t freed = 0;
  std::vector<uint64_t> tags(all.size());
  const auto free_passed = [&](size_t end) {
    for (; freed < end && domain.Passed(tags[freed]); ++freed)
      all[freed]->alive.store(0, std::memory_order_relaxed);
  };
  for (size_t i = 1; i < all.size(); ++i) {
    current.store(all[i].get(), std::memory_order_seq_cst);
    tags[i - 1] = domain.Now();
    domain.TryAdvance();
    free_passed(i);
    if (i % 64 == 0) std::this_thread::yield();
  }
  stop = true;
  for (std::thread& reader : readers) reader.join();
  EXPECT_EQ(dead_reads.load(), 0u);
  for (int i = 0; i < 3; ++i) domain.TryAdvance();
  free_passed(all.size() - 1);
  EXPECT_EQ(freed, all.size() - 1) << "without readers nothing is held back";
}

}  // namespace
}  // namespace omen::index
