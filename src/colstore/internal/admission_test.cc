#include "colstore/internal/admission.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

namespace omen::colstore {
namespace {

using namespace std::chrono_literals;

TEST(Admission, AdmitsNoMoreThanItsNumberAtOnce) {
  Admission admission(2);
  std::atomic<int> inside{0}, most{0}, done{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 12; ++i) {
    threads.emplace_back([&] {
      Admission::Turn turn(&admission);
      const int now = ++inside;
      int seen = most.load();
      while (seen < now && !most.compare_exchange_weak(seen, now)) continue;
      std::this_thread::sleep_for(1ms);
      --inside;
      ++done;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(done.load(), 12);
  EXPECT_LE(most.load(), 2);
}

TEST(Admission, WhoeverRunsForLongLetsTheOthersGoFirst) {
  Admission admission(1);
  std::atomic<bool> entered{false}, long_ended{false};
  std::atomic<int> others_before_end{0};
  std::thread longer([&] {
    Admission::Turn turn(&admission);
    entered = true;
    while (others_before_end.load() < 5) {
      std::this_thread::sleep_for(1ms);
      turn.Yield();
    }
    long_ended = true;
  });
  while (!entered) std::this_thread::yield();
  std::vector<std::thread> others;
  for (int i = 0; i < 5; ++i) {
    others.emplace_back([&] {
      Admission::Turn turn(&admission);
      EXPECT_FALSE(long_ended.load());
      ++others_before_end;
    });
  }
  for (std::thread& thread : others) thread.join();
  longer.join();
}

TEST(Admission, AloneItNeedNotStepBack) {
  Admission admission(1);
  Admission::Turn turn(&admission);
  std::this_thread::sleep_for(15ms);
  turn.Yield();
}

}  // namespace
}  // namespace omen::colstore
