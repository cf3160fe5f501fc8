// Cooperative cancellation of one statement: set from any thread, polled by the
// thread that runs it.
#pragma once

#include <atomic>
#include <functional>
#include <mutex>

#include "base/status.h"

namespace omen {

/// One per session. Cancel() may come from any thread at any time; a request that
/// arrives while no statement runs is forgotten by the next Reset().
class CancelToken {
 public:
  enum class Reason { kNone, kUser, kTimeout, kShutdown };

  void Reset() { reason_.store(Reason::kNone, std::memory_order_relaxed); }
  void Cancel(Reason reason);
  bool cancelled() const { return reason_.load(std::memory_order_relaxed) != Reason::kNone; }
  /// 57014 (or 57P01) once cancelled, else Ok.
  Status Check() const;

  /// While an engine runs a statement that cannot poll, `interrupt` stops it.
  /// Called at most once per Cancel; never after ClearInterrupt returned.
  void SetInterrupt(std::function<void()> interrupt);
  void ClearInterrupt();

 private:
  std::atomic<Reason> reason_{Reason::kNone};
  std::mutex mutex_;
  std::function<void()> interrupt_;
};

}  // namespace omen
