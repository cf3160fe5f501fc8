// One way to tell the next hour of a series from the hours before it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "learn/forecast/hour_series.h"

namespace omen::learn {

enum class HourModelKind : uint8_t {
  kLastHour,    // the last hour repeats
  kLevel,       // the mean of the last day
  kDay,         // the same hour of the days before
  kWeek,        // the same hour of the weeks before
  kLags,        // ridge regression on lags
  kNeighbours,  // kernel regression: what followed hours like these
};
inline constexpr size_t kHourModels = static_cast<size_t>(HourModelKind::kNeighbours) + 1;
std::string_view HourModelName(HourModelKind kind);

/// One thread. Predict and Learn take turns: Learn is told what came after `before`.
class HourModel {
 public:
  virtual ~HourModel() = default;
  /// Null where the series is too short for it.
  virtual std::optional<double> Predict(const HourSeries& before) = 0;
  virtual void Learn(const HourSeries& /*before*/, double /*actual*/) {}
};

std::unique_ptr<HourModel> MakeHourModel(HourModelKind kind);

}  // namespace omen::learn
