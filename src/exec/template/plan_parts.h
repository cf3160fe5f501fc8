// What runs have shown of the parts of plans: scans, joins and groupings by identity, which serves
// statements never seen that share them. Readable as omendb.plan_parts.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <vector>

#include "exec/statement/plan.h"
#include "obs/outcome.h"

namespace omen::exec {

/// Which parts of the statement these are: only what kind and tables tell of one part alone, and
/// of one that was counted. `expected` gives the estimates.
std::vector<obs::PartRun> PartRunsOf(const sql::StatementTraits& traits,
                                     const std::vector<PartRows>& counted,
                                     const std::vector<PartRows>& expected);

/// Bounded: those that were seen longest ago leave when there is no room. Any thread.
class PlanParts final : public obs::OutcomeListener {
 public:
  struct Seen {
    uint64_t runs = 0;
    double total_rows = 0;
    double last_rows = 0, last_estimated_rows = 0;  // 0: not estimated
    int64_t last_run_micros = 0;                    // Unix epoch
  };

  explicit PlanParts(size_t capacity) : capacity_(capacity) {}
  void OnOutcome(const obs::Outcome& outcome) override;
  std::map<uint64_t, Seen> All() const;

 private:
  void MakeRoom();

  const size_t capacity_;
  mutable std::mutex mutex_;
  std::map<uint64_t, Seen> seen_;
};

}  // namespace omen::exec
