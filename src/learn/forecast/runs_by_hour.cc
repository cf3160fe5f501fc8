#include "learn/forecast/runs_by_hour.h"

#include <algorithm>

#include "learn/forecast/hour_series.h"

namespace omen::learn {

std::vector<double> RunsByHour(const Arrivals& arrivals, int64_t until) {
  std::vector<double> latest_first;
  arrivals.ForEach([&](int64_t minute, int64_t minutes, uint64_t count) {
    const int64_t back = until - 1 - (minute + minutes / 2);
    if (back < 0) return;
    const auto hour = static_cast<size_t>(back / Arrivals::kMinutesPerHour);
    if (hour >= HourSeries::kHoursKept) return;
    if (hour >= latest_first.size()) latest_first.resize(hour + 1);
    latest_first[hour] += static_cast<double>(count);
  });
  std::ranges::reverse(latest_first);
  return latest_first;
}

}  // namespace omen::learn
