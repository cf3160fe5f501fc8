// An exact running sum of numerics that stays in 128-bit integers while it can.
#pragma once

#include "types/number/numeric.h"

namespace omen::functions {

/// Adds decimals without loss; only what it comes to must fit numeric, not what it passes through.
/// Value type, one thread. The result's display scale is the largest seen, as PostgreSQL's sum
/// has it.
class NumericSum {
 public:
  void AddInteger(__int128 value);
  void Add(const Numeric& value);
  void Merge(const NumericSum& other);
  /// 22003 where the carried form cannot hold it.
  Result<Numeric> Total() const;
  bool has_special() const { return special_ != Numeric::Kind::kPositive; }
  /// The sum of the finite values.
  Decimal Finite() const;
  /// Adds a finite value of any size and scale.
  void AddFinite(const Decimal& value);

 private:
  bool TryAddFast(const Numeric& value);
  bool AddScaled(__int128 unscaled, int scale);
  void AddSpecial(Numeric::Kind kind);
  void Flush();

  __int128 fast_ = 0;  // at 10^-fast_scale_
  int fast_scale_ = 0;
  Decimal slow_;                                      // what no longer fitted
  Numeric::Kind special_ = Numeric::Kind::kPositive;  // NaN or an infinity, once seen
};

}  // namespace omen::functions
