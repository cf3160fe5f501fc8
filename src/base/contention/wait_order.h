// The order of the waits that the graph of locks does not watch. Whoever holds something here
// waits only for what comes later, and whoever waits for a lock holds nothing of it: so these
// waits close no circle, neither with one another nor with locks.
//
// The order is of threads: it is asserted where a thread holds something while it runs. What a
// session keeps between two calls (a lease on the columns' gate, for a cursor that is half read)
// nobody waits for longer than a bound, so that it needs no place here.
#pragma once

#include <cstdint>

namespace omen {

/// In the order in which a statement may wait for them.
enum class WaitStep : uint8_t {
  kLock,    // of a row or a table (base/contention/wait_graph.h)
  kPin,     // to be the one who makes a snapshot over both stores
  kApply,   // the replica, to reach a commit or to stand still
  kStream,  // a result's own rows, which are being moved out of the way
  kGate,    // the end of a checkpoint
  kTurn,    // a turn on the column engine
};

/// Before a wait that may come: a broken invariant where this thread holds what is of this step
/// or a later one. To be called whether or not there is something to wait for now.
void MayWaitFor(WaitStep step);

/// What the thread that made it holds, while it lives.
class HeldStep {
 public:
  explicit HeldStep(WaitStep step);
  ~HeldStep();
  HeldStep(const HeldStep&) = delete;
  HeldStep& operator=(const HeldStep&) = delete;

 private:
  const WaitStep step_;
};

}  // namespace omen
