// How often something will happen in the next hour, from how often it did in each hour before.
#pragma once

#include <span>

#include "learn/forecast/hour_ensemble.h"

namespace omen::learn {

/// Of one hour ahead. Runs are counts in an hour.
struct ArrivalForecast {
  double runs = 0;         // expected: about the median of what may come
  double probability = 0;  // that there is any run
  bool will_run = false;
  double last_hour_runs = 0;                       // the baseline: the last hour repeats
  HourModelKind model = HourModelKind::kLastHour;  // which counts most in `runs`
  /// Mean absolute errors over the last week's hours, or as many as there were: each was predicted
  /// from the hours before it alone.
  double error_runs = 0, last_hour_error_runs = 0;
  size_t hours_tried = 0;
};

/// Learns hour by hour. Several models over the logarithm of counts, combined, after QB5000 (Ma et
/// al., "Query-based Workload Forecasting for Self-Driving Database Management Systems", SIGMOD
/// 2018, section 6); the same over whether there was a run. Of a history too short for a model the
/// others tell, at first the last hour alone. Bounded as HourEnsemble is. One thread.
class ArrivalForecaster {
 public:
  /// Of the hour after those that were added; finite, >= 0.
  void Add(double runs);
  ArrivalForecast Next() const;

 private:
  double ExpectedRuns() const;

  HourEnsemble amounts_{HourEnsemble::Loss::kAbsolute}, presence_{HourEnsemble::Loss::kSquared};
  double last_runs_ = 0;
  HourSeries errors_, last_hour_errors_;
};

/// Hours in order, the last of them the latest.
ArrivalForecast ForecastNextHour(std::span<const double> runs_by_hour);

}  // namespace omen::learn
