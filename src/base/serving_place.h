// Threads that serve many clients in turn hold one of a few places. Before such a thread waits
// or works for long it passes its place on, so that short statements of others are served
// meanwhile; it goes on without one.
#pragma once

namespace omen {

/// Where places come from. Any thread.
class ServingPlaces {
 public:
  virtual ~ServingPlaces() = default;
  /// Gives the caller's place to another thread. False when there is none to be had.
  virtual bool PassOn() = 0;
};

/// From now on the calling thread holds a place of `places`; null: it holds none.
void HoldPlace(ServingPlaces* places);
bool HoldsPlace();
/// To be called before waiting for a lock, the disk, the network or another thread, and before
/// work that is not known to be short. Nothing for a thread without a place.
void PassPlace();

}  // namespace omen
