// Threads that serve many clients in turn hold one of a few places. Before such a thread waits
// or works for long it passes its place on, so that short statements of others are served
// meanwhile; it goes on without one.
#pragma once

#include <cstdint>

namespace omen {

/// What a thread is about to do.
enum class Pause : uint8_t {
  kBrief,  // wait for about as long as a synced write takes
  kLong,   // anything else
};

/// Where places come from. Any thread.
class ServingPlaces {
 public:
  virtual ~ServingPlaces() = default;
  /// The caller, which holds a place or does not, is about to pause. True when it must keep its
  /// place, since nobody is there to take it.
  virtual bool PassOn(bool holds, Pause pause) = 0;
};

/// From now on the calling thread serves for `places` and holds one; null: it does not serve.
void HoldPlace(ServingPlaces* places);
bool HoldsPlace();
/// To be called before waiting for a lock, the disk, the network or another thread, and before
/// work that is not known to be short. Nothing for a thread that does not serve.
void PassPlace(Pause pause = Pause::kLong);

}  // namespace omen
