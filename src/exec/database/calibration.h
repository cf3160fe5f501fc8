// Measures this machine for the cost model (exec/cost/cost_model.h): brief statements over
// generated rows, on both paths, as clients' statements are run but told to nobody. Others share
// the machine, so what counts is the fastest of several runs at several times, and nothing while a
// run of one thread had to wait for a core.
#pragma once

#include <vector>

#include "base/cancel.h"
#include "exec/cost/cost_model.h"
#include "exec/read/read_services.h"
#include "exec/statement/transaction.h"
#include "memo/memo.h"

namespace omen::exec {

/// One thread at a time.
class Calibration {
 public:
  /// What the memo knows of an earlier run counts at once. It may be null; all outlive this.
  Calibration(const ReadServices& reads, const TransactionServices& transactions, memo::Memo* memo,
              Costs* costs);

  /// Some tens of milliseconds the first times, later nothing. Leaves the costs as they were where
  /// it fails or is cancelled.
  Status Run(CancelToken* cancel);

 private:
  struct Probe;
  struct Took {
    double us, processor_us;  // elapsed, and of the calling thread
  };
  /// Of what was measured so far.
  MachinePace Pace() const;
  /// The fastest of several runs.
  Result<Took> Measure(const Probe& probe, CancelToken* cancel);
  void Note(const Probe& probe, const Took& took);
  Result<Took> Once(const Probe& probe, CancelToken* cancel);
  void Remember(const MachinePace& pace);
  void Recall();

  const ReadServices& reads_;
  const TransactionServices& transactions_;
  memo::Memo* const memo_;
  Costs* const costs_;
  int times_ = 0, attempts_ = 0;
  std::vector<double> fastest_us_;  // of each probe
};

}  // namespace omen::exec
