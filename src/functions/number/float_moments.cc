#include "functions/number/float_moments.h"

#include <cmath>
#include <limits>

#include "functions/kernel/kernel.h"

namespace omen::functions {

namespace {
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

/// float8_pl.
Status AddSum(double value, double* sum) {
  const double total = *sum + value;
  if (std::isinf(total) && !std::isinf(*sum) && !std::isinf(value)) return FloatOverflow();
  *sum = total;
  return Status::Ok();
}

/// A sum of squares or products as the merging of two parts gives it.
Status SetSquares(double merged, double other, double* squares) {
  if (std::isinf(merged) && !std::isinf(*squares) && !std::isinf(other)) return FloatOverflow();
  *squares = merged;
  return Status::Ok();
}
}  // namespace

Status FloatMoments::Settle(double value, double old_count, double old_sum) {
  if (old_count == 0) {
    if (!std::isfinite(value)) squares = kNaN;
    return Status::Ok();
  }
  if (!std::isinf(old_sum) && !std::isinf(value)) return FloatOverflow();
  squares = kNaN;
  return Status::Ok();
}

Status FloatMoments::Merge(const FloatMoments& other) {
  if (other.count == 0) return Status::Ok();
  if (count == 0) {
    *this = other;
    return Status::Ok();
  }
  const double between = sum / count - other.sum / other.count;
  const double both = count + other.count;
  const double merged = squares + other.squares + count * other.count * between * between / both;
  OMEN_RETURN_IF_ERROR(AddSum(other.sum, &sum));
  OMEN_RETURN_IF_ERROR(SetSquares(merged, other.squares, &squares));
  count = both;
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

Status PairMoments::Merge(const PairMoments& other) {
  if (other.count == 0) return Status::Ok();
  if (count == 0) {
    *this = other;
    return Status::Ok();
  }
  const double between_x = sum_x / count - other.sum_x / other.count;
  const double between_y = sum_y / count - other.sum_y / other.count;
  const double both = count + other.count, pairs = count * other.count;
  OMEN_RETURN_IF_ERROR(AddSum(other.sum_x, &sum_x));
  OMEN_RETURN_IF_ERROR(
      SetSquares(squares_x + other.squares_x + pairs * between_x * between_x / both,
                 other.squares_x, &squares_x));
  OMEN_RETURN_IF_ERROR(AddSum(other.sum_y, &sum_y));
  OMEN_RETURN_IF_ERROR(
      SetSquares(squares_y + other.squares_y + pairs * between_y * between_y / both,
                 other.squares_y, &squares_y));
  OMEN_RETURN_IF_ERROR(SetSquares(products + other.products + pairs * between_x * between_y / both,
                                  other.products, &products));
  count = both;
  return Status::Ok();
}

std::optional<Fit> FindFit(std::string_view aggregate) {
  static constexpr std::pair<std::string_view, Fit> kFits[] = {
      {"corr", Fit::kCorrelation},
      {"covar_pop", Fit::kCovariance},
      {"covar_samp", Fit::kSampleCovariance},
      {"regr_avgx", Fit::kAverageX},
      {"regr_avgy", Fit::kAverageY},
      {"regr_count", Fit::kCount},
      {"regr_intercept", Fit::kIntercept},
      {"regr_r2", Fit::kR2},
      {"regr_slope", Fit::kSlope},
      {"regr_sxx", Fit::kSxx},
      {"regr_sxy", Fit::kSxy},
      {"regr_syy", Fit::kSyy},
  };
  for (const auto& [name, fit] : kFits) {
    if (name == aggregate) return fit;
  }
  return std::nullopt;
}

bool MergesFloats(const Aggregate& aggregate) {
  return FindFit(aggregate.name) ||
         (FindSpread(aggregate.name) && aggregate.result == oid::kFloat8);
}

Value SpreadOf(const FloatMoments& moments, Spread spread) {
  const double divisor = IsSample(spread) ? moments.count - 1 : moments.count;
  if (divisor <= 0) return Value();
  const double variance = moments.squares / divisor;
  return Value::Double(IsDeviation(spread) ? std::sqrt(variance) : variance);
}

Value FitOf(Fit fit, const PairMoments& m) {
  if (fit == Fit::kCount) return Value::Int(static_cast<int64_t>(m.count));
  if (m.count < 1 || (fit == Fit::kSampleCovariance && m.count < 2)) return Value();
  switch (fit) {
    case Fit::kCorrelation:
      if (m.squares_x == 0 || m.squares_y == 0) return Value();
      return Value::Double(m.products / std::sqrt(m.squares_x * m.squares_y));
    case Fit::kCovariance:
      return Value::Double(m.products / m.count);
    case Fit::kSampleCovariance:
      return Value::Double(m.products / (m.count - 1));
    case Fit::kAverageX:
      return Value::Double(m.sum_x / m.count);
    case Fit::kAverageY:
      return Value::Double(m.sum_y / m.count);
    case Fit::kSxx:
      return Value::Double(m.squares_x);
    case Fit::kSyy:
      return Value::Double(m.squares_y);
    case Fit::kSxy:
      return Value::Double(m.products);
    default:
      break;
  }
  if (m.squares_x == 0) return Value();
  if (fit == Fit::kSlope) return Value::Double(m.products / m.squares_x);
  if (fit == Fit::kIntercept) {
    return Value::Double((m.sum_y - m.sum_x * m.products / m.squares_x) / m.count);
  }
  if (m.squares_y == 0) return Value::Double(1);
  return Value::Double((m.products * m.products) / (m.squares_x * m.squares_y));
}

}  // namespace omen::functions
