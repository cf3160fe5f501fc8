#include "base/work.h"

#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <vector>

#include "base/result.h"

namespace omen {
namespace {

constexpr int64_t kMiB = 1 << 20;

TEST(Work, ChargesLargeBlocksUntilTheyAreFreedByAnyThread) {
  auto above = std::make_shared<MemoryAccount>(100 * kMiB);
  auto account = std::make_shared<MemoryAccount>(10 * kMiB, above);
  std::string kept;
  Status status = Work::Run({.memory = &account}, [&] {
    kept.assign(3 * kMiB, 'x');
    return Status::Ok();
  });
  ASSERT_TRUE(status.ok());
  EXPECT_GE(account->used(), 3 * kMiB);
  EXPECT_LE(account->used(), above->used());
  std::thread([&] { std::string().swap(kept); }).join();
  EXPECT_EQ(account->used(), 0);
  EXPECT_EQ(above->used(), 0);
}

TEST(Work, StopsWhereThereIsNoRoomAndGivesAllBack) {
  auto account = std::make_shared<MemoryAccount>(kMiB);
  Status status = Work::Run({.memory = &account}, [&] {
    std::string large(2 * kMiB, 'x');
    return Status::Ok();
  });
  EXPECT_EQ(status.error().state, sqlstate::kOutOfMemory);
  // Many small ones, which no single charge covers.
  status = Work::Run({.memory = &account}, [&] {
    std::vector<std::unique_ptr<std::string>> strings;
    for (;;) strings.push_back(std::make_unique<std::string>(200, 'x'));
    return Status::Ok();
  });
  EXPECT_EQ(status.error().state, sqlstate::kOutOfMemory);
  EXPECT_EQ(account->used(), 0);
}

TEST(Work, TheFullAccountAboveStopsToo) {
  auto above = std::make_shared<MemoryAccount>(kMiB);
  auto account = std::make_shared<MemoryAccount>(10 * kMiB, above);
  Result<std::string> made = Work::Run(
      {.memory = &account}, []() -> Result<std::string> { return std::string(2 * kMiB, 'x'); });
  ASSERT_FALSE(made.ok());
  EXPECT_EQ(made.status().error().state, sqlstate::kOutOfMemory);
  EXPECT_EQ(account->used(), 0);
}

TEST(Work, AHoldingCountsSmallBlocksOverManyRuns) {
  auto account = std::make_shared<MemoryAccount>(kMiB);
  std::vector<std::unique_ptr<std::string>> strings;
  {
    Work::Holding holding(account);
    Status status;
    int runs = 0;
    for (; status.ok() && runs < 20'000; ++runs) {
      status = Work::Run({.memory = &account, .kept = &holding}, [&] {
        strings.push_back(std::make_unique<std::string>(200, 'x'));
        return Status::Ok();
      });
    }
    EXPECT_EQ(status.error().state, sqlstate::kOutOfMemory);
    EXPECT_LT(runs, 6'000);
    EXPECT_GT(runs, 2'000);
  }
  strings.clear();
  strings.shrink_to_fit();
  EXPECT_EQ(account->used(), 0);
}

TEST(Work, ACancelledTokenStopsLoopsAndAllocations) {
  CancelToken token;
  token.Cancel(CancelToken::Reason::kTimeout);
  Status status = Work::Run({.cancel = &token}, [&]() -> Status {
    for (;;) Work::Poll();
  });
  EXPECT_EQ(status.error().state, sqlstate::kQueryCanceled);
  status = Work::Run({.cancel = &token}, [&]() -> Status {
    for (;;) {
      // A block that nobody looks at need not be made at all.
      const auto block = std::make_unique<int>(1);
      asm volatile("" : : "r"(block.get()) : "memory");
    }
  });
  EXPECT_EQ(status.error().state, sqlstate::kQueryCanceled);
}

TEST(Work, StepsAreLimitedAndAPauseIsNot) {
  const Status status = Work::Run({.steps = 4}, [&]() -> Status {
    {
      Work::Pause pause;
      for (int i = 0; i < 100'000; ++i) Work::Poll();
    }
    for (;;) Work::Poll();
  });
  EXPECT_EQ(status.error().state, sqlstate::kProgramLimit);
}

TEST(Work, WhatIsCalledWithinHeedsTheLimitsAround) {
  Status status = Work::Run({.steps = 4}, [&]() -> Status {
    for (;;) {
      OMEN_RETURN_IF_ERROR(Work::Run({}, [] {
        for (int i = 0; i < 1000; ++i) Work::Poll();
        return Status::Ok();
      }));
    }
  });
  EXPECT_EQ(status.error().state, sqlstate::kProgramLimit);
  auto account = std::make_shared<MemoryAccount>(kMiB);
  status = Work::Run({.memory = &account}, [&] {
    return Work::Run({}, [] {
      std::string large(2 * kMiB, 'x');
      return Status::Ok();
    });
  });
  EXPECT_EQ(status.error().state, sqlstate::kOutOfMemory);
}

TEST(Work, AStatementIsChargedWhereNobodyElseIsNamed) {
  auto account = std::make_shared<MemoryAccount>(kMiB);
  const Work::Statement statement(account);
  const Status status = Work::Run({}, [] {
    std::string large(2 * kMiB, 'x');
    return Status::Ok();
  });
  EXPECT_EQ(status.error().state, sqlstate::kOutOfMemory);
  EXPECT_EQ(account->used(), 0);
}

TEST(Work, WhatStaysAsOneGoesAtOnce) {
  auto account = std::make_shared<MemoryAccount>(10 * kMiB);
  Work::Holding kept(account);
  std::vector<std::string> texts;
  const auto add = [&](size_t bytes) {
    return Work::Run({.memory = &account, .kept = &kept, .as_one = true}, [&] {
      texts.emplace_back(bytes, 'x');
      return Status::Ok();
    });
  };
  EXPECT_TRUE(add(3 * kMiB).ok());
  EXPECT_TRUE(add(1000).ok());
  EXPECT_GE(account->used(), 3 * kMiB);
  EXPECT_TRUE(add(9 * kMiB).Is(sqlstate::kOutOfMemory));
  // Freed elsewhere, they are charged until the holder says so.
  texts.clear();
  EXPECT_GE(account->used(), 3 * kMiB);
  kept.charge.Clear();
  EXPECT_EQ(account->used(), 0);
}

}  // namespace
}  // namespace omen
