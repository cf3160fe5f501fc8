#include "functions/number/float_moments.h"

#include <cmath>
#include <limits>

#include "functions/kernel/kernel.h"

namespace omen::functions {

namespace {
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
}

Status FloatMoments::Add(double value) {
  double old_count = count, old_sum = sum;
  count += 1;
  sum += value;
  if (old_count == 0) {
    if (!std::isfinite(value)) squares = kNaN;
    return Status::Ok();
  }
  double deviation = value * count - sum;
  squares += deviation * deviation / (count * old_count);
  if (std::isinf(sum) || std::isinf(squares)) {
    if (!std::isinf(old_sum) && !std::isinf(value)) return FloatOverflow();
    squares = kNaN;
  }
  return Status::Ok();
}

Status PairMoments::Settle(double y, double x, double old_sum_x, double old_sum_y) {
  bool overflow = std::isinf(sum_x) || std::isinf(squares_x) || std::isinf(sum_y) ||
                  std::isinf(squares_y) || std::isinf(products);
  if (!overflow) return Status::Ok();
  bool from_x = std::isinf(old_sum_x) || std::isinf(x);
  bool from_y = std::isinf(old_sum_y) || std::isinf(y);
  if (((std::isinf(sum_x) || std::isinf(squares_x)) && !from_x) ||
      ((std::isinf(sum_y) || std::isinf(squares_y)) && !from_y) ||
      (std::isinf(products) && !from_x && !from_y)) {
    return FloatOverflow();
  }
  if (std::isinf(squares_x)) squares_x = kNaN;
  if (std::isinf(squares_y)) squares_y = kNaN;
  if (std::isinf(products)) products = kNaN;
  return Status::Ok();
}

Status PairMoments::Add(double y, double x) {
  double old_count = count, old_sum_x = sum_x, old_sum_y = sum_y;
  count += 1;
  sum_x += x;
  sum_y += y;
  if (old_count == 0) {
    if (!std::isfinite(x)) squares_x = products = kNaN;
    if (!std::isfinite(y)) squares_y = products = kNaN;
    return Status::Ok();
  }
  double deviation_x = x * count - sum_x;
  double deviation_y = y * count - sum_y;
  double scale = 1.0 / (count * old_count);
  squares_x += deviation_x * deviation_x * scale;
  squares_y += deviation_y * deviation_y * scale;
  products += deviation_x * deviation_y * scale;
  return Settle(y, x, old_sum_x, old_sum_y);
}

}  // namespace omen::functions
