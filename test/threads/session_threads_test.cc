// What all sessions of a server share, without the server.
#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "crowd.h"
#include "session/compile/plan_cache.h"
#include "session/statement_timer.h"

namespace omen::session {
namespace {

TEST(Threads, APlanIsFoundUnderItsOwnTextAndEnvironmentOnly) {
  SharedPlans plans;
  Crowd(4, [&](int me) {
    for (int i = 0; i < 1500; ++i) {
      const std::string text = "select " + std::to_string(i % 40);
      const uint64_t environment = plans.Environment("path " + std::to_string(i % 3));
      const CompiledPtr found = plans.Find(text, environment);
      if (found != nullptr) {
        EXPECT_EQ(found->tag, text);
        EXPECT_EQ(found->environment, environment);
      }
      auto compiled = std::make_shared<Compiled>();
      compiled->tag = text;
      compiled->environment = environment;
      plans.Put(text, compiled);
      if (me == 0 && i % 500 == 499) plans.Clear();
    }
  });
}

TEST(Threads, EqualEnvironmentsGetEqualNumbers) {
  SharedPlans plans;
  std::vector<std::vector<uint64_t>> seen(4);
  Crowd(4, [&](int me) {
    for (int i = 0; i < 200; ++i) {
      seen[static_cast<size_t>(me)].push_back(plans.Environment(std::to_string(i)));
    }
  });
  for (const auto& other : seen) EXPECT_EQ(other, seen[0]);
}

/// The token dies right after Disarm: a late Cancel would be a use after free.
TEST(Threads, ADisarmedTokenIsLeftAlone) {
  StatementTimer timer;
  Crowd(4, [&](int) {
    for (int i = 0; i < 300; ++i) {
      auto token = std::make_unique<CancelToken>();
      const auto ticket = timer.Arm(token.get(), std::chrono::milliseconds(1));
      if (i % 30 == 0) std::this_thread::sleep_for(std::chrono::milliseconds(2));
      timer.Disarm(ticket);
    }
  });
}

TEST(Threads, ADeadlineCancelsItsOwnToken) {
  StatementTimer timer;
  CancelToken untouched;
  StatementDeadline far(&timer, &untouched, 3600 * 1000);
  Crowd(3, [&](int) {
    for (int i = 0; i < 5; ++i) {
      CancelToken token;
      StatementDeadline deadline(&timer, &token, 1);
      while (!token.cancelled()) std::this_thread::yield();
      EXPECT_TRUE(token.Check().Is(sqlstate::kQueryCanceled));
    }
  });
  EXPECT_FALSE(untouched.cancelled());
}

}  // namespace
}  // namespace omen::session
