// Linear regression of the next hour on the hours before it.
#pragma once

#include <array>

#include "learn/forecast/hour_model.h"
#include "learn/stream/ridge.h"

namespace omen::learn {

/// Ridge regression on lags: the last hours, the same hour of the days and weeks before, and how
/// far the last hour was above its own of those. QB5000's linear regression takes the last hours
/// alone (Ma et al., SIGMOD 2018, 6.1). Of series whose values are of the order of one to ten. A
/// step takes about a microsecond. One thread.
class LagRegression final : public HourModel {
 public:
  LagRegression();
  std::optional<double> Predict(const HourSeries& before) override;
  void Learn(const HourSeries& before, double actual) override;

 private:
  static constexpr size_t kFeatures = 12;
  using Features = std::array<double, kFeatures>;
  static Features FeaturesOf(const HourSeries& before);

  Ridge ridge_;
  double least_ = 0, most_ = 0;  // of what it has learned
};

}  // namespace omen::learn
