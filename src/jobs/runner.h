// The one place for what the server does on its own account: marks and logs to keep, upkeep of
// columns, statistics, checks of answers; later what is learned, built and fetched ahead.
//
// Two kinds. What is *due* begins at its time whatever clients do: it is brief, or clients soon
// wait for it, so its threads have ordinary priority. What is *spare* makes something better: one
// such run at a time, on a thread that gives way to clients' (base/contention/background.h, nice,
// the disk's queue), within a budget of time and of bytes that shrinks while clients need the
// cores.
//
// A job's runs never overlap. Readable as omendb.jobs.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "base/cancel.h"
#include "base/clock.h"
#include "base/result.h"
#include "base/wait.h"
#include "jobs/budget.h"
#include "jobs/machine.h"

namespace omen::jobs {

enum class Urgency : uint8_t { kDue, kSpare };

struct JobOptions {
  std::string name;  // of one job only
  Urgency urgency = Urgency::kSpare;
  std::chrono::milliseconds every{0};  // so long after a run the next is due; 0: when woken
  std::chrono::milliseconds limit{0};  // a run is cancelled after it; 0: none
  // Spare work that has waited so long for its share is run without one, to let go of what it
  // holds; 0: it waits.
  std::chrono::milliseconds patience{0};
};

enum class JobState : uint8_t {
  kResting,  // nothing is due
  kWaiting,  // due, and not begun: for a thread or the budget
  kRunning,
  kPaused,  // begun, and resting within its run for the budget
};

/// What is shown of a job. Times are Unix epoch, 0 where there was none.
struct JobReport {
  std::string name;
  Urgency urgency;
  JobState state;
  uint64_t runs = 0, failures = 0, cancelled = 0;
  std::string last_error;
  int64_t last_started_micros = 0, next_due_micros = 0;
  int64_t last_us = 0, total_us = 0;  // of runs, pauses left out
  int64_t cpu_us = 0;                 // of their thread
  int64_t paused_us = 0;
  int64_t bytes = 0;  // read and written by the thread of spare runs
};

class Runner;
struct JobRecord;

/// One run of a job, for its work. The thread of the run.
class JobRun {
 public:
  JobRun(Runner* runner, JobRecord* job) : runner_(runner), job_(job) {}
  /// To be heeded as a client's statement heeds its own.
  CancelToken* cancel() const;
  /// False when it was only run because its patience is over.
  bool has_share() const;
  /// Does a part of the run that is cancelled by itself when it takes longer than `limit`: false
  /// when it was, and the run may go on. Only of jobs with a limit of their own.
  bool Within(std::chrono::nanoseconds limit, const std::function<void()>& part);
  /// Between two portions of long work: rests as long as the budget asks. 57014 once cancelled.
  Status Breathe();

 private:
  Runner* const runner_;
  JobRecord* const job_;
};

using Work = std::function<Status(JobRun* run)>;

/// Keeps a job registered. Destruction cancels its run and waits for the run's end, so not from
/// within one. Wake by any thread.
class Job {
 public:
  Job(Runner* runner, JobRecord* record) : runner_(runner), record_(record) {}
  ~Job();
  Job(const Job&) = delete;
  Job& operator=(const Job&) = delete;

  /// Due now. During a run: once more after it.
  void Wake();
  /// As Wake, but somebody waits: a spare job is run as a due one this time.
  void WakeAtOnce();

 private:
  Runner* const runner_;
  JobRecord* const record_;
};

/// Any thread. Jobs must be gone before it is destroyed.
class Runner {
 public:
  /// The clock outlives it.
  Runner(const Clock* clock, std::unique_ptr<Machine> machine, const Budget::Limits& limits = {});
  ~Runner();
  Runner(const Runner&) = delete;
  Runner& operator=(const Runner&) = delete;

  /// Its first run is after `every`, or when it is woken.
  std::unique_ptr<Job> Add(JobOptions options, Work work);
  /// Ends the run under way, or takes a waiting one back. False where there is neither.
  bool Cancel(std::string_view name);
  std::vector<JobReport> Reports() const;
  /// Of one core, that spare work may take now.
  double share() const;

 private:
  friend class Job;
  friend class JobRun;
  using Lock = std::unique_lock<std::mutex>;
  using TimePoint = WaitLimit::TimePoint;

  /// Threads that serve one urgency. Of those without work one waits until the next is due; it
  /// wakes another when it finds some.
  struct Lane {
    Condition changed;
    TimePoint watched = TimePoint::max();  // the moment for which one of them waits
  };

  Lane& LaneOf(const JobRecord& job);
  void Wake(JobRecord* job, bool at_once);
  void Remove(JobRecord* job);
  Status Breathe(JobRecord* job);
  bool Within(JobRecord* job, std::chrono::nanoseconds limit, const std::function<void()>& part);

  void StartThreads(const JobOptions& options);
  void Serve(Urgency urgency);
  void AwaitWork(Lock* lock, Urgency urgency, TimePoint look_again);
  void Watch();
  /// The job of that urgency that is due first and may begin; else null and when to look again.
  JobRecord* Next(Urgency urgency, TimePoint* look_again);
  /// When spare work may go on, by the budget.
  TimePoint RestUntil(TimePoint now);
  void RunOnce(Lock* lock, JobRecord* job);
  void Begin(JobRecord* job);
  void End(JobRecord* job, const Status& status);
  /// Counts what the running thread took since it was counted last.
  void Account(JobRecord* job);

  const Clock* const clock_;
  const std::unique_ptr<Machine> machine_;
  mutable std::mutex mutex_;
  Lane due_, spare_;
  Condition limited_;  // a run began that has a limit
  Condition ended_;    // the run of a job that is to be removed
  Condition resting_;  // nobody notifies it: a rest ends by its time, or with its token
  Budget budget_;
  TimePoint looked_{};
  std::vector<std::unique_ptr<JobRecord>> jobs_;
  std::vector<std::thread> due_threads_;
  std::thread spare_thread_, watch_;
  bool stopping_ = false;
};

}  // namespace omen::jobs
