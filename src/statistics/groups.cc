#include "statistics/groups.h"

#include <algorithm>
#include <cmath>

#include "statistics/image.h"

namespace omen::statistics {
namespace {

/// Means from which on the normal distribution stands for Poisson's.
constexpr double kManyRows = 100;

double NormalAbove(double mean, double variance, double bound) {
  if (variance <= 0) return mean > bound ? 1 : 0;
  return 0.5 * std::erfc((bound - mean) / std::sqrt(2 * variance));
}

/// The parameter of Poisson's distribution whose mean without the zero is `size`.
double RateOf(double size) {
  if (size <= 1) return 0;
  double rate = size;
  for (int i = 0; i < 30; ++i) {
    const double better = size * (1 - std::exp(-rate));
    if (rate - better < 1e-6 * rate) return better;
    rate = better;
  }
  return rate;
}

/// Of the sizes.
double VarianceOf(double size) { return std::max(0.0, size * (1 + RateOf(size) - size)); }

}  // namespace

std::optional<Moments> MomentsOf(const ColumnStatistics& column) {
  if (!HasImage(column.type.oid)) return std::nullopt;
  double weight = 0, sum = 0, squares = 0;
  const auto add = [&](double share, double mean, double square) {
    weight += share;
    sum += share * mean;
    squares += share * square;
  };
  for (const CommonValue& common : column.common) {
    const double image = ImageOf(column.type.oid, common.value);
    add(common.share, image, image * image);
  }
  const size_t buckets = column.images.size() < 2 ? 0 : column.images.size() - 1;
  for (size_t i = 0; i < buckets; ++i) {
    const double a = column.images[i], b = column.images[i + 1];
    add(column.rest_share() / static_cast<double>(buckets), (a + b) / 2,
        (a * a + a * b + b * b) / 3);
  }
  if (weight <= 0 || !std::isfinite(squares)) return std::nullopt;
  const double mean = sum / weight;
  return Moments{mean, std::max(0.0, squares / weight - mean * mean)};
}

double SizeAbove(double size, double bound) {
  if (bound < 1) return 1;
  const double rate = RateOf(size);
  if (rate <= 0) return 0;
  if (rate > kManyRows) return NormalAbove(size, rate, std::floor(bound) + 0.5);
  double term = std::exp(-rate), below = 0;
  const double none = term;
  for (double k = 1; k <= bound && k < 10 * kManyRows; ++k) {
    term *= rate / k;
    below += term;
  }
  return std::clamp(1 - below / (1 - none), 0.0, 1.0);
}

double SumAbove(double size, const Moments& of, double bound) {
  const double variance = size * of.variance + VarianceOf(size) * of.mean * of.mean;
  return NormalAbove(size * of.mean, variance, bound);
}

double AverageAbove(double size, const Moments& of, double bound) {
  return NormalAbove(of.mean, of.variance / std::max(1.0, size), bound);
}

double WithOneOf(double size, double share) {
  return 1 - std::pow(1 - std::clamp(share, 0.0, 1.0), std::max(1.0, size));
}

}  // namespace omen::statistics
