#include "colstore/internal/admission.h"

namespace omen::colstore {
namespace {

/// Long against a switch of threads, short against what a person notices.
constexpr std::chrono::milliseconds kTurn{10};

}  // namespace

Admission::Turn::Turn(Admission* admission) : admission_(admission) {
  admission_->Enter();
  since_ = std::chrono::steady_clock::now();
}

Admission::Turn::~Turn() { admission_->Leave(); }

void Admission::Turn::Yield() {
  if (std::chrono::steady_clock::now() - since_ < kTurn) return;
  admission_->StepBack();
  since_ = std::chrono::steady_clock::now();
}

void Admission::Enter() {
  std::unique_lock lock(mutex_);
  if (free_ > 0) {
    --free_;
  } else {
    Wait(&lock);
  }
}

void Admission::Leave() {
  std::lock_guard lock(mutex_);
  if (queue_.empty()) {
    ++free_;
    return;
  }
  Waiter* next = queue_.front();
  queue_.pop_front();
  next->admitted = true;
  next->wakes.notify_one();
}

void Admission::StepBack() {
  std::unique_lock lock(mutex_);
  if (queue_.empty()) return;
  Waiter* next = queue_.front();
  queue_.pop_front();
  next->admitted = true;
  next->wakes.notify_one();
  Wait(&lock);
}

void Admission::Wait(std::unique_lock<std::mutex>* lock) {
  Waiter self;
  queue_.push_back(&self);
  self.wakes.wait(*lock, [&] { return self.admitted; });
}

}  // namespace omen::colstore
