#include "colstore/internal/admission/gate.h"

#include <utility>

#include "base/contention/wait_order.h"

namespace omen::colstore {

void Gate::Lease::Release() {
  if (gate_ == nullptr) return;
  Gate* const gate = std::exchange(gate_, nullptr);
  std::lock_guard lock(gate->mutex_);
  if (--gate->inside_ == 0) gate->emptied_.NotifyAll();
}

Status Gate::Enter(const CancelToken* cancel, Lease* lease) {
  OMEN_CHECK(lease->gate_ == nullptr);
  MayWaitFor(WaitStep::kGate);
  std::unique_lock lock(mutex_);
  OMEN_RETURN_IF_ERROR(opened_.Wait(lock, cancel, [this] { return !closed_; }));
  ++inside_;
  lease->gate_ = this;
  return Status::Ok();
}

bool Gate::Close(std::chrono::milliseconds patience) {
  const auto until = std::chrono::steady_clock::now() + patience;
  std::unique_lock lock(mutex_);
  OMEN_CHECK(!closed_);
  closed_ = true;
  if (emptied_.WaitInBackground(lock, until, [this] { return inside_ == 0; })) return true;
  closed_ = false;
  opened_.NotifyAll();
  return false;
}

void Gate::Open() {
  std::lock_guard lock(mutex_);
  closed_ = false;
  opened_.NotifyAll();
}

}  // namespace omen::colstore
