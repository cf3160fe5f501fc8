// The one way to wait. Whoever waits for a client says what ends the wait before its time: a
// token (cancel, statement_timeout, shutdown, a client that is gone) and perhaps a moment. The
// token wakes the waiter at once; nobody polls. The server's own threads wait for what they are
// told next, which includes the order to stop.
//
// tools/tidy.py refuses condition variables, sleeps and timed locks anywhere else.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <vector>

#include "base/cancel.h"
#include "base/check.h"

namespace omen {

/// Wakes whoever waits with this token. CancelToken::Cancel calls it, after it took effect.
void WakeWaiters(const CancelToken* token);

/// What ends a statement's wait before its time.
struct WaitLimit {
  using TimePoint = std::chrono::steady_clock::time_point;

  WaitLimit(const CancelToken* token = nullptr, TimePoint end = TimePoint::max())
      : cancel(token), until(end) {}

  const CancelToken* cancel;
  TimePoint until;
};

enum class Woken : uint8_t { kReady, kTimeout, kCancelled };

/// Something that becomes true under a mutex of the caller's. Any thread. Functions that take
/// `ready` call it under `lock`, which the caller holds, and return under it.
class Condition {
 public:
  using Lock = std::unique_lock<std::mutex>;
  using TimePoint = WaitLimit::TimePoint;

  Condition() = default;
  ~Condition() { OMEN_CHECK(parked_.empty()); }
  Condition(const Condition&) = delete;
  Condition& operator=(const Condition&) = delete;

  /// After `ready` may have become true; with or without the mutex held.
  void NotifyOne();
  void NotifyAll();

  /// For a statement. kReady wins over the limits. Pass the thread's place on before
  /// (base/contention/serving_place.h).
  template <typename Ready>
  Woken Wait(Lock& lock, const WaitLimit& limit, Ready ready) {
    bool notified = false;
    for (;;) {
      if (ready()) return Woken::kReady;
      const bool cancelled = limit.cancel != nullptr && limit.cancel->cancelled();
      if (cancelled || std::chrono::steady_clock::now() >= limit.until) {
        if (notified) NotifyOne();  // it may have been meant for a waiter that stays
        return cancelled ? Woken::kCancelled : Woken::kTimeout;
      }
      notified = Block(lock, limit);
    }
  }
  /// As above without a moment: Ok, or the token's reason.
  template <typename Ready>
  Status Wait(Lock& lock, const CancelToken* cancel, Ready ready) {
    if (Wait(lock, WaitLimit(cancel), ready) == Woken::kReady) return Status::Ok();
    return cancel->Check();
  }

  /// For a thread of the server's own: `ready` is also true once it is to stop.
  template <typename Ready>
  void WaitInBackground(Lock& lock, Ready ready) {
    (void)Wait(lock, WaitLimit(), ready);
  }
  /// True when ready, false when it is `until`.
  template <typename Ready>
  bool WaitInBackground(Lock& lock, TimePoint until, Ready ready) {
    return Wait(lock, WaitLimit(nullptr, until), ready) == Woken::kReady;
  }

 private:
  class Parked;
  /// Until notified (true), cancelled or late.
  bool Block(Lock& lock, const WaitLimit& limit);

  std::mutex mutex_;  // taken after the caller's
  std::vector<Parked*> parked_;
};

/// Sleeps. Ok when the time is over.
Status SleepFor(std::chrono::nanoseconds duration, const CancelToken* cancel);

/// For a moment in which another thread is sure to do what is waited for: at most 10 ms.
void PauseBriefly(std::chrono::microseconds duration);

/// Waits until a descriptor has one of `events` (poll's), and gives which; 0 when a limit came
/// first. Errors on the descriptor count as events.
short WaitForDescriptor(int fd, short events, const WaitLimit& limit);

/// Waits while `value` is `old`: for what no cancel may cut short, such as the turn of a commit
/// that is being written.
template <typename T>
void WaitForChange(const std::atomic<T>& value, T old) {
  value.wait(old, std::memory_order_acquire);
}

}  // namespace omen
