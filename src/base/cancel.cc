#include "base/cancel.h"

#include "base/wait.h"

namespace omen {

void CancelToken::Cancel(Reason reason) {
  std::lock_guard lock(mutex_);
  reason_.store(reason, std::memory_order_relaxed);
  if (interrupt_) interrupt_();
  WakeWaiters(this);
}

Status CancelToken::Check() const {
  switch (reason_.load(std::memory_order_relaxed)) {
    case Reason::kNone:
      return Status::Ok();
    case Reason::kUser:
      return Status(sqlstate::kQueryCanceled, "canceling statement due to user request");
    case Reason::kTimeout:
      return Status(sqlstate::kQueryCanceled, "canceling statement due to statement timeout");
    case Reason::kShutdown:
      return Status(sqlstate::kAdminShutdown,
                    "terminating connection due to administrator command");
  }
  return Status::Ok();
}

void CancelToken::SetInterrupt(std::function<void()> interrupt) {
  std::lock_guard lock(mutex_);
  interrupt_ = std::move(interrupt);
  if (cancelled() && interrupt_) interrupt_();
}

void CancelToken::ClearInterrupt() {
  std::lock_guard lock(mutex_);
  interrupt_ = nullptr;
}

}  // namespace omen
