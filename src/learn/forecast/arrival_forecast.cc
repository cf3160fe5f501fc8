#include "learn/forecast/arrival_forecast.h"

#include <algorithm>
#include <cmath>

#include "base/check.h"

namespace omen::learn {
namespace {

// The threshold that makes F1 greatest is half of that F1 (Lipton, Elkan and Naryanaswamy, "Optimal
// Thresholding of Classifiers to Maximize F1 Measure", 2014, theorem 1), which is 0.8 or 0.9.
constexpr double kWillRunFrom = 0.4;

}  // namespace

void ArrivalForecaster::Add(double runs) {
  OMEN_CHECK(std::isfinite(runs) && runs >= 0);
  if (amounts_.hours() > 0) {
    errors_.Add(std::abs(ExpectedRuns() - runs));
    last_hour_errors_.Add(std::abs(last_runs_ - runs));
  }
  amounts_.Add(std::log1p(runs));
  presence_.Add(runs > 0 ? 1 : 0);
  last_runs_ = runs;
}

double ArrivalForecaster::ExpectedRuns() const {
  return std::max(std::expm1(amounts_.Predict()), 0.0);
}

ArrivalForecast ArrivalForecaster::Next() const {
  ArrivalForecast next;
  next.runs = ExpectedRuns();
  next.probability = std::clamp(presence_.Predict(), 0.0, 1.0);
  next.will_run = next.probability >= kWillRunFrom;
  next.last_hour_runs = last_runs_;
  next.model = amounts_.leader();
  next.error_runs = errors_.MeanOfLast(kHoursPerWeek);
  next.last_hour_error_runs = last_hour_errors_.MeanOfLast(kHoursPerWeek);
  next.hours_tried = std::min(errors_.size(), kHoursPerWeek);
  return next;
}

ArrivalForecast ForecastNextHour(std::span<const double> runs_by_hour) {
  ArrivalForecaster forecaster;
  for (const double runs : runs_by_hour) forecaster.Add(runs);
  return forecaster.Next();
}

}  // namespace omen::learn
