// Runs sampled reads again on another path at the same commit and keeps what it found. They wait
// in a short queue for spare time (jobs/runner.h); a read that waited too long is let go, for it
// holds a view. Nothing of the rows is kept or logged: templates and digests.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "answers/digest.h"
#include "base/cancel.h"
#include "base/clock.h"
#include "base/result.h"
#include "base/wait.h"
#include "jobs/runner.h"

namespace omen::answers {

/// A read that can be run once more. One thread at a time.
class Recheck {
 public:
  virtual ~Recheck() = default;
  struct Answer {
    Digest digest;
    std::string path;
  };
  /// Its answer on another path. An error that says that no other path can be had now (class
  /// 0A, 55, 57, 53, 22) is no difference.
  virtual Result<Answer> Run(CancelToken* cancel) = 0;
};

/// What the client was told, and how to ask again.
struct Sample {
  std::string template_text;  // no literals
  std::string path;
  uint64_t commit = 0;
  double share = 0;  // 1: every read is to be checked, whatever else runs
  Digest digest{{}};
  std::unique_ptr<Recheck> again;
};

/// Two paths that disagree.
struct Difference {
  uint64_t id = 0;
  int64_t found_micros = 0;  // Unix epoch
  std::string template_text, path, other_path;
  uint64_t commit = 0;
  std::string digest, other_digest;
};

struct Counts {
  uint64_t checked = 0, equal = 0, different = 0, waiting = 0;
  std::map<std::string, uint64_t> skipped;  // by reason
};

struct Options {
  size_t queue = 16;                           // reads that wait, each with its view
  size_t differences = 200;                    // kept; the oldest fall out
  std::chrono::milliseconds patience{60'000};  // for spare time
  std::chrono::milliseconds limit{10'000};     // for one run
};

/// Any thread, but Stop and destruction by one. Whatever the samples run in must outlive Stop.
class Checker {
 public:
  /// Its job is "answers.check". Both outlive it.
  Checker(const Clock* clock, jobs::Runner* runner, Options options = {});
  ~Checker();
  /// Ends the running check and lets go of those that wait; later ones are not taken.
  void Stop();

  /// Whether the next read is one of the `share` to be checked.
  bool Wants(double share);
  /// Counts a read that was chosen and cannot be checked.
  void Skip(std::string_view reason);
  /// Queues it; a full queue drops it. Where every read is to be checked, waits for room and for
  /// the check, until `cancel` or as long as one run may take.
  void Submit(Sample sample, const CancelToken* cancel);

  std::vector<Difference> Differences() const;
  Counts counts() const;

 private:
  using Time = std::chrono::steady_clock::time_point;
  struct Waiting {
    Sample sample;
    Time since;
  };
  /// Checks the first that waits.
  Status Work(jobs::JobRun* run);
  bool IsLate(const Waiting& waiting) const;
  void Check(const Sample& sample, CancelToken* cancel);
  void Compare(const Sample& sample, const Recheck::Answer& other);
  void Fail(const Sample& sample, const Status& status);
  void Report(const Sample& sample, std::string other_path, std::string other_digest);

  const Clock* clock_;
  const Options options_;
  mutable std::mutex mutex_;
  Condition changed_;
  std::deque<Waiting> queue_;
  std::deque<Difference> differences_;
  Counts counts_;
  bool stopping_ = false;
  bool running_ = false;
  uint64_t reads_ = 0;
  uint64_t submitted_ = 0, done_ = 0;  // in the queue's order
  std::unique_ptr<jobs::Job> job_;
};

}  // namespace omen::answers
