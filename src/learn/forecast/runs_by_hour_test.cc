#include "learn/forecast/runs_by_hour.h"

#include <gtest/gtest.h>

#include "learn/forecast/hour_series.h"

namespace omen::learn {
namespace {

using Hours = std::vector<double>;

TEST(RunsByHour, HoursEndAtAnyMinute) {
  Arrivals arrivals;
  EXPECT_EQ(RunsByHour(arrivals, 1000), Hours{});
  arrivals.Add(1000, 2);
  arrivals.Add(1059, 3);
  arrivals.Add(1060, 5);
  arrivals.Add(1200, 7);
  EXPECT_EQ(RunsByHour(arrivals, 1000), Hours{});
  EXPECT_EQ(RunsByHour(arrivals, 1060), (Hours{5}));
  EXPECT_EQ(RunsByHour(arrivals, 1061), (Hours{2, 8}));
  EXPECT_EQ(RunsByHour(arrivals, 1201), (Hours{2, 8, 0, 7}));
  EXPECT_EQ(RunsByHour(arrivals, 1500), (Hours{2, 8, 0, 0, 7, 0, 0, 0, 0}));
}

TEST(RunsByHour, CoarseHoursCountWhole) {
  Arrivals arrivals;
  arrivals.Add(600, 4);
  arrivals.Add(659, 4);
  arrivals.Add(720, 1);
  arrivals.Coarsen(12);
  EXPECT_EQ(RunsByHour(arrivals, 720), (Hours{8, 0}));
  EXPECT_EQ(RunsByHour(arrivals, 750), (Hours{8, 1}));
  EXPECT_EQ(RunsByHour(arrivals, 780), (Hours{8, 0, 1}));
}

TEST(RunsByHour, AreOfFourWeeks) {
  Arrivals arrivals;
  arrivals.Add(5, 1);
  arrivals.Add(100'000, 1);
  const Hours hours = RunsByHour(arrivals, 100'001);
  EXPECT_EQ(hours, (Hours{1}));
  arrivals.Add(100'000 + 60 * 671, 1);
  EXPECT_EQ(RunsByHour(arrivals, 100'001 + 60 * 671).size(), HourSeries::kHoursKept);
}

}  // namespace
}  // namespace omen::learn
