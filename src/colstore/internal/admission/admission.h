// A few statements at a time may run the engine's tasks; the rest wait in a
// queue. Whoever has run for a while and sees others waiting goes to its end: so sixty
// dashboards take no more cores from transactions than two, and none of them starves. The server's
// own work (base/contention/background.h) has a queue behind that one, and steps back for any
// client at once.
#pragma once

#include <chrono>
#include <deque>
#include <mutex>
#include <optional>

#include "base/contention/background.h"
#include "base/contention/wait_order.h"
#include "base/wait.h"
#include "colstore/internal/admission/engine_threads.h"

namespace omen::colstore {

/// Any thread.
class Admission {
 public:
  explicit Admission(int at_once) : threads_(at_once), free_(at_once) {}
  EngineThreads* threads() { return &threads_; }

  /// Waits for its turn, and holds it; both waits end with `cancel`, which may be null. One
  /// thread; hold one at a time, and wait for no lock while it is held.
  class Turn {
   public:
    Turn(Admission* admission, const CancelToken* cancel)
        : admission_(admission), cancel_(cancel) {}
    ~Turn();
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;
    Status Take();
    /// On a thread of the engine's: until `work` returns.
    void Run(const std::function<void()>& work) { admission_->threads_.Run(work); }
    /// Between two tasks, while it is held: others wait and it is their time. `idle`: it is, since
    /// there is no task to run just now.
    bool IsOver(bool idle) const;
    /// Lets others go first when it is over. After an error the turn is not held.
    Status Yield();
    /// As Yield, whatever the time.
    Status YieldIdle();

   private:
    Admission* const admission_;
    const CancelToken* const cancel_;
    const bool background_ = Background::Here();
    std::optional<HeldStep> held_;
    std::chrono::steady_clock::time_point since_;
  };

 private:
  struct Waiter {
    Condition wakes;
    bool admitted = false;
  };
  using Queue = std::deque<Waiter*>;
  Status Enter(bool background, const CancelToken* cancel);
  void Leave();
  bool ClientsWait();
  /// Leaves and enters behind everyone of its kind; nothing when nobody waits that goes first.
  Status StepBack(bool background, const CancelToken* cancel);
  Status Wait(Queue* queue, std::unique_lock<std::mutex>* lock, const CancelToken* cancel);
  /// False when nobody waits there.
  static bool AdmitFirst(Queue* queue);

  EngineThreads threads_;
  std::mutex mutex_;
  Queue clients_, background_;
  int free_;
};

}  // namespace omen::colstore
