// Running count, sum and sum of squares of integers and numerics, exact: in 128-bit integers while
// they have room and the values share a scale.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "functions/kernel/function.h"
#include "functions/number/numeric_sum.h"
#include "types/number/short_decimal.h"

namespace omen::functions {

enum class Spread : uint8_t { kVariance, kPopulationVariance, kDeviation, kPopulationDeviation };

/// By an aggregate's name; none where it is no such.
std::optional<Spread> FindSpread(std::string_view aggregate);
constexpr bool IsSample(Spread spread) {
  return spread == Spread::kVariance || spread == Spread::kDeviation;
}
constexpr bool IsDeviation(Spread spread) {
  return spread == Spread::kDeviation || spread == Spread::kPopulationDeviation;
}
/// An aggregate that ExactMoments computes.
bool MergesExactly(const Aggregate& aggregate);

/// What variance and deviation are computed from. Value type, one thread.
class ExactMoments {
 public:
  void Add(int64_t value) { AddScaled(value, 0); }
  void Add(const ShortDecimal& value);
  void Add(const Numeric& value);
  void Merge(const ExactMoments& other);
  /// numeric, as numeric_stddev_internal has it; null of too few values.
  Result<Value> Finish(Spread spread) const;

 private:
  // Engines align states to eight bytes.
  typedef __int128 Wide __attribute__((aligned(8)));
  struct Rest {
    NumericSum sum, squares;
  };

  void AddScaled(int64_t value, int scale) {
    ++count_;
    if (scale != scale_ && !TakeScale(scale)) return AddRest(Numeric::FromInt128(value, scale));
    sum_ += value;
    __int128 squares = squares_;
    if (__builtin_add_overflow(squares, static_cast<__int128>(value) * value, &squares)) {
      Spill();
      squares = static_cast<__int128>(value) * value;
    }
    squares_ = squares;
  }
  bool TakeScale(int scale);
  void AddRest(const Numeric& value);
  void Spill();
  Rest& rest();

  int64_t count_ = 0;
  Wide sum_ = 0, squares_ = 0;  // at 10^-scale_ and its square
  int scale_ = 0;
  std::shared_ptr<Rest> rest_;  // what had no room or no such scale; of this one alone
};

}  // namespace omen::functions
