// An exact running sum of numerics that stays in 128-bit integers while it can.
#pragma once

#include "types/numeric.h"

namespace omen::functions {

/// Adds decimals without loss. Value type, one thread. The result's display scale is the
/// largest seen, as PostgreSQL's sum has it.
class NumericSum {
 public:
  void AddInteger(__int128 value);
  Status Add(const Numeric& value);
  Result<Numeric> Total() const;

 private:
  bool TryAddFast(const Numeric& value);
  bool AddScaled(__int128 unscaled, int scale);
  Status Flush();

  __int128 fast_ = 0;  // at 10^-fast_scale_
  int fast_scale_ = 0;
  Numeric slow_;  // what no longer fitted, and NaN or infinities
};

}  // namespace omen::functions
