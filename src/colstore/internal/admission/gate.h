// Keeps statements and the engine's upkeep apart. A checkpoint takes the engine's lock of each
// table for itself and waits inside the engine, deaf, for scans that hold it, while new scans
// wait behind it, as deaf. So every statement holds a lease on the gate for as long as it may
// scan, and a checkpoint runs only behind a closed gate with no lease held. Waiting at the
// gate listens to cancel, statement_timeout and shutdown; the gate waits only so long for the
// statements inside, then opens again.
#pragma once

#include <chrono>
#include <mutex>

#include "base/wait.h"

namespace omen::colstore {

/// Any thread. One closes it at a time.
class Gate {
 public:
  /// What a statement inside holds. One thread at a time.
  class Lease {
   public:
    Lease() = default;
    ~Lease() { Release(); }
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;
    void Release();

   private:
    friend class Gate;
    Gate* gate_ = nullptr;
  };

  /// Waits while the gate is closed; the token's reason when that ends the wait.
  Status Enter(const CancelToken* cancel, Lease* lease);

  /// Lets nobody in any more and waits for those inside. True: nobody is, until Open. False:
  /// somebody stayed longer than `patience`, and the gate is open again.
  bool Close(std::chrono::milliseconds patience);
  void Open();

 private:
  std::mutex mutex_;
  Condition opened_, emptied_;
  int inside_ = 0;
  bool closed_ = false;
};

}  // namespace omen::colstore
