// Several models of one series, each believed as its own predictions of late were right.
#pragma once

#include <array>
#include <memory>
#include <optional>

#include "learn/forecast/hour_model.h"
#include "learn/forecast/hour_series.h"

namespace omen::learn {

/// Every hour that is added is first predicted by every model that can, so that errors are of
/// hours none had seen. A model counts by the inverse of a power of its mean error, of which the
/// older counts for less. Memory: four weeks of hours and 2 KB; time: some microseconds an hour.
/// One thread.
class HourEnsemble {
 public:
  enum class Loss : uint8_t {
    kAbsolute,  // least at the median: for amounts
    kSquared,   // least at the mean: for probabilities
  };
  explicit HourEnsemble(Loss loss);

  void Add(double value);
  size_t hours() const { return series_.size(); }
  /// Of the next hour. Where no hour is known: 0, by the last hour.
  double Predict() const { return prediction_; }
  double PredictionOf(HourModelKind kind) const;
  /// Which counts most.
  HourModelKind leader() const { return leader_; }

 private:
  struct Member {
    std::unique_ptr<HourModel> model;
    std::optional<double> predicted;  // the next hour
    double error = 0, tried = 0;      // sum and number, decayed
  };
  double LossOf(double predicted, double actual) const;
  void Weigh();

  const Loss loss_;
  HourSeries series_;
  std::array<Member, kHourModels> members_;
  double prediction_ = 0;
  HourModelKind leader_ = HourModelKind::kLastHour;
};

}  // namespace omen::learn
