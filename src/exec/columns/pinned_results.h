// Which result is being read from a pinned connection of the column engine.
#pragma once

#include <map>
#include <mutex>

#include "replica/replica.h"

namespace omen::exec {

class EngineCursor;

/// An engine connection has one open result. A transaction's pin is shared by its portals, so
/// the result that is open on it must be moved out of the way before the next begins. Any thread.
class PinnedResults {
 public:
  /// Detaches what `cursor`'s predecessor on this pin has left.
  Status Begin(const replica::Pin* pin, EngineCursor* cursor);
  void End(const replica::Pin* pin, const EngineCursor* cursor);

 private:
  std::mutex mutex_;
  std::map<const replica::Pin*, EngineCursor*> open_;
};

}  // namespace omen::exec
