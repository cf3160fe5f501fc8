// Who waits for whom, over every kind of lock, and the end of circles.
//
// A transaction is a WaitParty. While it waits, a Wait tells how to ask whom it waits for. A
// circle consists of waits only, so nothing is kept for the locks that are held. As in
// PostgreSQL a wait is looked at once, when it has lasted `patience`: whoever finds itself in a
// circle then is its victim (40P01), unless someone in the circle waits in a queue only, and goes
// ahead of it. The looking is done by a thread of the graph's own, since
// the row store knows a waiter's blockers only while it waits.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <list>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "base/status.h"
#include "base/wait.h"

namespace omen {

/// One transaction, as those who wait for it know it. Outlives what it waits for and holds.
struct WaitParty {
  std::atomic<uint64_t> row_owner{0};  // its name in the row store's lock table; 0: none yet
  std::atomic<int32_t> pid{0};         // for messages
};

/// Any thread. No wait may be under way when it is destroyed.
class WaitGraph {
 public:
  explicit WaitGraph(std::chrono::milliseconds patience = std::chrono::seconds(1))
      : patience_(patience) {}
  ~WaitGraph();
  WaitGraph(const WaitGraph&) = delete;
  WaitGraph& operator=(const WaitGraph&) = delete;

  /// Whom a wait is for.
  struct Blockers {
    std::vector<const WaitParty*> parties;
    std::vector<uint64_t> row_owners;
    bool known = true;  // false: between two looks at its lock; to be asked again
  };

  /// One wait. Made and destroyed by the waiting thread, holding no lock that `ask` takes.
  class Wait {
   public:
    /// Called by the graph's thread. `queue`: those ahead in a queue count too, not only those
    /// who hold something.
    using Ask = std::function<Blockers(bool queue)>;
    /// `what`: as PostgreSQL says it, "AccessShareLock on relation 16384 of database 5"; empty
    /// for a row. `wake` is called when Check or may_pass_queue have changed; it takes
    /// no lock that `ask` does not take.
    Wait(WaitGraph* graph, const WaitParty* party, std::string what, Ask ask,
         std::function<void()> wake = nullptr);
    ~Wait();
    Wait(const Wait&) = delete;
    Wait& operator=(const Wait&) = delete;

    /// 40P01 once this wait was chosen to end a circle; then it must end, granted or not.
    Status Check() const;
    bool chosen() const { return chosen_.load(std::memory_order_acquire); }
    /// This wait's place in a queue closed a circle: go ahead of those who only wait, too.
    bool may_pass_queue() const { return may_pass_queue_.load(std::memory_order_acquire); }

   private:
    friend class WaitGraph;
    using Clock = std::chrono::steady_clock;

    WaitGraph* const graph_;
    const WaitParty* const party_;
    const std::string what_;
    const Ask ask_;
    const std::function<void()> wake_;
    Clock::time_point due_;
    bool looked_at_ = false;
    std::string detail_;  // of the error; written before chosen_ is set
    std::atomic<bool> chosen_{false}, may_pass_queue_{false};
  };

 private:
  enum class Found : uint8_t { kNone, kCircle, kUnsure };
  struct Step {
    Wait* wait;
    const WaitParty* blocker;
    bool queued;  // the blocker is ahead in a queue and holds nothing against the wait
  };

  void Watch();
  /// When to look next; max: nothing to look at.
  Wait::Clock::time_point NextDue() const;
  void Look(Wait* wait);
  /// Of a circle that a queue closes, lets one wait pass its queue. False when none is in one.
  static bool OpenQueue(const std::vector<Step>& circle);
  Found FindCircle(Wait* start, bool queue, std::vector<Step>* path) const;
  Found Follow(const Wait& start, Wait* from, bool queue, std::set<const Wait*>* seen,
               std::vector<Step>* path) const;
  Wait* WaitOf(const WaitParty* party) const;
  const WaitParty* PartyOf(uint64_t row_owner) const;
  static std::string Describe(const std::vector<Step>& circle);

  const std::chrono::milliseconds patience_;
  mutable std::mutex mutex_;
  Condition changed_;
  std::list<Wait*> waits_;
  bool stopping_ = false;
  std::thread watcher_;  // started by the first wait
};

}  // namespace omen
