// How long statements have taken on each path, beside what was estimated.
#pragma once

#include <array>
#include <cstdint>
#include <map>

#include "router/router.h"

namespace omen::router {

/// Natural logarithms of time taken over time estimated: their mean and variance, of which the
/// latest count most (after every value all of before count for a share of 1/33 less). One thread.
class LogRatios {
 public:
  void Add(double log_ratio);
  double weight() const { return weight_; }
  double mean() const { return mean_; }
  /// Of one value about the mean; where few are known it is near what is usual.
  double variance() const;

 private:
  double weight_ = 0, mean_ = 0, squares_ = 0;
};

/// What is believed of a logarithm: normal, with this mean and variance.
struct Belief {
  double mean = 0, variance = 0;

  /// Of two independent ones about the same thing.
  Belief With(const Belief& other) const;
};

/// One template's times. Clients' runs and those that were made to measure are kept apart: the
/// latter run alone, one path after the other, so that only their differences tell of clients'.
/// One thread.
class ArmTimes {
 public:
  enum class Run : uint8_t { kOfClient, kMeasured };

  void Note(Path path, Run run, double rows_touched, double log_ratio);

  /// Whether it has run on that path, with any values.
  bool knows(Path path) const { return all_[Index(path)].known(); }
  /// Of a run on that path that touches so many rows; only where it `knows` the path.
  Belief Of(Path path, double rows_touched) const;
  /// Runs on that path, the older counting less.
  double weight(Path path) const;

 private:
  struct Arm {
    LogRatios of_clients, measured;
    bool known() const { return of_clients.weight() + measured.weight() > 0; }
  };
  using Arms = std::array<Arm, kPaths>;
  static size_t Index(Path path) { return static_cast<size_t>(path); }
  static int ClassOf(double rows_touched);
  static double ShiftOf(const Arms& arms);
  static Belief BeliefOf(const Arms& arms, Path path, double spread);

  Arms all_;
  std::map<int, Arms> by_class_;  // by rows touched: every class is four times the one before
};

}  // namespace omen::router
