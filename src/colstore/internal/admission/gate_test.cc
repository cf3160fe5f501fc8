#include "colstore/internal/admission/gate.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

namespace omen::colstore {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::milliseconds kForEver = 1h;

TEST(Gate, ClosesOnceNobodyIsInside) {
  Gate gate;
  Gate::Lease lease;
  ASSERT_TRUE(gate.Enter(nullptr, &lease).ok());
  std::jthread leaver([&] { lease.Release(); });
  EXPECT_TRUE(gate.Close(kForEver));
  gate.Open();
}

TEST(Gate, OpensAgainWhenSomebodyStays) {
  Gate gate;
  Gate::Lease stays, comes;
  ASSERT_TRUE(gate.Enter(nullptr, &stays).ok());
  EXPECT_FALSE(gate.Close(1ms));
  EXPECT_TRUE(gate.Enter(nullptr, &comes).ok());
}

TEST(Gate, WhoWaitsAtItListensToItsToken) {
  Gate gate;
  ASSERT_TRUE(gate.Close(0ms));
  CancelToken token;
  Gate::Lease lease;
  std::jthread other([&] { token.Cancel(CancelToken::Reason::kShutdown); });
  EXPECT_TRUE(gate.Enter(&token, &lease).Is(sqlstate::kAdminShutdown));
  gate.Open();
}

TEST(Gate, UpkeepNeverMeetsAStatement) {
  Gate gate;
  std::atomic<int> inside{0};
  std::atomic<bool> stop{false};
  std::vector<std::jthread> statements;
  for (int i = 0; i < 6; ++i) {
    statements.emplace_back([&] {
      while (!stop) {
        Gate::Lease lease;
        ASSERT_TRUE(gate.Enter(nullptr, &lease).ok());
        ++inside;
        --inside;
      }
    });
  }
  for (int i = 0; i < 200; ++i) {
    ASSERT_TRUE(gate.Close(kForEver));
    ASSERT_EQ(inside.load(), 0);
    gate.Open();
  }
  stop = true;
}

}  // namespace
}  // namespace omen::colstore
