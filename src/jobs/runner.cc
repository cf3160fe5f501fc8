#include "jobs/runner.h"

#include <algorithm>
#include <optional>

#include "base/check.h"
#include "base/containment.h"
#include "base/contention/background.h"

namespace omen::jobs {

using std::chrono::steady_clock;
using TimePoint = WaitLimit::TimePoint;

/// Guarded by the runner's mutex, but for what its run reads and `cancel`.
struct JobRecord {
  JobOptions options;
  Work work;
  CancelToken cancel;
  JobReport report;
  TimePoint due = TimePoint::max();        // of the next run
  TimePoint ends = TimePoint::max();       // when the run under way is cancelled
  TimePoint part_ends = TimePoint::max();  // when the part of it is (JobRun::Within)
  bool stopped = false;                    // the run under way was cancelled, not a part alone
  bool at_once = false;                    // the next run does not wait for its share
  bool running = false, removed = false;
  bool has_share = true, urgent = false;  // of the run under way
  // Of the running thread, when it was counted last.
  int64_t counted_nanos = 0, counted_cpu_nanos = 0, counted_bytes = 0;
  int64_t run_us = 0;
};

namespace {

/// Due work that waits for a thread waits for no longer than another's brief run, mostly.
constexpr size_t kDueThreads = 3;
constexpr std::chrono::milliseconds kLook{100};

TimePoint NextRun(const JobOptions& options) {
  return options.every.count() > 0 ? steady_clock::now() + options.every : TimePoint::max();
}

bool IsSpare(const JobRecord& job) { return job.options.urgency == Urgency::kSpare; }

/// Of a job that is due once, spare work having rested enough at `rested`.
TimePoint BeginsAt(const JobRecord& job, TimePoint rested) {
  if (job.at_once || job.due >= rested) return job.due;
  const auto patience = job.options.patience;
  return patience.count() > 0 ? std::min(rested, job.due + patience) : rested;
}

/// A client waits for what is to be done at once: not on a thread that gives way.
Urgency ServedAs(const JobRecord& job) { return job.at_once ? Urgency::kDue : job.options.urgency; }

/// Nothing hangs on spare work: a fault ends its run.
Status Do(const JobRecord& job, JobRun* run) {
  std::optional<Background::Scope> background;
  if (job.options.urgency == Urgency::kDue) return job.work(run);
  if (!job.urgent) background.emplace();
  Status status;
  const std::optional<Fault> fault = Contain([&] { status = job.work(run); });
  return fault ? fault->ToStatus() : std::move(status);
}

int64_t MicrosFromNow(TimePoint point) {
  return std::chrono::duration_cast<std::chrono::microseconds>(point - steady_clock::now()).count();
}

}  // namespace

CancelToken* JobRun::cancel() const { return &job_->cancel; }
bool JobRun::has_share() const { return job_->has_share; }
Status JobRun::Breathe() { return runner_->Breathe(job_); }
bool JobRun::Within(std::chrono::nanoseconds limit, const std::function<void()>& part) {
  return runner_->Within(job_, limit, part);
}

Job::~Job() { runner_->Remove(record_); }
void Job::Wake() { runner_->Wake(record_, false); }
void Job::WakeAtOnce() { runner_->Wake(record_, true); }

Runner::Runner(const Clock* clock, std::unique_ptr<Machine> machine, const Budget::Limits& limits)
    : clock_(clock), machine_(std::move(machine)), budget_(limits, clock->MonotonicNanos()) {}

Runner::~Runner() {
  {
    std::lock_guard lock(mutex_);
    OMEN_CHECK(jobs_.empty());
    stopping_ = true;
  }
  for (Condition* condition : {&due_.changed, &spare_.changed, &limited_}) condition->NotifyAll();
  for (std::thread& thread : due_threads_) thread.join();
  if (spare_thread_.joinable()) spare_thread_.join();
  if (watch_.joinable()) watch_.join();
}

std::unique_ptr<Job> Runner::Add(JobOptions options, Work work) {
  auto record = std::make_unique<JobRecord>();
  record->report.name = options.name;
  record->report.urgency = options.urgency;
  record->options = std::move(options);
  record->work = std::move(work);
  record->due = NextRun(record->options);
  std::lock_guard lock(mutex_);
  const auto same = [&](const auto& job) { return job->options.name == record->options.name; };
  OMEN_CHECK(std::ranges::none_of(jobs_, same));
  jobs_.push_back(std::move(record));
  StartThreads(jobs_.back()->options);
  LaneOf(*jobs_.back()).changed.NotifyOne();
  return std::make_unique<Job>(this, jobs_.back().get());
}

void Runner::StartThreads(const JobOptions& options) {
  const size_t due_jobs = options.urgency == Urgency::kDue ? due_threads_.size() + 1 : 1;
  if (due_threads_.size() < std::min(due_jobs, kDueThreads)) {
    due_threads_.emplace_back([this] { Serve(Urgency::kDue); });
  }
  if (options.urgency == Urgency::kSpare && !spare_thread_.joinable()) {
    spare_thread_ = std::thread([this] { Serve(Urgency::kSpare); });
  }
  if (options.limit.count() > 0 && !watch_.joinable()) watch_ = std::thread([this] { Watch(); });
}

Runner::Lane& Runner::LaneOf(const JobRecord& job) {
  return ServedAs(job) == Urgency::kDue ? due_ : spare_;
}

void Runner::Wake(JobRecord* job, bool at_once) {
  std::lock_guard lock(mutex_);
  job->due = std::min(job->due, steady_clock::now());
  job->at_once |= at_once;
  LaneOf(*job).changed.NotifyOne();
}

void Runner::Remove(JobRecord* job) {
  Lock lock(mutex_);
  job->removed = job->stopped = true;
  job->cancel.Cancel(CancelToken::Reason::kShutdown);
  ended_.WaitInBackground(lock, [&] { return !job->running; });
  std::erase_if(jobs_, [&](const auto& record) { return record.get() == job; });
}

bool Runner::Cancel(std::string_view name) {
  std::lock_guard lock(mutex_);
  for (const auto& job : jobs_) {
    if (job->options.name != name) continue;
    if (job->running) {
      job->stopped = true;
      job->cancel.Cancel(CancelToken::Reason::kUser);
      return true;
    }
    if (job->due > steady_clock::now()) return false;
    job->due = NextRun(job->options);
    job->at_once = false;
    ++job->report.cancelled;
    return true;
  }
  return false;
}

std::vector<JobReport> Runner::Reports() const {
  std::lock_guard lock(mutex_);
  std::vector<JobReport> reports;
  reports.reserve(jobs_.size());
  for (const auto& job : jobs_) {
    JobReport& report = reports.emplace_back(job->report);
    const bool due = job->due <= steady_clock::now();
    if (!job->running) report.state = due ? JobState::kWaiting : JobState::kResting;
    if (job->due != TimePoint::max()) {
      report.next_due_micros = clock_->WallMicros() + MicrosFromNow(job->due);
    }
  }
  return reports;
}

double Runner::share() const {
  std::lock_guard lock(mutex_);
  return budget_.share();
}

void Runner::Serve(Urgency urgency) {
  if (urgency == Urgency::kSpare) machine_->GiveWay();
  Lock lock(mutex_);
  while (!stopping_) {
    TimePoint look_again;
    if (JobRecord* job = Next(urgency, &look_again); job != nullptr) {
      RunOnce(&lock, job);
    } else {
      AwaitWork(&lock, urgency, look_again);
    }
  }
}

void Runner::AwaitWork(Lock* lock, Urgency urgency, TimePoint look_again) {
  Lane& lane = urgency == Urgency::kDue ? due_ : spare_;
  const auto told = [&] {
    TimePoint sooner;
    return stopping_ || Next(urgency, &sooner) != nullptr || sooner < lane.watched;
  };
  if (lane.watched <= look_again) {
    lane.changed.WaitInBackground(*lock, told);
    return;
  }
  lane.watched = look_again;
  (void)lane.changed.WaitInBackground(*lock, look_again, told);
  lane.watched = TimePoint::max();
}

JobRecord* Runner::Next(Urgency urgency, TimePoint* look_again) {
  const TimePoint now = steady_clock::now();
  const TimePoint rested = urgency == Urgency::kSpare ? RestUntil(now) : now;
  JobRecord* first = nullptr;
  *look_again = TimePoint::max();
  for (const auto& job : jobs_) {
    if (ServedAs(*job) != urgency || job->running || job->removed) continue;
    if (job->due == TimePoint::max()) continue;
    const TimePoint begins = BeginsAt(*job, rested);
    *look_again = std::min(*look_again, begins);
    if (begins <= now && (first == nullptr || job->due < first->due)) first = job.get();
  }
  if (first != nullptr) first->has_share = first->at_once || rested <= now;
  return first;
}

TimePoint Runner::RestUntil(TimePoint now) {
  if (now - looked_ >= kLook) {
    looked_ = now;
    budget_.Look(clock_->MonotonicNanos(), machine_->IdleCores());
  }
  const int64_t rest = budget_.RestNanos();
  if (rest == 0) return now;
  // The share changes meanwhile.
  return now + std::min<steady_clock::duration>(std::chrono::nanoseconds(rest), kLook);
}

void Runner::RunOnce(Lock* lock, JobRecord* job) {
  Lane& lane = LaneOf(*job);
  lane.changed.NotifyOne();  // to look after what is due meanwhile
  Begin(job);
  if (job->options.limit.count() > 0) limited_.NotifyOne();
  lock->unlock();
  JobRun run(this, job);
  const Status status = Do(*job, &run);
  lock->lock();
  End(job, status);
  if (Lane& next = LaneOf(*job); &next != &lane) next.changed.NotifyOne();
  if (job->removed) ended_.NotifyAll();
}

void Runner::Begin(JobRecord* job) {
  job->cancel.Reset();
  job->stopped = false;
  job->running = true;
  job->urgent = job->at_once;
  job->at_once = false;
  job->due = TimePoint::max();
  job->ends =
      job->options.limit.count() > 0 ? steady_clock::now() + job->options.limit : TimePoint::max();
  job->report.state = JobState::kRunning;
  job->report.last_started_micros = clock_->WallMicros();
  job->run_us = 0;
  job->counted_nanos = clock_->MonotonicNanos();
  job->counted_cpu_nanos = clock_->ThreadNanos();
  // Due jobs are brief and many: asking the system for it would cost more than some of them.
  job->counted_bytes = IsSpare(*job) ? machine_->ThreadBytes() : 0;
}

void Runner::End(JobRecord* job, const Status& status) {
  Account(job);
  job->running = false;
  job->ends = TimePoint::max();
  JobReport& report = job->report;
  ++report.runs;
  report.last_us = job->run_us;
  if (status.Is(sqlstate::kQueryCanceled) || status.Is(sqlstate::kAdminShutdown)) {
    ++report.cancelled;
  } else if (!status.ok()) {
    ++report.failures;
    report.last_error = status.ToString();
  }
  job->due = std::min(job->due, NextRun(job->options));
}

void Runner::Account(JobRecord* job) {
  const int64_t now = clock_->MonotonicNanos(), cpu = clock_->ThreadNanos();
  const int64_t bytes = IsSpare(*job) ? machine_->ThreadBytes() : 0;
  const int64_t busy = now - job->counted_nanos, moved = bytes - job->counted_bytes;
  const int64_t processor = cpu - job->counted_cpu_nanos;
  // The share is of the time that passed: engines have threads of their own.
  if (IsSpare(*job)) budget_.Charge(busy, processor, moved);
  job->run_us += busy / 1000;
  job->report.total_us += busy / 1000;
  job->report.cpu_us += processor / 1000;
  job->report.bytes += moved;
  job->counted_nanos = now;
  job->counted_cpu_nanos = cpu;
  job->counted_bytes = bytes;
}

Status Runner::Breathe(JobRecord* job) {
  Lock lock(mutex_);
  if (job->options.urgency == Urgency::kDue) return job->cancel.Check();
  Account(job);
  job->report.state = JobState::kPaused;
  Status status;
  for (;;) {
    const TimePoint now = steady_clock::now(), until = RestUntil(now);
    if (until <= now) break;
    const Woken woken = resting_.Wait(lock, WaitLimit(&job->cancel, until), [] { return false; });
    if (woken == Woken::kCancelled) break;
  }
  job->report.state = JobState::kRunning;
  const int64_t rested = clock_->MonotonicNanos();
  job->report.paused_us += (rested - job->counted_nanos) / 1000;
  job->counted_nanos = rested;
  return job->cancel.Check();
}

bool Runner::Within(JobRecord* job, std::chrono::nanoseconds limit,
                    const std::function<void()>& part) {
  {
    std::lock_guard lock(mutex_);
    OMEN_CHECK(job->options.limit.count() > 0 && job->part_ends == TimePoint::max());
    job->part_ends =
        steady_clock::now() + std::chrono::duration_cast<steady_clock::duration>(limit);
  }
  limited_.NotifyOne();
  part();
  std::lock_guard lock(mutex_);
  const bool in_time = job->part_ends != TimePoint::max();
  job->part_ends = TimePoint::max();
  if (!in_time && !job->stopped) job->cancel.Reset();
  return in_time;
}

// An engine's statement cannot look at a clock: another thread stops it.
void Runner::Watch() {
  Lock lock(mutex_);
  const auto next_end = [this] {
    TimePoint end = TimePoint::max();
    for (const auto& job : jobs_) end = std::min({end, job->ends, job->part_ends});
    return end;
  };
  while (!stopping_) {
    const TimePoint end = next_end();
    const auto told = [&] { return stopping_ || next_end() != end; };
    if (limited_.WaitInBackground(lock, end, told)) continue;
    for (const auto& job : jobs_) {
      const TimePoint now = steady_clock::now();
      if (std::min(job->ends, job->part_ends) > now) continue;
      job->stopped |= job->ends <= now;
      (job->ends <= now ? job->ends : job->part_ends) = TimePoint::max();
      job->cancel.Cancel(CancelToken::Reason::kTimeout);
    }
  }
}

}  // namespace omen::jobs
