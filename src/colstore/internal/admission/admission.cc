#include "colstore/internal/admission/admission.h"

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
  OMEN_RETURN_IF_ERROR(admission_->Enter(background_, cancel_));
  held_.emplace(WaitStep::kTurn);
  since_ = std::chrono::steady_clock::now();
  return Status::Ok();
}

bool Admission::Turn::IsOver(bool idle) const {
  const bool due = idle || background_ || std::chrono::steady_clock::now() - since_ >= kTurn;
  return due && admission_->ClientsWait();
}

Status Admission::Turn::Yield() { return IsOver(false) ? YieldIdle() : Status::Ok(); }

Status Admission::Turn::YieldIdle() {
  held_.reset();
  OMEN_RETURN_IF_ERROR(admission_->StepBack(background_, cancel_));
  held_.emplace(WaitStep::kTurn);
  since_ = std::chrono::steady_clock::now();
  return Status::Ok();
}

bool Admission::ClientsWait() {
  std::lock_guard lock(mutex_);
  return !clients_.empty();
}

Status Admission::Enter(bool background, const CancelToken* cancel) {
  std::unique_lock lock(mutex_);
  if (free_ == 0) return Wait(background ? &background_ : &clients_, &lock, cancel);
  --free_;
  return Status::Ok();
}

bool Admission::AdmitFirst(Queue* queue) {
  if (queue->empty()) return false;
  queue->front()->admitted = true;
  queue->front()->wakes.NotifyOne();
  queue->pop_front();
  return true;
}

void Admission::Leave() {
  std::lock_guard lock(mutex_);
  if (!AdmitFirst(&clients_) && !AdmitFirst(&background_)) ++free_;
}

Status Admission::StepBack(bool background, const CancelToken* cancel) {
  std::unique_lock lock(mutex_);
  if (!AdmitFirst(&clients_)) return Status::Ok();
  return Wait(background ? &background_ : &clients_, &lock, cancel);
}

Status Admission::Wait(Queue* queue, std::unique_lock<std::mutex>* lock,
                       const CancelToken* cancel) {
  Waiter self;
  queue->push_back(&self);
  Status status = self.wakes.Wait(*lock, cancel, [&] { return self.admitted; });
  if (!status.ok()) std::erase(*queue, &self);
  return status;
}

}  // namespace omen::colstore
