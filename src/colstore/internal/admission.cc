#include "colstore/internal/admission.h"

#include <algorithm>

namespace omen::colstore {
namespace {

/// Long against a switch of threads, short against what a person notices.
constexpr std::chrono::milliseconds kTurn{10};

}  // namespace

Admission::Turn::~Turn() {
  if (held_) admission_->Leave();
}

Status Admission::Turn::Take() {
  MayWaitFor(WaitStep::kTurn);
  OMEN_RETURN_IF_ERROR(admission_->Enter(cancel_));
  held_.emplace(WaitStep::kTurn);
  since_ = std::chrono::steady_clock::now();
  return Status::Ok();
}

Status Admission::Turn::Yield() {
  if (std::chrono::steady_clock::now() - since_ < kTurn) return Status::Ok();
  held_.reset();
  OMEN_RETURN_IF_ERROR(admission_->StepBack(cancel_));
  held_.emplace(WaitStep::kTurn);
  since_ = std::chrono::steady_clock::now();
  return Status::Ok();
}

Status Admission::Enter(const CancelToken* cancel) {
  std::unique_lock lock(mutex_);
  if (free_ == 0) return Wait(&lock, cancel);
  --free_;
  return Status::Ok();
}

void Admission::Admit(Waiter* waiter) {
  waiter->admitted = true;
  waiter->wakes.NotifyOne();
}

void Admission::Leave() {
  std::lock_guard lock(mutex_);
  if (queue_.empty()) {
    ++free_;
    return;
  }
  Admit(queue_.front());
  queue_.pop_front();
}

Status Admission::StepBack(const CancelToken* cancel) {
  std::unique_lock lock(mutex_);
  if (queue_.empty()) return Status::Ok();
  Admit(queue_.front());
  queue_.pop_front();
  return Wait(&lock, cancel);
}

Status Admission::Wait(std::unique_lock<std::mutex>* lock, const CancelToken* cancel) {
  Waiter self;
  queue_.push_back(&self);
  Status status = self.wakes.Wait(*lock, cancel, [&] { return self.admitted; });
  if (!status.ok()) std::erase(queue_, &self);
  return status;
}

}  // namespace omen::colstore
