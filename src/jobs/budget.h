// How much of the machine background work may take: a share of a core's time and of the disk's
// bytes, which grows while cores are idle and shrinks while others want them. Additive where it
// pays back, multiplicative where it adapts, as networks share a line.
#pragma once

#include <cstdint>

namespace omen::jobs {

/// Pure: time is told. One thread at a time.
class Budget {
 public:
  struct Limits {
    double share_max = 0.5;     // of one core's time; 0: nothing runs
    double share_min = 0.01;    // on a machine that is never idle
    double bytes_per_s = 64e6;  // read and written, at share_max; in proportion below
  };

  Budget(const Limits& limits, int64_t now_nanos);

  /// `idle_cores`: what nobody used since the last look. The work's own use is known from Charge.
  void Look(int64_t now_nanos, double idle_cores);
  /// Time taken by the work, that of it on a processor, and bytes moved.
  void Charge(int64_t busy_nanos, int64_t processor_nanos, int64_t bytes);
  /// How long the work must rest before it goes on; 0: it may.
  int64_t RestNanos() const;
  /// Of one core, now.
  double share() const { return share_; }

 private:
  double ByteRate() const;

  const Limits limits_;
  double share_;
  int64_t looked_nanos_;
  double credit_nanos_ = 0, credit_bytes_ = 0;
  int64_t own_nanos_ = 0;  // on a processor since the last look
};

}  // namespace omen::jobs
