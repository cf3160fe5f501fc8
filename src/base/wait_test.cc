#include "base/wait.h"

#include <gtest/gtest.h>
#include <poll.h>
#include <unistd.h>

#include <thread>
#include <vector>

namespace omen {
namespace {

using namespace std::chrono_literals;

const auto kNever = [] { return false; };

WaitLimit::TimePoint In(std::chrono::milliseconds delay) {
  return std::chrono::steady_clock::now() + delay;
}

TEST(WaitTest, EndsWhenWhatIsWaitedForHasCome) {
  std::mutex mutex;
  Condition changed;
  int value = 0;
  std::jthread other([&] {
    std::lock_guard lock(mutex);
    value = 7;
    changed.NotifyAll();
  });
  std::unique_lock lock(mutex);
  EXPECT_EQ(changed.Wait(lock, WaitLimit(), [&] { return value == 7; }), Woken::kReady);
}

TEST(WaitTest, EndsWithTheReasonOfACancelBeforeOrDuringIt) {
  std::mutex mutex;
  Condition changed;
  for (const bool before : {true, false}) {
    CancelToken token;
    if (before) token.Cancel(CancelToken::Reason::kTimeout);
    std::jthread other([&] {
      if (!before) token.Cancel(CancelToken::Reason::kTimeout);
    });
    std::unique_lock lock(mutex);
    const Status status = changed.Wait(lock, &token, kNever);
    EXPECT_EQ(status.ToString(), token.Check().ToString());
    EXPECT_TRUE(lock.owns_lock());
  }
}

TEST(WaitTest, EndsAtItsMoment) {
  std::mutex mutex;
  std::unique_lock lock(mutex);
  Condition changed;
  EXPECT_EQ(changed.Wait(lock, WaitLimit(nullptr, In(1ms)), kNever), Woken::kTimeout);
  EXPECT_FALSE(changed.WaitInBackground(lock, In(-1ms), kNever));
  EXPECT_TRUE(changed.WaitInBackground(lock, In(-1ms), [] { return true; }));
}

/// Cancelled waiters and others wait for tickets that are handed out one by one. A notification
/// that meets a waiter which is just giving up must reach another one, or this never ends.
TEST(WaitTest, ANotificationIsNotLostToAWaiterThatGivesUp) {
  constexpr int kTakers = 4, kTickets = 200;
  std::mutex mutex;
  Condition given;
  int tickets = 0;
  std::vector<CancelToken> tokens(kTickets);
  std::vector<std::jthread> threads;
  for (int i = 0; i < kTickets; ++i) {
    threads.emplace_back([&, i] {
      std::unique_lock lock(mutex);
      if (given.Wait(lock, WaitLimit(&tokens[static_cast<size_t>(i)]),
                     [&] { return tickets > 0; }) == Woken::kReady) {
        --tickets;
        ++tickets;  // handed back: only the takers keep theirs
        given.NotifyOne();
      }
    });
  }
  for (int i = 0; i < kTakers; ++i) {
    threads.emplace_back([&] {
      for (int taken = 0; taken < kTickets / kTakers; ++taken) {
        std::unique_lock lock(mutex);
        given.WaitInBackground(lock, [&] { return tickets > 0; });
        --tickets;
      }
    });
  }
  for (int i = 0; i < kTickets; ++i) {
    {
      std::lock_guard lock(mutex);
      ++tickets;
    }
    given.NotifyOne();
    tokens[static_cast<size_t>(i)].Cancel(CancelToken::Reason::kUser);
  }
}

TEST(WaitTest, ASleepIsCutShortByItsToken) {
  EXPECT_TRUE(SleepFor(1ms, nullptr).ok());
  CancelToken token;
  std::jthread other([&] { token.Cancel(CancelToken::Reason::kShutdown); });
  EXPECT_TRUE(SleepFor(std::chrono::nanoseconds::max(), &token).Is(sqlstate::kAdminShutdown));
}

TEST(WaitTest, ADescriptorIsWaitedForWithinLimits) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  EXPECT_EQ(WaitForDescriptor(ends[0], POLLIN, WaitLimit(nullptr, In(1ms))), 0);
  EXPECT_NE(WaitForDescriptor(ends[1], POLLOUT, WaitLimit()) & POLLOUT, 0);
  CancelToken token;
  std::jthread other([&] { token.Cancel(CancelToken::Reason::kShutdown); });
  EXPECT_EQ(WaitForDescriptor(ends[0], POLLIN, WaitLimit(&token)), 0);
  other.join();
  token.Reset();
  ASSERT_EQ(write(ends[1], "x", 1), 1);
  EXPECT_NE(WaitForDescriptor(ends[0], POLLIN, WaitLimit(&token)) & POLLIN, 0);
  close(ends[0]);
  close(ends[1]);
}

}  // namespace
}  // namespace omen
