#include "learn/stream/decayed_quantiles.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <thread>
#include <vector>

#include "learn/key_sets.h"

namespace omen::learn {
namespace {

constexpr double kWithin = 1.0 / 8;  // of a value: a bucket's width

TEST(DecayedQuantiles, AreWithinABucketOfTheValuesAdded) {
  for (const uint64_t seed : {1, 2, 3}) {
    SCOPED_TRACE(seed);
    Random random(seed);
    DecayedQuantiles quantiles;
    std::vector<double> values;
    for (int i = 0; i < 255; ++i) {
      const double value = std::floor(std::exp(3 + 2 * random.Normal()));
      values.push_back(value);
      quantiles.Add(static_cast<uint64_t>(value));
    }
    std::ranges::sort(values);
    for (const double share : {0.1, 0.5, 0.9, 0.99}) {
      const auto at = static_cast<size_t>(share * 254);
      const double from = values[at == 0 ? 0 : at - 1], to = values[std::min(at + 2, size_t{254})];
      EXPECT_GE(quantiles.Quantile(share), from * (1 - kWithin) - 1) << share;
      EXPECT_LE(quantiles.Quantile(share), to * (1 + kWithin) + 1) << share;
    }
  }
}

TEST(DecayedQuantiles, EdgesOfBucketsAreTheValuesThemselves) {
  for (int power = 0; power < 36; ++power) {
    DecayedQuantiles quantiles;
    const uint64_t value = uint64_t{1} << power;
    quantiles.Add(value);
    EXPECT_GE(quantiles.Quantile(1), static_cast<double>(value));
    EXPECT_LE(quantiles.Quantile(1), static_cast<double>(value) * (1 + kWithin));
    EXPECT_EQ(quantiles.Quantile(0), static_cast<double>(value));
  }
  DecayedQuantiles quantiles;
  EXPECT_EQ(quantiles.Quantile(0.5), 0);
  quantiles.Add(UINT64_MAX);
  EXPECT_NEAR(quantiles.Quantile(1), std::ldexp(1, 36), std::ldexp(1, 33));
}

TEST(DecayedQuantiles, FollowADriftWithinAFewHundredValues) {
  DecayedQuantiles quantiles;
  for (int i = 0; i < 10'000; ++i) quantiles.Add(1000);
  EXPECT_LE(quantiles.weight(), 2.0 * DecayedQuantiles::kHalvedEvery);
  for (int i = 0; i < 600; ++i) quantiles.Add(50);
  EXPECT_NEAR(quantiles.Quantile(0.5), 50, 50 * kWithin);
}

TEST(DecayedQuantiles, AreTheSameAfterARestart) {
  Random random(7);
  DecayedQuantiles before, after;
  for (int i = 0; i < 700; ++i) before.Add(random.Below(100'000));
  ASSERT_TRUE(after.Restore(before.Encode()));
  for (const double share : {0.0, 0.2, 0.5, 0.9, 1.0}) {
    EXPECT_EQ(after.Quantile(share), before.Quantile(share));
  }
  for (int i = 0; i < 700; ++i) {
    before.Add(5);
    after.Add(5);
  }
  EXPECT_EQ(after.weight(), before.weight());
}

TEST(DecayedQuantiles, TakeNoBytesThatAreNoneOfTheirs) {
  const auto refuses = [](std::string_view bytes) { return !DecayedQuantiles().Restore(bytes); };
  EXPECT_TRUE(refuses(""));
  EXPECT_TRUE(refuses(std::string("\x00\x05", 2)));              // a gap without a count
  EXPECT_TRUE(refuses(std::string("\x00\xff\x7f\x01", 4)));      // beyond the last bucket
  EXPECT_TRUE(refuses(std::string("\x00\x00\xff\xff\x03", 5)));  // too many values
  for (uint64_t seed = 1; seed <= 500; ++seed) {
    DecayedQuantiles quantiles;
    quantiles.Restore(RandomBytes(seed, seed % 40));
    for (int i = 0; i < 1000; ++i) quantiles.Add(seed);
    EXPECT_GE(quantiles.Quantile(0.99), 0);
  }
}

TEST(DecayedQuantiles, LoseLittleBetweenThreads) {
  DecayedQuantiles quantiles;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 20'000; ++i) quantiles.Add(100);
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_NEAR(quantiles.Quantile(0.5), 100, 100 * kWithin);
  EXPECT_GT(quantiles.weight(), 0.5 * DecayedQuantiles::kHalvedEvery);
  EXPECT_LE(quantiles.weight(), 2.5 * DecayedQuantiles::kHalvedEvery);
}

}  // namespace
}  // namespace omen::learn
