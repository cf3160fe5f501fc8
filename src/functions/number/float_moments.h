// Running count, sum and sum of squared deviations by the Youngs-Cramer method, with
// PostgreSQL's rules for NaN and overflow (float8_accum).
#pragma once

#include <cmath>
#include <optional>
#include <string_view>

#include "base/status.h"
#include "functions/kernel/function.h"
#include "functions/number/exact_moments.h"
#include "types/value.h"

namespace omen::functions {

struct FloatMoments {
  double count = 0;
  double sum = 0;
  double squares = 0;

  Status Add(double value) {
    const double old_count = count, old_sum = sum;
    count += 1;
    sum += value;
    const double deviation = value * count - sum;
    if (old_count != 0) squares += deviation * deviation / (count * old_count);
    if (old_count == 0 || std::isinf(sum) || std::isinf(squares)) [[unlikely]] {
      return Settle(value, old_count, old_sum);
    }
    return Status::Ok();
  }
  /// Of values that were added apart (float8_combine).
  Status Merge(const FloatMoments& other);

 private:
  Status Settle(double value, double old_count, double old_sum);
};

/// The same for pairs (float8_regr_accum).
struct PairMoments {
  double count = 0;
  double sum_x = 0, squares_x = 0;
  double sum_y = 0, squares_y = 0;
  double products = 0;

  Status Add(double y, double x);
  Status Merge(const PairMoments& other);

 private:
  Status Settle(double y, double x, double old_sum_x, double old_sum_y);
};

/// What of pairs an aggregate gives.
enum class Fit : uint8_t {
  kCorrelation,
  kCovariance,
  kSampleCovariance,
  kAverageX,
  kAverageY,
  kCount,
  kIntercept,
  kR2,
  kSlope,
  kSxx,
  kSxy,
  kSyy,
};

/// By an aggregate's name; none where it is no such.
std::optional<Fit> FindFit(std::string_view aggregate);
/// An aggregate of floats that FloatMoments or PairMoments computes.
bool MergesFloats(const Aggregate& aggregate);

Value SpreadOf(const FloatMoments& moments, Spread spread);
Value FitOf(Fit fit, const PairMoments& moments);

}  // namespace omen::functions
