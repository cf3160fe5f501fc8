#include "session/statement_timer.h"

namespace omen::session {

StatementTimer::~StatementTimer() {
  {
    std::lock_guard lock(mutex_);
    stop_ = true;
  }
  sooner_.NotifyOne();
  if (thread_.joinable()) thread_.join();
}

StatementTimer::Ticket StatementTimer::Arm(CancelToken* token, std::chrono::milliseconds delay) {
  std::lock_guard lock(mutex_);
  if (!thread_.joinable()) thread_ = std::thread([this] { Run(); });
  Ticket ticket{std::chrono::steady_clock::now() + delay, next_++};
  waiting_.emplace(ticket, token);
  if (waiting_.begin()->first == ticket) sooner_.NotifyOne();
  return ticket;
}

void StatementTimer::Disarm(const Ticket& ticket) {
  std::lock_guard lock(mutex_);
  waiting_.erase(ticket);
}

StatementTimer::TimePoint StatementTimer::Due() const {
  return waiting_.empty() ? TimePoint::max() : waiting_.begin()->first.first;
}

void StatementTimer::Run() {
  std::unique_lock lock(mutex_);
  while (!stop_) {
    const TimePoint due = Due();
    if (sooner_.WaitInBackground(lock, due, [&] { return stop_ || Due() < due; })) continue;
    // Cancelled under the lock, so that Disarm's caller may forget the token.
    for (; Due() <= due; waiting_.erase(waiting_.begin())) {
      waiting_.begin()->second->Cancel(CancelToken::Reason::kTimeout);
    }
  }
}

}  // namespace omen::session
