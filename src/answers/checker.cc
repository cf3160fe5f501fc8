#include "answers/checker.h"

#include <algorithm>

#include "obs/log.h"

namespace omen::answers {
namespace {

constexpr size_t kReasons = 64;  // counted apart; more are summed up

/// Classes of errors that say that the other path cannot be asked, or may fail where this one
/// need not (the order of evaluation is free).
bool SaysNothing(std::string_view state) {
  constexpr std::string_view kClasses[] = {"0A", "22", "40", "53", "54", "55", "57", "ZZ"};
  return std::ranges::find(kClasses, state.substr(0, 2)) != std::end(kClasses);
}

}  // namespace

Checker::Checker(const Clock* clock, jobs::Runner* runner, Options options)
    : clock_(clock), options_(options) {
  jobs::JobOptions job;
  job.name = "answers.check";
  job.limit = options_.limit;
  job.patience = options_.patience;
  job_ = runner->Add(std::move(job), [this](jobs::JobRun* run) { return Work(run); });
}

Checker::~Checker() { Stop(); }

void Checker::Stop() {
  std::deque<Waiting> dropped;
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
    dropped.swap(queue_);
  }
  changed_.NotifyAll();
  job_.reset();
}

bool Checker::Wants(double share) {
  if (share <= 0) return false;
  std::lock_guard lock(mutex_);
  if (stopping_) return false;
  // Evenly: the n-th is taken when n * share passes a whole number.
  const auto before = static_cast<uint64_t>(static_cast<double>(reads_) * share);
  ++reads_;
  return static_cast<uint64_t>(static_cast<double>(reads_) * share) != before;
}

void Checker::Skip(std::string_view reason) {
  std::lock_guard lock(mutex_);
  std::string key(reason);
  if (!counts_.skipped.contains(key) && counts_.skipped.size() >= kReasons) key = "other";
  ++counts_.skipped[key];
}

void Checker::Submit(Sample sample, const CancelToken* cancel) {
  const bool always = sample.share >= 1;
  const WaitLimit limit(cancel, std::chrono::steady_clock::now() + options_.limit);
  std::unique_lock lock(mutex_);
  if (always) {
    (void)changed_.Wait(lock, limit,
                        [this] { return stopping_ || queue_.size() < options_.queue; });
  }
  if (queue_.size() >= options_.queue || stopping_) {
    lock.unlock();
    Skip("the queue is full");
    return;
  }
  queue_.push_back({std::move(sample), std::chrono::steady_clock::now()});
  const uint64_t number = ++submitted_;
  if (!always) return job_->Wake();
  job_->WakeAtOnce();
  (void)changed_.Wait(lock, limit, [&] { return stopping_ || done_ >= number; });
}

std::vector<Difference> Checker::Differences() const {
  std::lock_guard lock(mutex_);
  return {differences_.begin(), differences_.end()};
}

Counts Checker::counts() const {
  std::lock_guard lock(mutex_);
  Counts counts = counts_;
  counts.waiting = queue_.size() + (running_ ? 1 : 0);
  return counts;
}

bool Checker::IsLate(const Waiting& waiting) const {
  return std::chrono::steady_clock::now() - waiting.since > options_.patience;
}

Status Checker::Work(jobs::JobRun* run) {
  std::unique_lock lock(mutex_);
  if (queue_.empty() || stopping_) return Status::Ok();
  Waiting waiting = std::move(queue_.front());
  queue_.pop_front();
  running_ = true;
  lock.unlock();
  changed_.NotifyAll();
  if (run->has_share() && !IsLate(waiting)) {
    Check(waiting.sample, run->cancel());
  } else {
    Skip("no core was idle");
  }
  waiting.sample.again.reset();  // its view, before it counts as done
  lock.lock();
  running_ = false;
  ++done_;
  if (!queue_.empty()) queue_.front().sample.share >= 1 ? job_->WakeAtOnce() : job_->Wake();
  changed_.NotifyAll();
  return Status::Ok();
}

void Checker::Check(const Sample& sample, CancelToken* cancel) {
  const Result<Recheck::Answer> other = sample.again->Run(cancel);
  if (other.ok()) {
    Compare(sample, *other);
  } else {
    Fail(sample, other.status());
  }
}

void Checker::Compare(const Sample& sample, const Recheck::Answer& other) {
  const bool same = sample.digest.Same(other.digest);
  {
    std::lock_guard lock(mutex_);
    ++counts_.checked;
    ++(same ? counts_.equal : counts_.different);
  }
  if (!same) Report(sample, other.path, other.digest.Text());
}

void Checker::Fail(const Sample& sample, const Status& status) {
  const std::string state(status.error().state.view());
  if (SaysNothing(state)) return Skip("another path answered SQLSTATE " + state);
  {
    std::lock_guard lock(mutex_);
    ++counts_.checked;
    ++counts_.different;
  }
  Report(sample, "another", "SQLSTATE " + state);
}

void Checker::Report(const Sample& sample, std::string other_path, std::string other_digest) {
  Difference found;
  found.found_micros = clock_->WallMicros();
  found.template_text = sample.template_text;
  found.path = sample.path;
  found.other_path = std::move(other_path);
  found.commit = sample.commit;
  found.digest = sample.digest.Text();
  found.other_digest = std::move(other_digest);
  obs::Log(obs::LogLevel::kError, "answers differ",
           {{"template", found.template_text},
            {"commit", found.commit},
            {"path", found.path},
            {"digest", found.digest},
            {"other_path", found.other_path},
            {"other_digest", found.other_digest}});
  std::lock_guard lock(mutex_);
  found.id = counts_.different;
  differences_.push_back(std::move(found));
  while (differences_.size() > options_.differences) differences_.pop_front();
}

}  // namespace omen::answers
