// How long statements have taken on each path, beside what was estimated.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "base/packing/packed_bytes.h"
#include "router/router.h"

namespace omen::router {

/// Ratios of time taken over time estimated, of which the latest count most (after every value all
/// of before count for a share of 1/33 less). One thread.
class TimeRatios {
 public:
  /// The ratio's natural logarithm.
  void Add(double log_ratio);
  double weight() const { return weight_; }
  /// Of the logarithms.
  double mean() const { return mean_; }
  /// Of one value about the mean; where few are known it is near what is usual.
  double variance() const;
  /// The logarithm of the ratios' own mean, in which the slow ones weigh as much as they take.
  double expected() const { return expected_; }

  void Encode(PackedWriter* out) const;
  void Restore(PackedReader* in);

 private:
  double weight_ = 0, mean_ = 0, squares_ = 0, mean_ratio_ = 0;
  double expected_ = 0;  // of mean_ratio_: choices are made far more often than runs are noted
};

/// What is believed of the logarithm of an expected ratio: normal, with this mean and variance.
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
  /// What tells runs of one template apart before they run.
  struct Case {
    double rows_touched = 0;
    uint64_t values = 0;  // a hash of its parameters and literals; 0: not known
  };

  void Note(Path path, Run run, const Case& of, double log_ratio);
  /// Each path was tried with these values, whatever came of it.
  void NoteTrial(const Case& of);

  /// Whether it has run on that path, with any values.
  bool knows(Path path) const { return all_[PathIndex(path)].known(); }
  /// Of a run on that path; only where it `knows` the path.
  Belief Of(Path path, const Case& of) const;
  /// Runs on that path, the older counting less.
  double weight(Path path) const;
  /// Whether these values come again and were never tried.
  bool WantsTrial(uint64_t values) const;

  void Encode(PackedWriter* out) const;
  void Restore(PackedReader* in);

 private:
  static constexpr size_t kValuesMax = 16;
  struct Arm {
    TimeRatios of_clients, measured;
    bool known() const { return of_clients.weight() + measured.weight() > 0; }
  };
  using Arms = std::array<Arm, kPaths>;
  struct OfClass {
    int number = 0;  // by rows touched: every class is four times the one before
    Arms arms;
  };
  struct OfValues {
    uint64_t values = 0, turn = 0;
    bool tried = false;
    Arms arms;
  };
  static bool ComesAgain(const OfValues& of);
  static int ClassOf(double rows_touched);
  const OfClass* FindClass(int number) const;
  Arms* EnterClass(int number);
  static double ShiftOf(const Arms& arms);
  static Belief BeliefOf(const Arms& arms, Path path, double spread);
  static Belief Narrowed(const Belief& wider, const Arms& wide, const Arms& narrow, Path path,
                         double spread);
  static double SpreadOf(const Arms& arms, Path path);
  const OfValues* Find(uint64_t values) const;
  OfValues* Enter(uint64_t values);

  Arms all_;
  std::vector<OfClass> by_class_;
  std::vector<OfValues> by_values_;
  uint64_t turn_ = 0;
};

}  // namespace omen::router
