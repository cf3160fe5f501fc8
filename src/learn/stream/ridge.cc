#include "learn/stream/ridge.h"

#include <algorithm>
#include <cmath>

#include "base/check.h"
#include "base/packing/packed_bytes.h"

namespace omen::learn {
namespace {

constexpr double kErrorShare = 0.02;  // what the latest error counts

double Product(std::span<const double> a, std::span<const double> b) {
  double sum = 0;
  for (size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

}  // namespace

Ridge::Ridge(size_t features, double ridge, double forgetting)
    : ridge_(ridge), forgetting_(forgetting), weights_(features) {
  OMEN_CHECK(ridge > 0 && forgetting > 0 && forgetting <= 1);
  Begin();
}

void Ridge::Begin() {
  std::ranges::fill(weights_, 0.0);
  covariance_.assign(weights_.size() * weights_.size(), 0.0);
  for (size_t i = 0; i < weights_.size(); ++i) P(i, i) = 1 / ridge_;
  examples_ = error_variance_ = 0;
}

double Ridge::Predict(std::span<const double> x) const {
  OMEN_CHECK(x.size() == weights_.size());
  return Product(weights_, x);
}

std::vector<double> Ridge::TimesP(std::span<const double> x) const {
  std::vector<double> result(x.size());
  for (size_t row = 0; row < x.size(); ++row) {
    result[row] = Product(std::span(covariance_).subspan(row * x.size(), x.size()), x);
  }
  return result;
}

double Ridge::Novelty(std::span<const double> x) const { return Product(TimesP(x), x); }

// P may grow by forgetting where nothing is learned in a direction; it is held at its beginning.
void Ridge::Learn(std::span<const double> x, double y) {
  const double error = y - Predict(x);
  const std::vector<double> px = TimesP(x);
  const double scale = 1 / (forgetting_ + Product(px, x));
  for (size_t i = 0; i < x.size(); ++i) weights_[i] += px[i] * scale * error;
  for (size_t row = 0; row < x.size(); ++row) {
    for (size_t column = 0; column <= row; ++column) {
      double& value = P(row, column);
      value = (value - px[row] * px[column] * scale) / forgetting_;
      P(column, row) = value;
    }
  }
  double trace = 0;
  for (size_t i = 0; i < x.size(); ++i) trace += P(i, i);
  const double most = static_cast<double>(x.size()) / ridge_;
  if (trace > most) {
    for (double& value : covariance_) value *= most / trace;
  }
  examples_ += 1;
  const double share = std::max(kErrorShare, 1 / examples_);
  error_variance_ += share * (error * error - error_variance_);
}

std::string Ridge::Encode() const {
  PackedWriter out;
  out.Int(weights_.size());
  out.Double(examples_);
  out.Double(error_variance_);
  for (const double weight : weights_) out.Double(weight);
  for (const double value : covariance_) out.Double(value);
  return out.Take();
}

bool Ridge::Restore(std::string_view bytes) {
  PackedReader in(bytes);
  bool sound = in.Int() == weights_.size();
  const auto read = [&](double* value) {
    *value = in.Double();
    sound = sound && std::isfinite(*value);
  };
  read(&examples_);
  read(&error_variance_);
  for (double& weight : weights_) read(&weight);
  for (double& value : covariance_) read(&value);
  for (size_t i = 0; i < weights_.size(); ++i) sound = sound && P(i, i) >= 0;
  if (sound && in.whole() && examples_ >= 0 && error_variance_ >= 0) return true;
  Begin();
  return false;
}

}  // namespace omen::learn
