#include "base/containment.h"

#include <gtest/gtest.h>

#include <stdexcept>
#include <thread>
#include <vector>

#include "base/check.h"

namespace omen {
namespace {

void Break() { OMEN_CHECK(1 + 1 == 3); }

TEST(Containment, ABrokenInvariantEndsTheWork) {
  const auto fault = Contain([] { Break(); });
  ASSERT_TRUE(fault.has_value());
  EXPECT_EQ(fault->state, sqlstate::kInternalError);
  EXPECT_NE(fault->what.find("1 + 1 == 3"), std::string::npos);
  EXPECT_FALSE(fault->stack.empty());
  EXPECT_TRUE(fault->ToStatus().Is(sqlstate::kInternalError));
}

TEST(Containment, WhatTheLibraryThrowsEndsTheWork) {
  const auto memory = Contain([] { throw std::bad_alloc(); });
  ASSERT_TRUE(memory.has_value());
  EXPECT_EQ(memory->state, sqlstate::kOutOfMemory);
  const auto range = Contain([] { (void)std::vector<int>().at(3); });
  ASSERT_TRUE(range.has_value());
  EXPECT_EQ(range->state, sqlstate::kInternalError);
  EXPECT_FALSE(range->stack.empty());
  EXPECT_FALSE(Contain([] {}).has_value());
}

TEST(Containment, AnEnginesTextOfAFaultStillLeadsToItsStack) {
  const auto fault = Contain([] { Break(); });
  EXPECT_FALSE(StackOf("column store: INVALID: " + fault->what).empty());
  EXPECT_TRUE(StackOf("division by zero").empty());
}

TEST(ContainmentDeathTest, OutsideOfContainedWorkACheckStops) {
  EXPECT_DEATH(Break(), "FATAL invariant broken: 1 \\+ 1 == 3");
  EXPECT_DEATH(std::thread([] { Break(); }).join(), "FATAL invariant broken");
}

TEST(ContainmentDeathTest, WhileSharedStateChangesACheckStops) {
  EXPECT_DEATH((void)Contain([] {
                 SharedChange change;
                 Break();
               }),
               "FATAL invariant broken");
  EXPECT_DEATH((void)Contain([] {
                 SharedChange change;
                 throw std::bad_alloc();
               }),
               "FATAL an exception left shared state half changed");
}

TEST(Containment, AChangeThatIsOverLeavesTheWorkContained) {
  const auto fault = Contain([] {
    { SharedChange change; }
    Break();
  });
  EXPECT_TRUE(fault.has_value());
}

}  // namespace
}  // namespace omen
