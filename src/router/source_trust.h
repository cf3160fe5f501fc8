// Whether it pays to go by a source: trials measure each path, so that what it would have chosen
// can be held against what the rules chose, before it is ever followed.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "base/packing/packed_bytes.h"

namespace omen::router {

/// Of one source, over the latest trials. One thread.
class SourceTrust {
 public:
  /// A trial measured what it would have chosen, and what the rules chose. One path may count as so
  /// many times the other at most: one statement is no rule.
  void Note(double chosen_us, double rules_us) {
    constexpr double kKept = 0.98, kTimesMax = 20;
    chosen_us_ = chosen_us_ * kKept + std::min(chosen_us, kTimesMax * rules_us);
    rules_us_ = rules_us_ * kKept + std::min(rules_us, kTimesMax * chosen_us);
    ++trials_;
  }

  uint64_t trials() const { return trials_; }
  /// Of the rules' time in the latest trials, the share that it would have saved; below zero: lost.
  double saved() const { return rules_us_ > 0 ? 1 - chosen_us_ / rules_us_ : 0; }
  bool has_won() const { return trials_ >= kTrialsMin && saved() > 0; }
  bool has_lost() const { return trials_ >= kTrialsMin && saved() < -kTolerated; }

  void Encode(PackedWriter* out) const {
    out->Double(chosen_us_);
    out->Double(rules_us_);
    out->Int(trials_);
  }
  void Restore(PackedReader* in) {
    chosen_us_ = in->Double();
    rules_us_ = in->Double();
    trials_ = in->Int();
    const bool sound = in->ok() && chosen_us_ >= 0 && rules_us_ >= 0 && std::isfinite(chosen_us_) &&
                       std::isfinite(rules_us_);
    if (!sound) *this = SourceTrust();
  }

 private:
  static constexpr uint64_t kTrialsMin = 20;
  static constexpr double kTolerated = 0.02;
  double chosen_us_ = 0, rules_us_ = 0;
  uint64_t trials_ = 0;
};

}  // namespace omen::router
