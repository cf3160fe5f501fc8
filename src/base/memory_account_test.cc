#include "base/memory_account.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace omen {
namespace {

constexpr int64_t kMegabyte = 1 << 20;
using Owner = MemoryAccount::Owner;

MemoryAccountPtr Child(const MemoryAccountPtr& above, int64_t limit, Owner owner) {
  return std::make_shared<MemoryAccount>(limit, above, owner);
}

TEST(MemoryAccount, NobodyTakesMoreThanAllMay) {
  auto server = Child(nullptr, 10 * kMegabyte, Owner::kServer);
  auto first =
      Child(Child(server, 100 * kMegabyte, Owner::kSession), 100 * kMegabyte, Owner::kStatement);
  auto second =
      Child(Child(server, 100 * kMegabyte, Owner::kSession), 100 * kMegabyte, Owner::kStatement);
  EXPECT_TRUE(first->Take(6 * kMegabyte));
  EXPECT_FALSE(second->Take(6 * kMegabyte));
  EXPECT_EQ(second->used(), 0);
  EXPECT_EQ(second->full(), server.get());
  EXPECT_EQ(OutOfMemory(second.get()).error().detail, "All sessions together may use 10 MB.");
  first->Give(6 * kMegabyte);
  EXPECT_TRUE(second->Take(6 * kMegabyte));
  EXPECT_GE(server->used(), 6 * kMegabyte);
  second->Give(6 * kMegabyte);
  first.reset();
  second.reset();
  EXPECT_EQ(server->used(), 0);
}

TEST(MemoryAccount, SmallAmountsDoNotReachTheOnesAbove) {
  auto above = Child(nullptr, 10 * kMegabyte, Owner::kServer);
  auto account = Child(above, kMegabyte, Owner::kStatement);
  EXPECT_TRUE(account->Take(100));
  EXPECT_EQ(above->used(), MemoryAccount::kGrain);
  for (int i = 0; i < 100; ++i) {
    EXPECT_TRUE(account->Take(MemoryAccount::kGrain / 2));
    account->Give(MemoryAccount::kGrain / 2);
    EXPECT_EQ(above->used(), MemoryAccount::kGrain);
  }
  EXPECT_EQ(account->used(), 100);
}

TEST(MemoryAccount, TheLastBytesAboveAreTakenWithoutAWholeGrain) {
  auto above = Child(nullptr, 1000, Owner::kSession);
  auto account = Child(above, kMegabyte, Owner::kStatement);
  EXPECT_TRUE(account->Take(1000));
  EXPECT_FALSE(account->Take(1));
  EXPECT_EQ(account->full(), above.get());
}

TEST(MemoryAccount, WhichAccountIsFullIsSaid) {
  auto session = Child(nullptr, 2 * kMegabyte, Owner::kSession);
  auto statement = Child(session, kMegabyte, Owner::kStatement);
  EXPECT_FALSE(statement->Take(3 * kMegabyte));
  EXPECT_EQ(OutOfMemory(statement.get()).error().detail, "The statement may use 1 MB.");
  EXPECT_TRUE(session->Take(2 * kMegabyte));
  EXPECT_FALSE(statement->Take(kMegabyte));
  EXPECT_NE(OutOfMemory(statement.get()).error().detail.find("The session may hold 2 MB"),
            std::string::npos);
}

TEST(MemoryAccount, ManyThreadsLeaveNothing) {
  auto server = Child(nullptr, 64 * kMegabyte, Owner::kServer);
  auto session = Child(server, 32 * kMegabyte, Owner::kSession);
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 4; ++thread) {
    threads.emplace_back([&, thread] {
      auto own = Child(session, 24 * kMegabyte, Owner::kStatement);
      for (int i = 0; i < 20'000; ++i) {
        const int64_t bytes = (i * 7919 + thread) % (3 * MemoryAccount::kGrain) + 1;
        if (!own->Take(bytes)) continue;
        EXPECT_LE(own->used(), session->used());
        own->Give(bytes);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(session->used(), 0);
  session.reset();
  EXPECT_EQ(server->used(), 0);
}

TEST(MemoryCharge, PortionsAreAskedForSeldom) {
  auto account = Child(nullptr, kMegabyte, Owner::kStatement);
  MemoryCharge charge(account);
  ASSERT_TRUE(charge.ResizeInPortions(1000).ok());
  const int64_t first = account->used();
  EXPECT_GT(first, 1000);
  ASSERT_TRUE(charge.ResizeInPortions(20'000).ok());
  EXPECT_EQ(account->used(), first);
  EXPECT_EQ(charge.ResizeInPortions(2 * kMegabyte).error().state, sqlstate::kOutOfMemory);
  EXPECT_EQ(account->used(), first);
  ASSERT_TRUE(charge.ResizeInPortions(0).ok());
  charge.Clear();
  EXPECT_EQ(account->used(), 0);
}

}  // namespace
}  // namespace omen
