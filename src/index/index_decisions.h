// What an index chose, for whoever reads the log of decisions.
#pragma once

#include "base/clock.h"
#include "index/pattern_watch.h"
#include "index/run/run_choice.h"
#include "obs/decision.h"

namespace omen::index {

/// Writes nothing where there is no log. As many threads as the log takes.
class IndexDecisions {
 public:
  /// Both outlive this; `log` may be null.
  IndexDecisions(const Clock& clock, obs::DecisionLog* log) : clock_(clock), log_(log) {}

  /// How a new run of so many entries is searched; `merges` were there before.
  void Run(const RunTrial& trial, RunChoice choice, uint64_t entries, uint64_t merges) const;
  /// Deltas were one part in `before` of the runs, and are one in `fraction` from now on.
  void Pace(uint32_t before, uint32_t fraction, int64_t merge_nanos, int64_t fill_nanos) const;
  /// A delta was merged before its time.
  void Merge(const Asked& lately) const;
  /// Hashes were added beside the runs, or dropped.
  void Hash(const Asked& lately, bool added, double gain, const char* reason) const;

 private:
  obs::Decision Begun() const;

  const Clock& clock_;
  obs::DecisionLog* const log_;
};

}  // namespace omen::index
