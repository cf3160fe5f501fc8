#include "router/arm_times.h"

#include <algorithm>
#include <cmath>

namespace omen::router {
namespace {

constexpr double kKept = 32.0 / 33;
constexpr double kUsualVariance = 0.3 * 0.3, kUsualWeight = 2;  // of one run about its mean
constexpr double kSpreadOfClasses = 0.3;  // of a template's runs with unlike values
constexpr double kSpreadWithin = 0.05;    // of one class of values
constexpr double kSpreadOfShift = 0.3;    // between a run alone and one beside others
constexpr int kClassesMax = 16;

double Square(double x) { return x * x; }

}  // namespace

void LogRatios::Add(double log_ratio) {
  if (!std::isfinite(log_ratio)) return;
  weight_ = weight_ * kKept + 1;
  squares_ *= kKept;
  const double before = log_ratio - mean_;
  mean_ += before / weight_;
  squares_ += before * (log_ratio - mean_);
}

double LogRatios::variance() const {
  return (squares_ + kUsualWeight * kUsualVariance) / (weight_ + kUsualWeight);
}

Belief Belief::With(const Belief& other) const {
  const double share = other.variance / (variance + other.variance);
  return {mean * share + other.mean * (1 - share), variance * share};
}

int ArmTimes::ClassOf(double rows_touched) {
  return std::min(static_cast<int>(std::log2(std::max(rows_touched, 1.0)) / 2), kClassesMax - 1);
}

void ArmTimes::Note(Path path, Run run, double rows_touched, double log_ratio) {
  for (Arms* arms : {&all_, &by_class_[ClassOf(rows_touched)]}) {
    Arm& arm = (*arms)[Index(path)];
    (run == Run::kOfClient ? arm.of_clients : arm.measured).Add(log_ratio);
  }
}

/// How much longer clients' runs take than measured ones, where some path has both.
double ArmTimes::ShiftOf(const Arms& arms) {
  double weights = 0, sum = 0;
  for (const Arm& arm : arms) {
    const double weight = std::min(arm.of_clients.weight(), arm.measured.weight());
    weights += weight;
    sum += weight * (arm.of_clients.mean() - arm.measured.mean());
  }
  return weights > 0 ? sum / weights : 0;
}

Belief ArmTimes::BeliefOf(const Arms& arms, Path path, double spread) {
  const Arm& arm = arms[Index(path)];
  const auto of = [&](const LogRatios& ratios, double shift, double more) {
    return Belief{ratios.mean() + shift,
                  ratios.variance() / ratios.weight() + Square(spread) + Square(more)};
  };
  if (arm.measured.weight() == 0) return of(arm.of_clients, 0, 0);
  const Belief measured = of(arm.measured, ShiftOf(arms), kSpreadOfShift);
  return arm.of_clients.weight() == 0 ? measured : of(arm.of_clients, 0, 0).With(measured);
}

Belief ArmTimes::Of(Path path, double rows_touched) const {
  const Belief all = BeliefOf(all_, path, kSpreadOfClasses);
  const auto found = by_class_.find(ClassOf(rows_touched));
  if (found == by_class_.end() || !found->second[Index(path)].known()) return all;
  return BeliefOf(found->second, path, kSpreadWithin).With(all);
}

double ArmTimes::weight(Path path) const {
  const Arm& arm = all_[Index(path)];
  return arm.of_clients.weight() + arm.measured.weight();
}

}  // namespace omen::router
