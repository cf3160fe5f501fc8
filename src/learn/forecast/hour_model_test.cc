#include "learn/forecast/hour_model.h"

#include <gtest/gtest.h>

#include <cmath>

namespace omen::learn {
namespace {

/// What the model says of each hour from `from` on, having learned those before it: the mean
/// absolute error; of none: -1.
template <typename ValueOfHour>
double ErrorOf(HourModelKind kind, size_t hours, size_t from, ValueOfHour value) {
  const auto model = MakeHourModel(kind);
  HourSeries series;
  double error = 0;
  size_t told = 0;
  for (size_t hour = 0; hour < hours; ++hour) {
    const auto predicted = model->Predict(series);
    if (predicted && hour >= from) {
      error += std::abs(*predicted - value(hour));
      ++told;
    }
    model->Learn(series, value(hour));
    series.Add(value(hour));
  }
  return told == 0 ? -1 : error / static_cast<double>(told);
}

double ByDay(size_t hour) { return static_cast<double>(hour % kHoursPerDay) / 4; }
double ByWeek(size_t hour) { return hour % kHoursPerWeek == 50 ? 6 : 0; }

TEST(HourModels, SaveTheLastHourNoneTellsWithoutHours) {
  for (size_t i = 0; i < kHourModels; ++i) {
    const auto model = MakeHourModel(static_cast<HourModelKind>(i));
    HourSeries series;
    EXPECT_FALSE(model->Predict(series));
    model->Learn(series, 1);
    series.Add(1);
    EXPECT_EQ(model->Predict(series).has_value(),
              static_cast<HourModelKind>(i) == HourModelKind::kLastHour)
        << HourModelName(static_cast<HourModelKind>(i));
  }
}

TEST(HourModels, SeasonsRepeat) {
  EXPECT_EQ(ErrorOf(HourModelKind::kDay, 100, 24, ByDay), 0);
  EXPECT_EQ(ErrorOf(HourModelKind::kWeek, 400, 168, ByWeek), 0);
  EXPECT_EQ(ErrorOf(HourModelKind::kWeek, 168, 0, ByWeek), -1);  // no week is over
}

TEST(HourModels, RegressionFindsSeasonAndTrend) {
  EXPECT_LT(ErrorOf(HourModelKind::kLags, 400, 200, ByDay), 0.05);
  const auto rising = [](size_t hour) { return ByDay(hour) + static_cast<double>(hour) / 200; };
  EXPECT_LT(ErrorOf(HourModelKind::kLags, 400, 200, rising), 0.1);
  EXPECT_GT(ErrorOf(HourModelKind::kDay, 400, 200, rising), 0.1);
}

TEST(HourModels, RegressionStaysWithinWhatItHasSeen) {
  const auto model = MakeHourModel(HourModelKind::kLags);
  HourSeries series;
  for (size_t hour = 0; hour < 300; ++hour) {
    model->Learn(series, ByDay(hour));
    series.Add(ByDay(hour));
  }
  series.Add(1e6);  // as nothing before
  EXPECT_LE(*model->Predict(series), 6);
}

TEST(HourModels, NeighboursForetellWhatFollowsAFirstSign) {
  // Now and then, at any hour but one of few, an hour of 2 is followed by one of 8.
  const auto spiky = [](size_t hour) {
    const size_t of_spike = hour % 41;
    return of_spike == 7 ? 2.0 : of_spike == 8 ? 8.0 : 0.0;
  };
  const double error = ErrorOf(HourModelKind::kNeighbours, 2000, 1000, spiky);
  EXPECT_GE(error, 0);
  EXPECT_LT(error, 0.7 * ErrorOf(HourModelKind::kLastHour, 2000, 1000, spiky));
}

}  // namespace
}  // namespace omen::learn
