// Time comes in through constructors, so that tests can own it.
#pragma once

#include <time.h>

#include <chrono>
#include <cstdint>

namespace omen {

/// A source of wall and monotonic time. Any thread.
class Clock {
 public:
  virtual ~Clock() = default;
  /// Microseconds since 1970-01-01 UTC.
  virtual int64_t WallMicros() const = 0;
  /// Nanoseconds since an arbitrary start; never goes back.
  virtual int64_t MonotonicNanos() const = 0;
  /// Nanoseconds of processor time that the calling thread has taken.
  virtual int64_t ThreadNanos() const = 0;
};

class SystemClock final : public Clock {
 public:
  int64_t WallMicros() const override {
    using namespace std::chrono;
    return duration_cast<microseconds>(system_clock::now().time_since_epoch()).count();
  }
  int64_t MonotonicNanos() const override {
    using namespace std::chrono;
    return duration_cast<nanoseconds>(steady_clock::now().time_since_epoch()).count();
  }
  int64_t ThreadNanos() const override {
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return time.tv_sec * int64_t{1'000'000'000} + time.tv_nsec;
  }
};

}  // namespace omen
