// Shares of groups, against groups that were counted.
#include "statistics/groups.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

namespace omen::statistics {
namespace {

TEST(Groups, SizesOfRowsThatAreAlone) {
  EXPECT_EQ(SizeAbove(1, 0), 1);
  EXPECT_EQ(SizeAbove(1, 1), 0);
  EXPECT_EQ(SizeAbove(5, 0.5), 1);
}

/// Rows fall into groups by chance; those that none falls into are no groups.
TEST(Groups, SizesAndSumsAreAsDrawn) {
  constexpr uint64_t kSeed = 20260731;
  std::mt19937_64 random(kSeed);
  for (const double rows_of_each : {0.3, 1.0, 4.0, 30.0, 400.0}) {
    constexpr size_t kGroups = 2000;
    std::vector<std::vector<double>> groups(kGroups);
    for (size_t i = 0; i < static_cast<size_t>(rows_of_each * kGroups); ++i) {
      groups[random() % kGroups].push_back(static_cast<double>(random() % 100));
    }
    std::erase_if(groups, [](const auto& group) { return group.empty(); });
    const auto there = static_cast<double>(groups.size());
    const double size = std::floor(rows_of_each * kGroups) / there;
    const Moments of{49.5, (100.0 * 100 - 1) / 12};
    const auto share = [&](const auto& passes) {
      return static_cast<double>(std::ranges::count_if(groups, passes)) / there;
    };
    const auto sum = [](const std::vector<double>& group) {
      double all = 0;
      for (const double value : group) all += value;
      return all;
    };
    for (const double factor : {0.5, 1.0, 1.5}) {
      const double bound = std::floor(size * factor);
      EXPECT_NEAR(
          SizeAbove(size, bound),
          share([&](const auto& group) { return static_cast<double>(group.size()) > bound; }), 0.05)
          << size << " " << bound << " seed " << kSeed;
      const double most = size * 49.5 * factor;
      EXPECT_NEAR(SumAbove(size, of, most),
                  share([&](const auto& group) { return sum(group) > most; }), 0.12)
          << size << " " << most << " seed " << kSeed;
    }
    EXPECT_NEAR(AverageAbove(size, of, 55), share([&](const auto& group) {
                  return sum(group) / static_cast<double>(group.size()) > 55;
                }),
                0.1)
        << size << " seed " << kSeed;
    EXPECT_NEAR(WithOneOf(size, 0.1), share([](const auto& group) {
                  return std::ranges::any_of(group, [](double value) { return value < 10; });
                }),
                0.05)
        << size << " seed " << kSeed;
  }
}

TEST(Groups, MomentsOfCommonValuesAndHistogram) {
  ColumnStatistics column;
  column.type = {oid::kInt4};
  column.distinct = 200;
  column.common = {{Value::Int(1000), 0.5}};
  column.bounds = {Value::Int(0), Value::Int(50), Value::Int(100)};
  column.Derive();
  const auto moments = MomentsOf(column);
  ASSERT_TRUE(moments);
  EXPECT_DOUBLE_EQ(moments->mean, 525);
  EXPECT_NEAR(moments->variance, 500'000 + 0.5 * 10'000 / 3 - 525 * 525, 1);
  ColumnStatistics words;
  words.type = {oid::kText};
  EXPECT_FALSE(MomentsOf(words));
}

}  // namespace
}  // namespace omen::statistics
