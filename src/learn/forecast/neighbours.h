// What followed hours like the last ones: for spikes, which no mean foretells.
#pragma once

#include "learn/forecast/hour_model.h"

namespace omen::learn {

/// Kernel regression (Nadaraya, 1964; Watson, 1964), as QB5000 foretells spikes (Ma et al., SIGMOD
/// 2018, 6.2): the mean of what followed each hour of the last two weeks, weighted by how like the
/// hours before it were to the last ones, and its time of day and of week to the next one's. Takes
/// some microseconds, as long as two weeks have hours. One thread.
class Neighbours final : public HourModel {
 public:
  std::optional<double> Predict(const HourSeries& before) override;
};

}  // namespace omen::learn
