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

double SpreadOf(const HourSeries& series, size_t hours) {
  const double mean = series.MeanOfLast(hours);
  double squares = 0;
  for (size_t back = 1; back <= hours; ++back) {
    squares += (series.Back(back) - mean) * (series.Back(back) - mean);
  }
  return std::sqrt(squares / static_cast<double>(hours));
}

}  // namespace

std::optional<double> Neighbours::Predict(const HourSeries& before) {
  if (before.size() < kHoursNeeded) return std::nullopt;
  const size_t hours = std::min(before.size() - kLags, kHoursLooked);
  const double width = std::max(0.5 * SpreadOf(before, hours), 1e-3);
  double weights = 1e-12, sum = weights * before.Back(1);
  for (size_t back = 1; back <= hours; ++back) {
    if ((back + kNear) % kHoursPerDay > 2 * kNear) continue;
    double distance = TimeDistance(back);
    for (size_t lag = 1; lag <= kLags && distance < kFar; ++lag) {
      const double apart = (before.Back(back + lag) - before.Back(lag)) / width;
      distance += kLagWeight[lag - 1] * apart * apart;
    }
    if (distance >= kFar) continue;
    const double weight = std::exp(-distance / 2);
    weights += weight;
    sum += weight * before.Back(back);
  }
  return sum / weights;
}

}  // namespace omen::learn
