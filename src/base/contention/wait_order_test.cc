#include "base/contention/wait_order.h"

#include <gtest/gtest.h>

#include <thread>

#include "base/containment.h"

namespace omen {
namespace {

bool InOrder(WaitStep step) {
  return !Contain([&] { MayWaitFor(step); });
}

TEST(WaitOrder, WhoHoldsSomethingWaitsForWhatComesLaterOnly) {
  EXPECT_TRUE(InOrder(WaitStep::kLock));
  const HeldStep pin(WaitStep::kPin);
  EXPECT_FALSE(InOrder(WaitStep::kLock));
  EXPECT_FALSE(InOrder(WaitStep::kPin));
  EXPECT_TRUE(InOrder(WaitStep::kApply));
  {
    const HeldStep turn(WaitStep::kTurn);
    EXPECT_FALSE(InOrder(WaitStep::kApply));
    EXPECT_FALSE(InOrder(WaitStep::kTurn));
  }
  EXPECT_TRUE(InOrder(WaitStep::kTurn));
}

TEST(WaitOrder, IsEachThreadsOwn) {
  const HeldStep turn(WaitStep::kTurn);
  std::jthread([] { EXPECT_TRUE(InOrder(WaitStep::kLock)); });
}

}  // namespace
}  // namespace omen
