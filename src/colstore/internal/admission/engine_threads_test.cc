#include "colstore/internal/admission/engine_threads.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <stdexcept>

#include "base/check.h"

namespace omen::colstore {
namespace {

int NiceOfThread() { return getpriority(PRIO_PROCESS, static_cast<id_t>(syscall(SYS_gettid))); }

TEST(EngineThreads, GiveWayToTheirCaller) {
  EngineThreads threads(1);
  const auto caller = std::this_thread::get_id();
  int nice = 0;
  threads.Run([&] {
    EXPECT_NE(std::this_thread::get_id(), caller);
    nice = NiceOfThread();
  });
  EXPECT_GT(nice, NiceOfThread());
}

TEST(EngineThreads, WhatIsThrownReachesTheCallerAlone) {
  EngineThreads threads(1);
  EXPECT_THROW(threads.Run([] { throw std::out_of_range("far"); }), std::out_of_range);
  EXPECT_ANY_THROW(threads.Run([] { OMEN_CHECK(false); }));
  bool ran = false;
  threads.Run([&] { ran = true; });
  EXPECT_TRUE(ran);
}

TEST(EngineThreads, SoManyRunAtOnceAndTheRestInTurn) {
  EngineThreads threads(2);
  std::atomic<int> running{0}, most{0}, done{0};
  std::vector<std::thread> callers;
  for (int i = 0; i < 8; ++i) {
    callers.emplace_back([&] {
      threads.Run([&] {
        const int now = ++running;
        int seen = most.load();
        while (seen < now && !most.compare_exchange_weak(seen, now)) continue;
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
        --running;
        ++done;
      });
    });
  }
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(done.load(), 8);
  EXPECT_LE(most.load(), 2);
}

}  // namespace
}  // namespace omen::colstore
