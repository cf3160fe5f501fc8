#include "learn/forecast/neighbours.h"

#include <algorithm>
#include <cmath>

namespace omen::learn {
namespace {

constexpr size_t kHoursLooked = 2 * kHoursPerWeek, kHoursNeeded = 2 * kHoursPerDay, kLags = 3;
constexpr double kLagWeight[kLags] = {1.0, 0.5, 0.25};
constexpr double kFar = 18;  // e to the power of minus half of it is nothing
constexpr size_t kNear = 2;  // hours of the day apart that are not further than that

/// Between two hours of a circle of `period`, squared, in units of `width` hours.
double CircleDistance(size_t hours, size_t period, double width) {
  const size_t turned = hours % period;
  const double apart = static_cast<double>(std::min(turned, period - turned)) / width;
  return apart * apart;
}

double TimeDistance(size_t hours) {
  constexpr double kDayWidth = 0.6, kWeekWidth = 36;
  return CircleDistance(hours, kHoursPerDay, kDayWidth) +
         CircleDistance(hours, kHoursPerWeek, kWeekWidth);
}

/// The standard deviation of the last week's hours, or of as many as there are.
double SpreadOf(const HourSeries& series) {
  const size_t hours = std::min(series.size(), kHoursPerWeek);
  double sum = 0, squares = 0;
  for (size_t back = 1; back <= hours; ++back) {
    sum += series.Back(back);
    squares += series.Back(back) * series.Back(back);
  }
  const double mean = sum / static_cast<double>(hours);
  return std::sqrt(std::max(squares / static_cast<double>(hours) - mean * mean, 0.0));
}

double LagDistance(const HourSeries& series, size_t back, double width) {
  double distance = 0;
  for (size_t lag = 1; lag <= kLags; ++lag) {
    const double apart = (series.Back(back + lag) - series.Back(lag)) / width;
    distance += kLagWeight[lag - 1] * apart * apart;
  }
  return distance;
}

}  // namespace

std::optional<double> Neighbours::Predict(const HourSeries& before) {
  if (before.size() < kHoursNeeded) return std::nullopt;
  const size_t hours = std::min(before.size() - kLags, kHoursLooked);
  const double width = std::max(0.5 * SpreadOf(before), 1e-3);
  double weights = 1e-12, sum = weights * before.Back(1);
  // From the hour a day ago, less or more than that by kNear at most, to the next day's.
  for (size_t day = kHoursPerDay; day <= hours + kNear; day += kHoursPerDay) {
    for (size_t back = day - kNear; back <= std::min(day + kNear, hours); ++back) {
      const double distance = TimeDistance(back) + LagDistance(before, back, width);
      if (distance >= kFar) continue;
      const double weight = std::exp(-distance / 2);
      weights += weight;
      sum += weight * before.Back(back);
    }
  }
  return sum / weights;
}

}  // namespace omen::learn
