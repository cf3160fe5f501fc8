#include "learn/forecast/hour_series.h"

#include <algorithm>
#include <numeric>

namespace omen::learn {

void HourSeries::Add(double value) {
  if (values_.size() == kHoursKept) values_.erase(values_.begin());
  values_.push_back(value);
}

double HourSeries::SeasonMean(size_t period, size_t periods, double otherwise) const {
  const size_t known = std::min(periods, size() / period);
  if (known == 0) return otherwise;
  double sum = 0;
  for (size_t i = 1; i <= known; ++i) sum += Back(i * period);
  return sum / static_cast<double>(known);
}

double HourSeries::MeanOfLast(size_t hours) const {
  const size_t known = std::min(hours, size());
  if (known == 0) return 0;
  const auto from = values_.end() - static_cast<ptrdiff_t>(known);
  return std::accumulate(from, values_.end(), 0.0) / static_cast<double>(known);
}

}  // namespace omen::learn
