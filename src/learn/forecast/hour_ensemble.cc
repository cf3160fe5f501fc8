#include "learn/forecast/hour_ensemble.h"

#include <cmath>

namespace omen::learn {
namespace {

constexpr double kErrorKept = 0.985;  // a day-old error counts 0.7
constexpr double kHoursTried = 12;    // before that, a model's error is not known

}  // namespace

HourEnsemble::HourEnsemble(Loss loss) : loss_(loss) {
  for (size_t i = 0; i < kHourModels; ++i) {
    members_[i].model = MakeHourModel(static_cast<HourModelKind>(i));
  }
}

double HourEnsemble::LossOf(double predicted, double actual) const {
  const double error = std::abs(predicted - actual);
  return loss_ == Loss::kSquared ? error * error : error;
}

void HourEnsemble::Add(double value) {
  for (Member& member : members_) {
    if (member.predicted) {
      member.error = member.error * kErrorKept + LossOf(*member.predicted, value);
      member.tried = member.tried * kErrorKept + 1;
    }
    member.model->Learn(series_, value);
  }
  series_.Add(value);
  for (Member& member : members_) member.predicted = member.model->Predict(series_);
  Weigh();
}

void HourEnsemble::Weigh() {
  constexpr double kLeastError = 1e-6;
  const double power = loss_ == Loss::kSquared ? 2 : 4;
  double weights = 0, sum = 0, most = 0;
  for (size_t i = 0; i < kHourModels; ++i) {
    const Member& member = members_[i];
    const auto kind = static_cast<HourModelKind>(i);
    if (!member.predicted) continue;
    if (member.tried < kHoursTried && kind != HourModelKind::kLastHour) continue;
    const double error = member.tried > 0 ? member.error / member.tried : 0;
    const double weight = std::pow(error + kLeastError, -power);
    weights += weight;
    sum += weight * *member.predicted;
    if (weight > most) {
      most = weight;
      leader_ = kind;
    }
  }
  prediction_ = weights > 0 ? sum / weights : 0;
}

double HourEnsemble::PredictionOf(HourModelKind kind) const {
  return members_[static_cast<size_t>(kind)].predicted.value_or(0);
}

}  // namespace omen::learn
