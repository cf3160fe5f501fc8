#include "colstore/internal/engine/detacher.h"

#include "colstore/internal/engine/stream.h"

namespace omen::colstore {

Detacher::~Detacher() {
  {
    std::lock_guard lock(mutex_);
    OMEN_CHECK(streams_.empty());
    stopping_ = true;
    changed_.NotifyAll();
  }
  if (thread_.joinable()) thread_.join();
}

void Detacher::Add(Stream* stream) {
  std::lock_guard lock(mutex_);
  streams_.insert(stream);
}

void Detacher::Remove(Stream* stream) {
  std::unique_lock lock(mutex_);
  streams_.erase(stream);
  // The caller ended the withdrawal, so this waits for one task of the engine's at most.
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
    changed_.WaitInBackground(lock, [&] { return stopping_ || requested_; });
    if (stopping_) return;
    requested_ = false;
    // In the order of their addresses: one that comes meanwhile may be met or not.
    for (auto at = streams_.begin(); at != streams_.end();) {
      Stream* const stream = *at;
      working_on_ = stream;
      lock.unlock();
      stream->Withdraw();
      lock.lock();
      working_on_ = nullptr;
      changed_.NotifyAll();
      at = streams_.upper_bound(stream);
    }
  }
}

}  // namespace omen::colstore
