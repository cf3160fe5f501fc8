#include "router/arm_times.h"

#include <algorithm>
#include <cmath>

namespace omen::router {
namespace {

constexpr double kKept = 32.0 / 33;
constexpr double kUsualVariance = 0.3 * 0.3, kUsualWeight = 2;  // of one run about its mean
constexpr double kSpreadOfClasses = 0.3;  // of a template's runs with unlike values
constexpr double kSpreadWithin = 0.05;    // of one class of values, and of one value
constexpr double kSpreadOfShift = 0.3;    // between a run alone and one beside others
constexpr double kLogRatioMax = 20;       // of what is no accident of the clock
// One run counts as so many times the usual at most (as a logarithm): a stall is no habit.
constexpr double kOutlier = 3;
constexpr int kClassesMax = 16;

double Square(double x) { return x * x; }

}  // namespace

void TimeRatios::Add(double log_ratio) {
  if (!std::isfinite(log_ratio)) return;
  log_ratio = std::clamp(log_ratio, -kLogRatioMax, kLogRatioMax);
  const double usual = weight_ > 0 ? mean_ + kOutlier : log_ratio;
  weight_ = weight_ * kKept + 1;
  squares_ *= kKept;
  const double before = log_ratio - mean_;
  mean_ += before / weight_;
  squares_ += before * (log_ratio - mean_);
  mean_ratio_ += (std::exp(std::min(log_ratio, usual)) - mean_ratio_) / weight_;
  expected_ = std::log(mean_ratio_);
}

double TimeRatios::variance() const {
  return (squares_ + kUsualWeight * kUsualVariance) / (weight_ + kUsualWeight);
}

void TimeRatios::Encode(PackedWriter* out) const {
  for (const double number : {weight_, mean_, squares_, mean_ratio_}) out->Double(number);
}

void TimeRatios::Restore(PackedReader* in) {
  for (double* number : {&weight_, &mean_, &squares_, &mean_ratio_}) *number = in->Double();
  constexpr double kWeightMax = 1 / (1 - kKept),
                   kSquaresMax = kWeightMax * 4 * kLogRatioMax * kLogRatioMax;
  const auto is_within = [](double x, double low, double high) { return x >= low && x <= high; };
  const bool sound = is_within(weight_, 1, kWeightMax + 1) && is_within(squares_, 0, kSquaresMax) &&
                     is_within(mean_, -kLogRatioMax, kLogRatioMax) &&
                     is_within(mean_ratio_, std::exp(-kLogRatioMax), std::exp(kLogRatioMax));
  if (!sound) *this = TimeRatios();
  if (sound) expected_ = std::log(mean_ratio_);
}

Belief Belief::With(const Belief& other) const {
  const double share = other.variance / (variance + other.variance);
  return {mean * share + other.mean * (1 - share), variance * share};
}

int ArmTimes::ClassOf(double rows_touched) {
  return std::min(static_cast<int>(std::log2(std::max(rows_touched, 1.0)) / 2), kClassesMax - 1);
}

void ArmTimes::Note(Path path, Run run, const Case& of, double log_ratio) {
  const auto add = [&](Arms* arms) {
    Arm& arm = (*arms)[PathIndex(path)];
    (run == Run::kOfClient ? arm.of_clients : arm.measured).Add(log_ratio);
  };
  add(&all_);
  add(EnterClass(ClassOf(of.rows_touched)));
  if (of.values != 0) add(&Enter(of.values)->arms);
}

void ArmTimes::NoteTrial(const Case& of) {
  if (of.values != 0) Enter(of.values)->tried = true;
}

const ArmTimes::OfClass* ArmTimes::FindClass(int number) const {
  const auto found = std::ranges::find(by_class_, number, &OfClass::number);
  return found != by_class_.end() ? &*found : nullptr;
}

ArmTimes::Arms* ArmTimes::EnterClass(int number) {
  if (const OfClass* found = FindClass(number)) return &const_cast<OfClass*>(found)->arms;
  return &by_class_.emplace_back(number).arms;
}

const ArmTimes::OfValues* ArmTimes::Find(uint64_t values) const {
  const auto found = std::ranges::find(by_values_, values, &OfValues::values);
  return values != 0 && found != by_values_.end() ? &*found : nullptr;
}

// What was met longest ago makes room.
ArmTimes::OfValues* ArmTimes::Enter(uint64_t values) {
  auto* found = const_cast<OfValues*>(Find(values));
  if (found == nullptr && by_values_.size() < kValuesMax) found = &by_values_.emplace_back();
  if (found == nullptr) {
    found = &*std::ranges::min_element(by_values_, {}, &OfValues::turn);
    *found = OfValues();
  }
  found->values = values;
  found->turn = ++turn_;
  return found;
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
  const Arm& arm = arms[PathIndex(path)];
  const auto of = [&](const TimeRatios& ratios, double shift, double more) {
    return Belief{ratios.expected() + shift,
                  ratios.variance() / ratios.weight() + Square(spread) + Square(more)};
  };
  if (arm.measured.weight() == 0) return of(arm.of_clients, 0, 0);
  const Belief measured = of(arm.measured, ShiftOf(arms), kSpreadOfShift);
  return arm.of_clients.weight() == 0 ? measured : of(arm.of_clients, 0, 0).With(measured);
}

/// How far one run is from the mean of all on that path.
double ArmTimes::SpreadOf(const Arms& arms, Path path) {
  const Arm& arm = arms[PathIndex(path)];
  return std::max(arm.of_clients.variance(), arm.measured.variance());
}

// What is known of the wider ones is where the narrower would be expected, as far about it as
// single runs are.
Belief ArmTimes::Narrowed(const Belief& wider, const Arms& wide, const Arms& narrow, Path path,
                          double spread) {
  if (!narrow[PathIndex(path)].known()) return wider;
  const Belief before{wider.mean, wider.variance + SpreadOf(wide, path)};
  return BeliefOf(narrow, path, spread).With(before);
}

Belief ArmTimes::Of(Path path, const Case& of) const {
  Belief belief = BeliefOf(all_, path, kSpreadOfClasses);
  const Arms* wider = &all_;
  if (const OfClass* of_class = FindClass(ClassOf(of.rows_touched)); of_class != nullptr) {
    belief = Narrowed(belief, *wider, of_class->arms, path, kSpreadWithin);
    wider = &of_class->arms;
  }
  const OfValues* of_values = Find(of.values);
  if (of_values == nullptr) return belief;
  return Narrowed(belief, *wider, of_values->arms, path, kSpreadWithin);
}

double ArmTimes::weight(Path path) const {
  const Arm& arm = all_[PathIndex(path)];
  return arm.of_clients.weight() + arm.measured.weight();
}

bool ArmTimes::ComesAgain(const OfValues& of) {
  constexpr double kRuns = 1.5;
  double runs = 0;
  for (const Arm& arm : of.arms) runs += arm.of_clients.weight();
  return runs >= kRuns;
}

bool ArmTimes::WantsTrial(uint64_t values) const {
  const OfValues* known = Find(values);
  return known != nullptr && !known->tried && ComesAgain(*known);
}

void ArmTimes::Encode(PackedWriter* out) const {
  const auto encode = [out](const Arms& arms) {
    for (const Arm& arm : arms) {
      out->Int(arm.known() ? 1 : 0);
      if (!arm.known()) continue;
      arm.of_clients.Encode(out);
      arm.measured.Encode(out);
    }
  };
  encode(all_);
  out->Int(by_class_.size());
  for (const auto& [number, arms] : by_class_) {
    out->Int(static_cast<uint64_t>(number));
    encode(arms);
  }
  out->Int(static_cast<uint64_t>(std::ranges::count_if(by_values_, ComesAgain)));
  for (const OfValues& of : by_values_) {
    if (!ComesAgain(of)) continue;
    out->Fixed(of.values);
    out->Int(of.tried ? 1 : 0);
    encode(of.arms);
  }
}

void ArmTimes::Restore(PackedReader* in) {
  const auto restore = [in](Arms* arms) {
    for (Arm& arm : *arms) {
      if (in->Int() == 0) continue;
      arm.of_clients.Restore(in);
      arm.measured.Restore(in);
    }
  };
  restore(&all_);
  for (size_t left = in->Count(); left > 0 && in->ok(); --left) {
    restore(EnterClass(static_cast<int>(std::min<uint64_t>(in->Int(), kClassesMax - 1))));
  }
  for (size_t left = in->Count(); left > 0 && in->ok(); --left) {
    OfValues* of = Enter(in->Fixed());
    of->tried = in->Int() != 0;
    restore(&of->arms);
  }
}

}  // namespace omen::router
