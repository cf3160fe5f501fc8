#include "colstore/internal/detacher.h"

#include "colstore/internal/stream.h"

namespace omen::colstore {

Detacher::~Detacher() {
  stop_.Cancel(CancelToken::Reason::kShutdown);
  changed_.NotifyAll();
  if (thread_.joinable()) thread_.join();
}

void Detacher::Add(Stream* stream) {
  std::lock_guard lock(mutex_);
  streams_.insert(stream);
}

void Detacher::Remove(Stream* stream) {
  std::unique_lock lock(mutex_);
  streams_.erase(stream);
  // The caller told the stream that it is wanted, so this ends with the engine's next task.
  changed_.WaitInBackground(lock, [&] { return working_on_ != stream; });
}

void Detacher::Request() {
  std::lock_guard lock(mutex_);
  if (streams_.empty()) return;
  if (!thread_.joinable()) thread_ = std::thread([this] { Run(); });
  requested_ = true;
  changed_.NotifyAll();
}

void Detacher::Run() {
  std::unique_lock lock(mutex_);
  for (;;) {
    // The only waiter with a token: it is woken by the destructor.
    if (!changed_.Wait(lock, &stop_, [&] { return requested_; }).ok()) return;
    requested_ = false;
    // In the order of their addresses: one that comes meanwhile may be met or not.
    for (auto at = streams_.begin(); at != streams_.end() && !stop_.cancelled();) {
      Stream* const stream = *at;
      working_on_ = stream;
      lock.unlock();
      stream->Withdraw(&stop_);
      lock.lock();
      working_on_ = nullptr;
      changed_.NotifyAll();
      at = streams_.upper_bound(stream);
    }
  }
}

}  // namespace omen::colstore
