#include "exec/write/storing_thread.h"

#include <optional>
#include <utility>

#include "base/containment.h"
#include "base/contention/serving_place.h"
#include "base/work.h"

namespace omen::exec {

StoringThread::StoringThread(Store store, const CancelToken* cancel)
    : store_(std::move(store)),
      cancel_(cancel),
      memory_(Work::StatementMemory() == nullptr ? nullptr : *Work::StatementMemory()),
      thread_([this] { Serve(); }) {}

StoringThread::~StoringThread() {
  {
    std::lock_guard lock(mutex_);
    ending_ = true;
    has_waiting_ = false;
  }
  moved_.NotifyAll();
  if (thread_.joinable()) thread_.join();
}

/// The thread may be waiting for a lock.
template <typename Ready>
Status StoringThread::Await(std::unique_lock<std::mutex>& lock, Ready ready) {
  const auto ended = [&] { return ready() || !result_.ok(); };
  if (!ended()) {
    lock.unlock();
    PassPlace();
    lock.lock();
    OMEN_RETURN_IF_ERROR(moved_.Wait(lock, cancel_, ended));
  }
  return result_.Clone();
}

Status StoringThread::Give(std::vector<Row>* batch) {
  {
    std::unique_lock lock(mutex_);
    OMEN_RETURN_IF_ERROR(Await(lock, [this] { return !has_waiting_; }));
    std::swap(waiting_, *batch);
    has_waiting_ = true;
  }
  moved_.NotifyAll();
  return Status::Ok();
}

Status StoringThread::AwaitIdle() {
  std::unique_lock lock(mutex_);
  return Await(lock, [this] { return !has_waiting_ && !at_work_; });
}

bool StoringThread::TakeBatch() {
  std::unique_lock lock(mutex_);
  moved_.WaitInBackground(lock, [this] { return has_waiting_ || ending_; });
  if (!std::exchange(has_waiting_, false)) return false;
  at_work_ = true;
  std::swap(stored_, waiting_);
  lock.unlock();
  moved_.NotifyAll();
  return true;
}

Status StoringThread::StoreBatch() {
  const Work::Statement statement(memory_);
  Status status;
  const std::optional<Fault> fault = Contain([&] { status = store_(&stored_); });
  return fault ? fault->ToStatus() : std::move(status);
}

void StoringThread::Serve() {
  while (TakeBatch()) {
    Status status = StoreBatch();
    const bool goes_on = status.ok();
    {
      std::lock_guard lock(mutex_);
      at_work_ = false;
      result_ = std::move(status);
    }
    moved_.NotifyAll();
    if (!goes_on) return;
  }
}

}  // namespace omen::exec
