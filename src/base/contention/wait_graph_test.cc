#include "base/contention/wait_graph.h"

#include <gtest/gtest.h>

#include <memory>

namespace omen {
namespace {

using std::chrono::milliseconds;

/// Waits until one of `waits` was chosen; its index.
size_t Chosen(const std::vector<std::unique_ptr<WaitGraph::Wait>>& waits) {
  for (;;) {
    for (size_t i = 0; i < waits.size(); ++i) {
      if (waits[i]->chosen()) return i;
    }
    PauseBriefly(milliseconds(1));
  }
}

WaitGraph::Wait::Ask For(const WaitParty* party) {
  return [party](bool) { return WaitGraph::Blockers{{party}, {}, true}; };
}

TEST(WaitGraph, ACircleOverTwoKindsOfLocksHasOneVictim) {
  WaitGraph graph(milliseconds(20));
  WaitParty a, b, c;
  a.pid = 1;
  b.pid = 2;
  c.pid = 3;
  c.row_owner = 77;
  std::vector<std::unique_ptr<WaitGraph::Wait>> waits;
  const auto row = [](bool) { return WaitGraph::Blockers{{}, {77}, true}; };
  waits.push_back(
      std::make_unique<WaitGraph::Wait>(&graph, &a, "ShareLock on relation 5", For(&b)));
  waits.push_back(std::make_unique<WaitGraph::Wait>(&graph, &b, "", row));
  waits.push_back(
      std::make_unique<WaitGraph::Wait>(&graph, &c, "ShareLock on relation 6", For(&a)));
  const size_t victim = Chosen(waits);
  // The one whose patience ended first.
  EXPECT_EQ(victim, 0u);
  const Status status = waits[victim]->Check();
  EXPECT_TRUE(status.Is(sqlstate::kDeadlock));
  EXPECT_EQ(status.error().detail,
            "Process 1 waits for ShareLock on relation 5; blocked by process 2.\n"
            "Process 2 waits for ShareLock on transaction 77; blocked by process 3.\n"
            "Process 3 waits for ShareLock on relation 6; blocked by process 1.");
  waits[0].reset();
  // The others had their look while the victim was letting go, and the circle is gone.
  PauseBriefly(milliseconds(10));
  EXPECT_FALSE(waits[1]->chosen());
  EXPECT_FALSE(waits[2]->chosen());
}

TEST(WaitGraph, WhoeverClosesACircleLateIsItsVictim) {
  WaitGraph graph(milliseconds(20));
  WaitParty a, b;
  std::vector<std::unique_ptr<WaitGraph::Wait>> waits;
  std::atomic<int> asked = 0;
  const auto counted = [&](bool) {
    ++asked;
    return WaitGraph::Blockers{{&b}, {}, true};
  };
  waits.push_back(std::make_unique<WaitGraph::Wait>(&graph, &a, "x", counted));
  while (asked == 0) PauseBriefly(milliseconds(1));
  EXPECT_FALSE(waits[0]->chosen());
  waits.push_back(std::make_unique<WaitGraph::Wait>(&graph, &b, "y", For(&a)));
  EXPECT_EQ(Chosen(waits), 1u);
}

TEST(WaitGraph, APlaceInAQueueIsPassedRatherThanAnyoneKilled) {
  WaitGraph graph(milliseconds(20));
  WaitParty a, b;
  const auto queued = [&](bool queue) {
    return queue ? WaitGraph::Blockers{{&b}, {}, true} : WaitGraph::Blockers{};
  };
  std::atomic<bool> woken = false;
  WaitGraph::Wait first(&graph, &a, "x", queued, [&] { woken = true; });
  WaitGraph::Wait second(&graph, &b, "y", For(&a));
  while (!woken) PauseBriefly(milliseconds(1));
  EXPECT_TRUE(first.may_pass_queue());
  EXPECT_FALSE(first.chosen());
  EXPECT_FALSE(second.chosen());
}

// b waits behind c in a queue and has been looked at when a closes the circle on a lock that has
// no queue: the place that is given up is b's.
TEST(WaitGraph, TheQueueOfACircleIsPassedWhereItIs) {
  WaitGraph graph(milliseconds(20));
  WaitParty a, b, c;
  std::atomic<int> asked = 0;
  std::atomic<bool> woken = false;
  const auto queued = [&](bool queue) {
    ++asked;
    return queue ? WaitGraph::Blockers{{&c}, {}, true} : WaitGraph::Blockers{};
  };
  WaitGraph::Wait second(&graph, &b, "y", queued, [&] { woken = true; });
  std::atomic<int> third_asked = 0;
  const auto counted = [&](bool) {
    ++third_asked;
    return WaitGraph::Blockers{{&a}, {}, true};
  };
  WaitGraph::Wait third(&graph, &c, "z", counted);
  // Both ways of the last look at c, which reads b's place no more.
  while (asked < 2 || third_asked < 3) PauseBriefly(milliseconds(1));
  PauseBriefly(milliseconds(10));
  EXPECT_FALSE(second.may_pass_queue());
  WaitGraph::Wait first(&graph, &a, "x", For(&b));
  while (!woken) PauseBriefly(milliseconds(1));
  EXPECT_TRUE(second.may_pass_queue());
  EXPECT_FALSE(first.may_pass_queue() || first.chosen() || second.chosen() || third.chosen());
}

TEST(WaitGraph, AWaiterBetweenTwoLooksIsAskedAgain) {
  WaitGraph graph(milliseconds(10));
  WaitParty a, b;
  std::atomic<int> asked = 0;
  const auto unsure = [&](bool) {
    WaitGraph::Blockers blockers{{&a}, {}, ++asked > 4};
    if (!blockers.known) blockers.parties.clear();
    return blockers;
  };
  std::vector<std::unique_ptr<WaitGraph::Wait>> waits;
  waits.push_back(std::make_unique<WaitGraph::Wait>(&graph, &a, "x", For(&b)));
  waits.push_back(std::make_unique<WaitGraph::Wait>(&graph, &b, "", unsure));
  Chosen(waits);
  EXPECT_GT(asked, 4);
}

}  // namespace
}  // namespace omen
