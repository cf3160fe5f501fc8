#include "learn/forecast/arrival_forecast.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "learn/key_sets.h"

namespace omen::learn {
namespace {

template <typename RunsOfHour>
std::vector<double> HoursOf(size_t hours, RunsOfHour runs) {
  std::vector<double> all;
  for (size_t hour = 0; hour < hours; ++hour) all.push_back(runs(hour));
  return all;
}

double Daytime(size_t hour) {
  constexpr double kTurn = 6.28318530718;
  const double of_day = static_cast<double>(hour % kHoursPerDay) / kHoursPerDay;
  return std::round(500 - 400 * std::cos(kTurn * of_day));
}

TEST(ArrivalForecast, OfNothingIsNothing) {
  const ArrivalForecast next = ForecastNextHour({});
  EXPECT_EQ(next.runs, 0);
  EXPECT_FALSE(next.will_run);
  EXPECT_EQ(next.hours_tried, 0u);
}

TEST(ArrivalForecast, AtFirstTheLastHourRepeats) {
  const std::vector<double> hours = {3, 10, 60};
  const ArrivalForecast next = ForecastNextHour(hours);
  EXPECT_NEAR(next.runs, 60, 1e-9);
  EXPECT_TRUE(next.will_run);
  EXPECT_EQ(next.model, HourModelKind::kLastHour);
  EXPECT_EQ(next.hours_tried, 2u);
  EXPECT_NEAR(next.error_runs, (7 + 50) / 2.0, 1e-9);
  EXPECT_NEAR(next.last_hour_error_runs, (7 + 50) / 2.0, 1e-9);
}

TEST(ArrivalForecast, KnowsTheDay) {
  for (size_t hours = 14 * kHoursPerDay; hours < 15 * kHoursPerDay; ++hours) {
    const ArrivalForecast next = ForecastNextHour(HoursOf(hours, Daytime));
    EXPECT_NEAR(next.runs, Daytime(hours), 0.05 * Daytime(hours)) << hours;
    EXPECT_LT(next.error_runs, 0.2 * next.last_hour_error_runs);
    EXPECT_EQ(next.hours_tried, kHoursPerWeek);
  }
}

TEST(ArrivalForecast, FollowsADrift) {
  const auto growing = [](size_t hour) {
    return std::round(Daytime(hour) * std::exp(static_cast<double>(hour) / 200));
  };
  const ArrivalForecast next = ForecastNextHour(HoursOf(336, growing));
  EXPECT_NEAR(next.runs, growing(336), 0.1 * growing(336));
  EXPECT_LT(next.error_runs, 0.4 * next.last_hour_error_runs);
}

TEST(ArrivalForecast, KnowsWhatTheClockStarts) {
  const auto nightly = [](size_t hour) { return hour % kHoursPerDay == 3 ? 20.0 : 0.0; };
  EXPECT_TRUE(ForecastNextHour(HoursOf(10 * 24 + 3, nightly)).will_run);
  EXPECT_FALSE(ForecastNextHour(HoursOf(10 * 24 + 4, nightly)).will_run);
  const auto weekly = [](size_t hour) { return hour % kHoursPerWeek == 50 ? 20.0 : 0.0; };
  const ArrivalForecast report = ForecastNextHour(HoursOf(3 * kHoursPerWeek + 50, weekly));
  EXPECT_TRUE(report.will_run);
  EXPECT_GT(report.runs, 5);
  EXPECT_FALSE(ForecastNextHour(HoursOf(3 * kHoursPerWeek + 51, weekly)).will_run);
}

TEST(ArrivalForecast, LosesLittleWhereThereIsNothingToKnow) {
  for (const uint64_t seed : {1, 2, 3}) {
    SCOPED_TRACE(seed);
    Random random(seed);
    double level = 6;
    const auto wandering = [&](size_t) {
      level += static_cast<double>(random.Below(1001)) / 1000 - 0.5;
      return std::round(std::exp(level));
    };
    const ArrivalForecast next = ForecastNextHour(HoursOf(336, wandering));
    EXPECT_LT(next.error_runs, 1.15 * next.last_hour_error_runs);
  }
}

TEST(ArrivalForecast, IsTheSameAgain) {
  const std::vector<double> hours = HoursOf(700, Daytime);
  EXPECT_EQ(ForecastNextHour(hours).runs, ForecastNextHour(hours).runs);
  EXPECT_EQ(ForecastNextHour(hours).error_runs, ForecastNextHour(hours).error_runs);
}

TEST(ArrivalForecast, StandsTheLargestCounts) {
  const auto huge = [](size_t hour) { return hour % 50 == 0 ? 1e18 : 0.0; };
  const ArrivalForecast next = ForecastNextHour(HoursOf(500, huge));
  EXPECT_TRUE(std::isfinite(next.runs) && std::isfinite(next.error_runs));
  EXPECT_GE(next.runs, 0);
  EXPECT_LE(next.probability, 1);
}

}  // namespace
}  // namespace omen::learn
