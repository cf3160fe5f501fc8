#include "colstore/internal/admission/admission.h"

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
      Admission::Turn turn(&admission, nullptr);
      ASSERT_TRUE(turn.Take().ok());
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
    Admission::Turn turn(&admission, nullptr);
    ASSERT_TRUE(turn.Take().ok());
    entered = true;
    while (others_before_end.load() < 5) {
      std::this_thread::sleep_for(1ms);
      ASSERT_TRUE(turn.Yield().ok());
    }
    long_ended = true;
  });
  while (!entered) std::this_thread::yield();
  std::vector<std::thread> others;
  for (int i = 0; i < 5; ++i) {
    others.emplace_back([&] {
      Admission::Turn turn(&admission, nullptr);
      ASSERT_TRUE(turn.Take().ok());
      EXPECT_FALSE(long_ended.load());
      ++others_before_end;
    });
  }
  for (std::thread& thread : others) thread.join();
  longer.join();
}

TEST(Admission, TheServersOwnWorkComesAfterEveryClient) {
  Admission admission(1);
  std::vector<std::string> order;  // guarded by the only turn
  std::atomic<bool> own_waits{false}, own_has{false};
  std::jthread own;
  {
    Admission::Turn first(&admission, nullptr);
    ASSERT_TRUE(first.Take().ok());
    own = std::jthread([&] {
      const Background::Scope background;
      Admission::Turn turn(&admission, nullptr);
      own_waits = true;
      ASSERT_TRUE(turn.Take().ok());
      order.emplace_back("own");
      own_has = true;
      for (size_t seen = order.size(); order.size() == seen;) ASSERT_TRUE(turn.Yield().ok());
      order.emplace_back("own again");
    });
    while (!own_waits) std::this_thread::yield();
    std::this_thread::sleep_for(5ms);
    std::jthread client([&] {
      Admission::Turn turn(&admission, nullptr);
      ASSERT_TRUE(turn.Take().ok());
      order.emplace_back("client");
    });
    std::this_thread::sleep_for(5ms);
    std::this_thread::sleep_for(11ms);
    ASSERT_TRUE(first.Yield().ok());
    order.emplace_back("first");
  }
  while (!own_has) std::this_thread::yield();
  // It holds the turn, and steps back at its next task.
  {
    Admission::Turn later(&admission, nullptr);
    ASSERT_TRUE(later.Take().ok());
    order.emplace_back("later");
  }
  own.join();
  EXPECT_EQ(order, (std::vector<std::string>{"client", "first", "own", "later", "own again"}));
}

TEST(Admission, AloneItNeedNotStepBack) {
  Admission admission(1);
  Admission::Turn turn(&admission, nullptr);
  ASSERT_TRUE(turn.Take().ok());
  std::this_thread::sleep_for(15ms);
  EXPECT_TRUE(turn.Yield().ok());
}

TEST(Admission, WhoHasNothingToDoLetsTheOthersGoFirstAtOnce) {
  Admission admission(1);
  std::atomic<bool> waits{false}, done{false};
  Admission::Turn idle(&admission, nullptr);
  ASSERT_TRUE(idle.Take().ok());
  EXPECT_TRUE(idle.YieldIdle().ok());  // nobody waits
  std::jthread other([&] {
    Admission::Turn turn(&admission, nullptr);
    waits = true;
    ASSERT_TRUE(turn.Take().ok());
    done = true;
  });
  while (!waits) std::this_thread::yield();
  while (!done) {
    std::this_thread::sleep_for(1ms);
    ASSERT_TRUE(idle.YieldIdle().ok());
  }
}

TEST(Admission, WhoWaitsForATurnListensToItsToken) {
  Admission admission(1);
  Admission::Turn holder(&admission, nullptr);
  ASSERT_TRUE(holder.Take().ok());
  CancelToken token;
  std::jthread([&] {
    Admission::Turn waits(&admission, &token);
    std::jthread other([&] { token.Cancel(CancelToken::Reason::kTimeout); });
    EXPECT_TRUE(waits.Take().Is(sqlstate::kQueryCanceled));
  }).join();
  // It left the queue: nobody is let in in its place.
  std::this_thread::sleep_for(15ms);
  EXPECT_TRUE(holder.Yield().ok());
}

/// One that gave its turn away and was cancelled in the queue gives back nothing twice.
TEST(Admission, ACancelledStepBackHoldsNothing) {
  Admission admission(1);
  CancelToken token;
  std::atomic<bool> entered{false}, ended{false};
  std::jthread other;
  {
    Admission::Turn turn(&admission, &token);
    ASSERT_TRUE(turn.Take().ok());
    other = std::jthread([&] {
      Admission::Turn holds(&admission, nullptr);
      ASSERT_TRUE(holds.Take().ok());
      entered = true;
      token.Cancel(CancelToken::Reason::kUser);
      while (!ended) std::this_thread::yield();
    });
    Status status;
    while (status.ok()) {
      std::this_thread::sleep_for(11ms);
      status = turn.Yield();
    }
    EXPECT_TRUE(entered);
  }
  Admission::Turn next(&admission, &token);
  EXPECT_FALSE(next.Take().ok());  // the other still has the only turn
  ended = true;
}

}  // namespace
}  // namespace omen::colstore
