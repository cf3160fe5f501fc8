#include "learn/forecast/hour_model.h"

#include "learn/forecast/lag_regression.h"
#include "learn/forecast/neighbours.h"

namespace omen::learn {
namespace {

/// The mean of the hours a period, two periods... ago (Hyndman and Athanasopoulos, "Forecasting:
/// Principles and Practice", 3rd ed. 2021, 5.2).
class SeasonalNaive final : public HourModel {
 public:
  SeasonalNaive(size_t period, size_t periods, size_t hours_needed)
      : period_(period), periods_(periods), hours_needed_(hours_needed) {}
  std::optional<double> Predict(const HourSeries& before) override {
    if (before.size() < hours_needed_) return std::nullopt;
    return before.SeasonMean(period_, periods_, 0);
  }

 private:
  const size_t period_, periods_, hours_needed_;
};

}  // namespace

std::string_view HourModelName(HourModelKind kind) {
  constexpr std::string_view kNames[] = {
      "last hour",        "mean of a day",    "seasonal naive (day)", "seasonal naive (week)",
      "ridge regression", "kernel regression"};
  return kNames[static_cast<size_t>(kind)];
}

std::unique_ptr<HourModel> MakeHourModel(HourModelKind kind) {
  constexpr size_t kDays = 3, kWeeks = 3;
  switch (kind) {
    case HourModelKind::kLastHour:
      return std::make_unique<SeasonalNaive>(1, 1, 1);
    case HourModelKind::kLevel:
      return std::make_unique<SeasonalNaive>(1, kHoursPerDay, kHoursPerDay);
    case HourModelKind::kDay:
      return std::make_unique<SeasonalNaive>(kHoursPerDay, kDays, kHoursPerDay);
    case HourModelKind::kWeek:
      return std::make_unique<SeasonalNaive>(kHoursPerWeek, kWeeks, kHoursPerWeek);
    case HourModelKind::kLags:
      return std::make_unique<LagRegression>();
    case HourModelKind::kNeighbours:
      return std::make_unique<Neighbours>();
  }
  return nullptr;
}

}  // namespace omen::learn
