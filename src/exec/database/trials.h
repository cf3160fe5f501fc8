// Runs reads again on each path that can, off every client's way, and teaches the router what each
// takes there: so that nothing has to be tried on clients' statements.
#pragma once

#include <array>
#include <atomic>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>

#include "exec/database/run_again.h"
#include "jobs/runner.h"

namespace omen::exec {

/// Reads that wait for spare time, a few. They are run while no client's statement works that is
/// not brief, and stopped when one begins; what they take together is no more than what clients'
/// reads have taken. Any thread, but destruction by one.
class Trials {
 public:
  /// Its job is "router.measure". All outlive it.
  Trials(router::Router* router, const Clock* clock, jobs::Runner* runner);
  ~Trials();

  /// Whether a read of that template, with these values, is worth being kept.
  bool Wants(uint64_t template_id, uint64_t values) const;
  /// `features`: as its path was chosen. A queue that is full, or holds one of its template, drops
  /// it.
  void Submit(RunAgain read, const router::Features& features);
  /// A client's read took so long.
  void Credit(double us);
  /// A client's statement works that is not brief, from the one to the other.
  void ClientBegins();
  void ClientEnds();

 private:
  /// Of one read: 0 where a path could not run it.
  struct Times {
    router::PathTimes us{};
    std::array<bool, router::kPaths> given_up{};
    router::Features features;  // as its client's run had them, and then as measured
  };
  struct Trial {
    uint64_t template_id;
    RunAgain read;
    Times times;
    std::array<router::Path, 2> order{};  // what is believed to be fastest first
    size_t runs = 0;                      // that are over
    int stops = 0;                        // by clients
  };

  Status Work(jobs::JobRun* run);
  Status Try(Trial trial, jobs::JobRun* run);
  bool IsQuiet() const;
  void SetToken(CancelToken* token);
  std::optional<Trial> Next();
  Status Measure(Trial* trial, jobs::JobRun* run);
  Status MeasureOn(router::Path path, const RunAgain& read, jobs::JobRun* run, Times* times);
  Status RunOnce(router::Path path, const RunAgain& read, CancelToken* cancel, Times* times,
                 double* us) const;

  router::Router* const router_;
  const Clock* const clock_;
  mutable std::mutex mutex_;
  std::deque<Trial> waiting_;
  double credit_us_ = 0;
  CancelToken* token_ = nullptr;  // of the trial under way
  std::atomic<bool> under_way_{false};
  std::atomic<int> clients_{0};
  std::atomic<int64_t> last_client_nanos_{0};
  std::unique_ptr<jobs::Job> job_;
};

}  // namespace omen::exec
