// Moments of values added apart and merged are those of the values added together.
#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <vector>

#include "functions/number/exact_moments.h"
#include "functions/number/float_moments.h"
#include "types/io.h"

namespace omen::functions {
namespace {

std::string Shown(const ExactMoments& moments, Spread spread) {
  const auto value = moments.Finish(spread);
  if (!value.ok()) return std::string(value.status().error().message);
  return value->is_null() ? "null" : Numeric::FromValue(*value).ToString();
}

TEST(ExactMoments, PartsMergeToTheWhole) {
  const uint64_t seed = std::random_device{}();
  SCOPED_TRACE(testing::Message() << "seed " << seed);
  std::mt19937_64 random(seed);
  const std::vector<int64_t> extremes = {INT64_MIN, INT64_MAX, 0, 1, -1};
  for (int round = 0; round < 500; ++round) {
    ExactMoments whole, parts[3], merged;
    for (int i = 0; i < static_cast<int>(random() % 20); ++i) {
      const int64_t value = random() % 4 == 0 ? extremes[random() % extremes.size()]
                                              : static_cast<int64_t>(random() % 2000) - 1000;
      const int scale = round % 3 == 0 ? 0 : round % 3 == 1 ? 2 : static_cast<int>(random() % 4);
      const Numeric exact = Numeric::FromInt128(value, scale);
      whole.Add(exact);
      parts[random() % 3].Add(ShortDecimal{value, scale});
    }
    for (const ExactMoments& part : parts) merged.Merge(part);
    for (const Spread spread : {Spread::kVariance, Spread::kPopulationVariance, Spread::kDeviation,
                                Spread::kPopulationDeviation}) {
      EXPECT_EQ(Shown(merged, spread), Shown(whole, spread));
    }
  }
}

TEST(ExactMoments, SpecialValuesLeaveNone) {
  ExactMoments part, merged;
  part.Add(Numeric::Special(Numeric::Kind::kInfinity));
  merged.Add(int64_t{1});
  merged.Merge(part);
  EXPECT_EQ(Shown(merged, Spread::kPopulationVariance), "NaN");
  EXPECT_EQ(Shown(ExactMoments(), Spread::kPopulationVariance), "null");
}

TEST(FloatMoments, PartsMergeToTheWhole) {
  FloatMoments whole, left, right;
  PairMoments pairs, first, second;
  for (int i = 0; i < 100; ++i) {
    const double x = i * i * 0.25, y = 100 - i;
    ASSERT_TRUE(whole.Add(x).ok() && pairs.Add(y, x).ok());
    ASSERT_TRUE((i < 30 ? left : right).Add(x).ok());
    ASSERT_TRUE((i < 30 ? first : second).Add(y, x).ok());
  }
  ASSERT_TRUE(left.Merge(right).ok() && first.Merge(second).ok());
  EXPECT_EQ(left.count, 100);
  EXPECT_DOUBLE_EQ(left.sum, whole.sum);
  EXPECT_NEAR(left.squares / whole.squares, 1, 1e-12);
  EXPECT_NEAR(first.products / pairs.products, 1, 1e-12);
  EXPECT_NEAR(first.squares_y / pairs.squares_y, 1, 1e-12);
  FloatMoments none;
  ASSERT_TRUE(none.Merge(whole).ok() && whole.Merge(FloatMoments()).ok());
  EXPECT_EQ(none.squares, whole.squares);
}

TEST(FloatMoments, MergingTellsAnOverflow) {
  FloatMoments left, right, infinite;
  ASSERT_TRUE(left.Add(1.5e308).ok() && right.Add(1.5e308).ok());
  EXPECT_FALSE(left.Merge(right).ok());
  ASSERT_TRUE(infinite.Add(INFINITY).ok());
  FloatMoments one;
  ASSERT_TRUE(one.Add(1).ok() && one.Merge(infinite).ok());
  EXPECT_TRUE(std::isnan(one.squares));
}

}  // namespace
}  // namespace omen::functions
