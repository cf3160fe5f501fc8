// Running count, sum and sum of squared deviations by the Youngs-Cramer method, with
// PostgreSQL's rules for NaN and overflow (float8_accum).
#pragma once

#include "base/status.h"

namespace omen::functions {

struct FloatMoments {
  double count = 0;
  double sum = 0;
  double squares = 0;

  Status Add(double value);
};

/// The same for pairs (float8_regr_accum).
struct PairMoments {
  double count = 0;
  double sum_x = 0, squares_x = 0;
  double sum_y = 0, squares_y = 0;
  double products = 0;

  Status Add(double y, double x);

 private:
  Status Settle(double y, double x, double old_sum_x, double old_sum_y);
};

}  // namespace omen::functions
