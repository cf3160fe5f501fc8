// A few statements at a time may run the engine's tasks on their own threads; the rest wait in a
// queue. Whoever has run for a while and sees others waiting goes to its end: so sixty
// dashboards take no more cores from transactions than two, and none of them starves.
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>

namespace omen::colstore {

/// Any thread.
class Admission {
 public:
  explicit Admission(int at_once) : free_(at_once) {}

  /// Waits for its turn, and holds it. One thread; hold one at a time.
  class Turn {
   public:
    explicit Turn(Admission* admission);
    ~Turn();
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;
    /// Between two tasks: lets others go first when it is their time.
    void Yield();

   private:
    Admission* const admission_;
    std::chrono::steady_clock::time_point since_;
  };

 private:
  struct Waiter {
    std::condition_variable wakes;
    bool admitted = false;
  };
  void Enter();
  void Leave();
  /// Leaves and enters behind everyone else; nothing when nobody waits.
  void StepBack();
  void Wait(std::unique_lock<std::mutex>* lock);

  std::mutex mutex_;
  std::deque<Waiter*> queue_;
  int free_;
};

}  // namespace omen::colstore
