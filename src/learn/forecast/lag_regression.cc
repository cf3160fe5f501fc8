#include "learn/forecast/lag_regression.h"

#include <algorithm>

namespace omen::learn {
namespace {

constexpr double kRidge = 1, kForgetting = 0.998;
constexpr size_t kLearnedFrom = kHoursPerDay + 1;  // hours that an example needs
constexpr double kExamplesNeeded = 24;

}  // namespace

LagRegression::LagRegression() : ridge_(kFeatures, kRidge, kForgetting) {}

// What is not known yet is told by the nearest that is: the week's hour by the day's.
LagRegression::Features LagRegression::FeaturesOf(const HourSeries& before) {
  const double last = before.Back(1), day = before.Back(kHoursPerDay);
  const double days = before.SeasonMean(kHoursPerDay, 4, day);
  const bool has_week = before.size() > kHoursPerWeek;
  const double week = has_week ? before.Back(kHoursPerWeek) : days;
  const double weeks = has_week ? before.SeasonMean(kHoursPerWeek, 3, week) : days;
  const double above_day = last - before.Back(kHoursPerDay + 1);
  const double above_week = has_week ? last - before.Back(kHoursPerWeek + 1) : above_day;
  const double next_of_week = has_week ? before.Back(kHoursPerWeek - 1) : days;
  return {1,          last,        before.Back(2), before.Back(3), before.MeanOfLast(kHoursPerDay),
          day,        days,        week,           weeks,          above_day,
          above_week, next_of_week};
}

std::optional<double> LagRegression::Predict(const HourSeries& before) {
  if (before.size() < kLearnedFrom || ridge_.examples() < kExamplesNeeded) return std::nullopt;
  return std::clamp(ridge_.Predict(FeaturesOf(before)), least_, most_);
}

void LagRegression::Learn(const HourSeries& before, double actual) {
  if (before.size() < kLearnedFrom) return;
  least_ = std::min(least_, actual);
  most_ = std::max(most_, actual);
  ridge_.Learn(FeaturesOf(before), actual);
}

}  // namespace omen::learn
