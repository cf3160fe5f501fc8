#include "session/statement_timer.h"

namespace omen::session {

StatementTimer::~StatementTimer() {
  {
    std::lock_guard lock(mutex_);
    stop_ = true;
  }
  wake_.notify_one();
  if (thread_.joinable()) thread_.join();
}

StatementTimer::Ticket StatementTimer::Arm(CancelToken* token, std::chrono::milliseconds delay) {
  std::lock_guard lock(mutex_);
  if (!thread_.joinable()) thread_ = std::thread([this] { Run(); });
  Ticket ticket{std::chrono::steady_clock::now() + delay, next_++};
  waiting_.emplace(ticket, token);
  if (waiting_.begin()->first == ticket) wake_.notify_one();
  return ticket;
}

void StatementTimer::Disarm(const Ticket& ticket) {
  std::lock_guard lock(mutex_);
  waiting_.erase(ticket);
}

void StatementTimer::Run() {
  std::unique_lock lock(mutex_);
  while (!stop_) {
    if (waiting_.empty()) {
      wake_.wait(lock);
      continue;
    }
    auto first = waiting_.begin();
    // A copy: the entry may be disarmed while we wait, and the wait keeps what it was given.
    const auto due = first->first.first;
    if (due > std::chrono::steady_clock::now()) {
      wake_.wait_until(lock, due);
      continue;
    }
    // Cancelled under the lock, so that Disarm's caller may forget the token.
    first->second->Cancel(CancelToken::Reason::kTimeout);
    waiting_.erase(first);
  }
}

}  // namespace omen::session
