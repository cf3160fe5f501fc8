#include "learn/forecast/hour_series.h"

#include <gtest/gtest.h>

namespace omen::learn {
namespace {

TEST(HourSeries, TellsWhatWasSoManyHoursAgo) {
  HourSeries series;
  for (const double value : {5.0, 7.0, 9.0}) series.Add(value);
  EXPECT_EQ(series.size(), 3u);
  EXPECT_EQ(series.Back(1), 9);
  EXPECT_EQ(series.Back(3), 5);
}

TEST(HourSeries, MeansAreOfAsManyAsThereAre) {
  HourSeries series;
  EXPECT_EQ(series.MeanOfLast(24), 0);
  EXPECT_EQ(series.SeasonMean(2, 3, -1), -1);
  for (const double value : {1.0, 2.0, 3.0, 4.0, 5.0}) series.Add(value);
  EXPECT_EQ(series.MeanOfLast(2), 4.5);
  EXPECT_EQ(series.MeanOfLast(24), 3);
  EXPECT_EQ(series.SeasonMean(2, 1, -1), 4);
  EXPECT_EQ(series.SeasonMean(2, 3, -1), 3);  // of the hours 2 and 4 ago
  EXPECT_EQ(series.SeasonMean(6, 3, -1), -1);
}

TEST(HourSeries, ForgetsWhatIsOlderThanFourWeeks) {
  HourSeries series;
  for (size_t hour = 0; hour < HourSeries::kHoursKept + 10; ++hour) {
    series.Add(static_cast<double>(hour));
  }
  EXPECT_EQ(series.size(), HourSeries::kHoursKept);
  EXPECT_EQ(series.Back(series.size()), 10);
}

}  // namespace
}  // namespace omen::learn
