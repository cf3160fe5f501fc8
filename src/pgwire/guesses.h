// Slows the guessing of passwords: the attempts of one address at one role. The first few
// failures cost nothing; after them each attempt waits twice as long as the one before it, up to
// a limit, and those that come at once wait behind each other. A success forgets them.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <utility>

#include "base/cancel.h"

namespace omen::pgwire {

/// Any thread.
class Guesses {
 public:
  using Clock = std::chrono::steady_clock;
  struct Source {
    std::string role, address;
    auto operator<=>(const Source&) const = default;
  };

  /// How long the attempt must wait; its turn is reserved.
  Clock::duration Delay(const Source& source, Clock::time_point now);
  void Failed(const Source& source, Clock::time_point now);
  void Succeeded(const Source& source);

 private:
  struct Entry {
    int failures = 0;
    Clock::time_point next;  // the earliest time of the next attempt
  };
  static Clock::duration Penalty(int failures);
  /// Forgets what is old, so that a scan of roles and addresses takes no memory.
  void MakeRoom(Clock::time_point now);

  std::mutex mutex_;
  std::map<Source, Entry> entries_;
};

}  // namespace omen::pgwire
