#include "learn/stream/value_pattern.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>

#include "learn/key_sets.h"

namespace omen::learn {
namespace {

ValuePattern Of(int count, const std::function<uint64_t(int)>& value) {
  ValuePattern pattern;
  for (int i = 0; i < count; ++i) pattern.Add(value(i), static_cast<double>(value(i)));
  return pattern;
}

TEST(ValuePattern, TellsWhatClientsDo) {
  Random random(1);
  const auto shape = [](const ValuePattern& pattern) { return PatternName(pattern.Shape()); };
  const auto zipfian = [&](int) {
    return static_cast<uint64_t>(std::pow(1e6, random.Unit() * random.Unit() * random.Unit()));
  };
  for (const int count : {40, 400, 5000}) {
    SCOPED_TRACE(count);
    EXPECT_EQ(shape(Of(count, [](int) { return 7; })), "constant");
    EXPECT_EQ(shape(Of(count, [](int i) { return 3 * i; })), "increasing");
    EXPECT_EQ(shape(Of(count, [](int i) { return i % 20 == 19 ? i - 40 : i; })), "increasing");
    EXPECT_EQ(shape(Of(count, [&](int) { return random.Below(4); })), "few values");
    EXPECT_EQ(shape(Of(count, [&](int) { return random.Below(1'000'000); })), "spread");
    EXPECT_EQ(shape(Of(count, zipfian)), "skewed");
    EXPECT_EQ(
        shape(Of(count, [&](int) { return random.Below(3) == 0 ? 42 : random.Below(1'000'000); })),
        "skewed");
  }
  EXPECT_EQ(shape(Of(7, [](int) { return 7; })), "unknown");
}

TEST(ValuePattern, ForgetsWhatClientsDidBefore) {
  ValuePattern pattern = Of(5000, [](int) { return 7; });
  Random random(2);
  for (int i = 0; i < 3000; ++i) {
    const uint64_t value = random.Below(1'000'000);
    pattern.Add(value, static_cast<double>(value));
  }
  EXPECT_EQ(pattern.Shape(), PatternShape::kSpread);
}

TEST(ValuePattern, CountsHowManyThereAre) {
  Random random(3);
  for (const uint64_t distinct : {1u, 5u, 30u, 120u}) {
    const ValuePattern pattern = Of(1000, [&](int) { return random.Below(distinct); });
    EXPECT_NEAR(pattern.distinct(), static_cast<double>(distinct), 2 + 0.2 * double(distinct));
  }
}

TEST(ValuePattern, IsTheSameAfterARestart) {
  Random random(4);
  const ValuePattern before = Of(1000, [&](int) { return random.Below(5000); });
  ValuePattern after;
  ASSERT_TRUE(after.Restore(before.Encode()));
  EXPECT_EQ(after.Shape(), before.Shape());
  EXPECT_EQ(after.values(), before.values());
  EXPECT_EQ(after.distinct(), before.distinct());
  EXPECT_EQ(after.Encode(), before.Encode());
  for (uint64_t seed = 1; seed <= 500; ++seed) {
    EXPECT_FALSE(after.Restore(RandomBytes(seed, seed)));
    EXPECT_EQ(after.Shape(), PatternShape::kUnknown);
  }
}

TEST(SteadyDistance, IsOfWindowsThatMove) {
  Random random(5);
  SteadyDistance week, drifting, apart, still;
  for (int i = 0; i < 5000; ++i) {
    week.Add(i * 1000, 604'800 + 10 * random.Normal());
    drifting.Add(i * 1000, 1e9 + i * 1000);
    apart.Add(i * 1000, 1e5 * random.Normal());
    still.Add(7, 604'800 + 10 * random.Normal());
  }
  EXPECT_TRUE(week.steady());
  EXPECT_FALSE(drifting.steady());
  EXPECT_FALSE(apart.steady());
  EXPECT_FALSE(still.steady());
  EXPECT_FALSE(SteadyDistance().steady());
}

TEST(SteadyDistance, IsAsItWasUntilMoreIsKnown) {
  SteadyDistance distance;
  distance.Restore(true);
  EXPECT_TRUE(distance.steady());
  for (int i = 0; i < 20; ++i) distance.Add(i, i);
  EXPECT_FALSE(distance.steady());
}

}  // namespace
}  // namespace omen::learn
