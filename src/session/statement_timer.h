// One thread that cancels statements whose time is up, for every session of the process.
#pragma once

#include <chrono>
#include <map>
#include <mutex>
#include <thread>

#include "base/wait.h"

namespace omen::session {

/// Any thread. The thread of its own starts with the first Arm.
class StatementTimer {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;
  using Ticket = std::pair<TimePoint, uint64_t>;

  StatementTimer() = default;
  ~StatementTimer();

  /// Cancels `token` (kTimeout) after `delay`, unless disarmed before. `token` lives until then.
  Ticket Arm(CancelToken* token, std::chrono::milliseconds delay);
  /// After this returns the token is left alone.
  void Disarm(const Ticket& ticket);

 private:
  void Run();
  /// The next moment; max: none.
  TimePoint Due() const;

  std::mutex mutex_;
  Condition sooner_;  // there is an earlier moment than the one waited for
  std::map<Ticket, CancelToken*> waiting_;
  uint64_t next_ = 0;
  bool stop_ = false;
  std::thread thread_;
};

/// Arms for a scope when `milliseconds` is not 0.
class StatementDeadline {
 public:
  StatementDeadline(StatementTimer* timer, CancelToken* token, int64_t milliseconds)
      : timer_(milliseconds > 0 ? timer : nullptr) {
    if (timer_ != nullptr) ticket_ = timer_->Arm(token, std::chrono::milliseconds(milliseconds));
  }
  ~StatementDeadline() {
    if (timer_ != nullptr) timer_->Disarm(ticket_);
  }
  StatementDeadline(const StatementDeadline&) = delete;
  StatementDeadline& operator=(const StatementDeadline&) = delete;

 private:
  StatementTimer* timer_;
  StatementTimer::Ticket ticket_;
};

}  // namespace omen::session
