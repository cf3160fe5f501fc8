#include "jobs/budget.h"

#include <gtest/gtest.h>

namespace omen::jobs {
namespace {

constexpr int64_t kSecond = 1'000'000'000, kMilli = 1'000'000;

/// Work that always wants to run, in portions, on a machine of one core.
struct Eager {
  explicit Eager(const Budget::Limits& limits) : budget(limits, 0) {}

  /// Runs for a second beside clients who take `wanted` of the core; what it took of it, 0 to 1.
  double RunForASecond(double wanted, int64_t bytes_per_portion = 0) {
    constexpr int64_t kPortion = 5 * kMilli;
    // Of lower priority it gets what clients leave, and a little.
    const auto processor = static_cast<int64_t>(kPortion * std::max(0.1, 1 - wanted));
    const int64_t until = now + kSecond;
    int64_t taken = 0, resting_until = now;
    while (now < until) {
      if (now >= looked + 100 * kMilli) {
        const double own =
            static_cast<double>(taken_since_look) / static_cast<double>(now - looked);
        budget.Look(now, std::max(0.0, 1 - wanted - own));
        looked = now;
        taken_since_look = 0;
      }
      if (now >= resting_until && budget.RestNanos() == 0) {
        budget.Charge(kPortion, processor, bytes_per_portion);
        taken += kPortion;
        taken_since_look += processor;
        portions += 1;
      }
      now += kPortion;
    }
    return static_cast<double>(taken) / kSecond;
  }

  Budget budget;
  int64_t now = 0, looked = 0, taken_since_look = 0, portions = 0;
};

TEST(Budget, AnIdleMachineGivesTheWholeShareAndNoMore) {
  Eager work({.share_max = 0.5, .share_min = 0.01});
  work.RunForASecond(0);
  EXPECT_NEAR(work.RunForASecond(0), 0.5, 0.1);
  EXPECT_EQ(work.budget.share(), 0.5);
}

TEST(Budget, BacksOffWithinASecondAndComesBack) {
  Eager work({.share_max = 0.5, .share_min = 0.01});
  work.RunForASecond(0);
  work.RunForASecond(0.95);
  EXPECT_LT(work.RunForASecond(0.95), 0.05);
  EXPECT_GT(work.budget.share(), 0);  // never quite nothing: it would never end
  work.RunForASecond(0);
  EXPECT_NEAR(work.RunForASecond(0), 0.5, 0.1);
}

TEST(Budget, ItsOwnUseOfTheCoreIsNoReasonToBackOff) {
  Budget budget({.share_max = 1, .share_min = 0.01}, 0);
  for (int i = 1; i <= 20; ++i) {
    budget.Charge(100 * kMilli, 100 * kMilli, 0);
    budget.Look(i * 100 * kMilli, 0);  // nothing is idle, for this work takes all
  }
  EXPECT_EQ(budget.share(), 1);
}

TEST(Budget, BytesAreLimitedToo) {
  Eager work({.share_max = 1, .share_min = 0.01, .bytes_per_s = 1e6});
  work.RunForASecond(0, 100'000);
  work.portions = 0;
  work.RunForASecond(0, 100'000);
  EXPECT_NEAR(static_cast<double>(work.portions), 10, 3);
}

TEST(Budget, WhatWasNotUsedIsNotSavedForLong) {
  Budget budget({.share_max = 0.5, .share_min = 0.01}, 0);
  budget.Look(3600 * kSecond, 1);  // an hour of rest
  budget.Charge(kSecond, kSecond, 0);
  EXPECT_GT(budget.RestNanos(), kSecond);
}

TEST(Budget, NoShareNoWork) {
  Budget budget({.share_max = 0, .share_min = 0}, 0);
  budget.Look(kSecond, 1);
  EXPECT_GT(budget.RestNanos(), 0);
}

}  // namespace
}  // namespace omen::jobs
