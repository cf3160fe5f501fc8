#include "base/memory_meter.h"

#include <gtest/gtest.h>

namespace omen {
namespace {

constexpr int64_t kMeteredLimit = 1 << 20;

TEST(MemoryMeter, LittleIsNotCharged) {
  const auto account = std::make_shared<MemoryAccount>(kMeteredLimit);
  MemoryMeter meter(account);
  EXPECT_TRUE(meter.Charge(60'000).ok());
  EXPECT_EQ(account->used(), 0);
  EXPECT_TRUE(meter.Charge(60'000).ok());
  EXPECT_EQ(account->used(), 120'000);
  meter.Release(120'000);
  EXPECT_EQ(account->used(), 0);
}

TEST(MemoryMeter, WhatWasRefusedIsCounted) {
  const auto account = std::make_shared<MemoryAccount>(kMeteredLimit);
  MemoryMeter meter(account);
  EXPECT_TRUE(meter.Charge(kMeteredLimit / 2).ok());
  EXPECT_TRUE(meter.Charge(kMeteredLimit).Is(sqlstate::kOutOfMemory));
  EXPECT_EQ(account->used(), kMeteredLimit / 2);
  meter.Release(kMeteredLimit);
  EXPECT_EQ(meter.used(), kMeteredLimit / 2);
  EXPECT_TRUE(meter.Update(kMeteredLimit - 1).ok());
  EXPECT_EQ(account->used(), kMeteredLimit - 1);
  meter = MemoryMeter();
  EXPECT_EQ(account->used(), 0);
  EXPECT_TRUE(meter.Charge(10 * kMeteredLimit).ok());
}

}  // namespace
}  // namespace omen
