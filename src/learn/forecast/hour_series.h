// A series of one number an hour, and what is asked of its past.
#pragma once

#include <cstddef>
#include <vector>

namespace omen::learn {

inline constexpr size_t kHoursPerDay = 24, kHoursPerWeek = 168;

/// Keeps the last four weeks. One thread.
class HourSeries {
 public:
  static constexpr size_t kHoursKept = 4 * kHoursPerWeek;

  void Add(double value);
  size_t size() const { return values_.size(); }
  /// So many hours ago; 1, the last one, to size().
  double Back(size_t hours) const { return values_[values_.size() - hours]; }
  /// Mean of the hours that are one period ago, two periods..., up to `periods` of them and as
  /// many as there are: at least one is, or it is `otherwise`.
  double SeasonMean(size_t period, size_t periods, double otherwise) const;
  /// Of the last `hours`, or as many as there are; 0 where there is none.
  double MeanOfLast(size_t hours) const;

 private:
  std::vector<double> values_;  // oldest first
};

}  // namespace omen::learn
