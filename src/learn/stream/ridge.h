// Linear regression that learns from one example after the other.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace omen::learn {

/// Ridge regression by recursive least squares with forgetting (Haykin, "Adaptive Filter Theory",
/// 4th ed. 2002, ch. 9): y is about w.x, and what was learned long ago counts less. Features
/// should be of the order of one, the first of them 1. One thread; a step takes as long as the
/// square of the number of features.
class Ridge {
 public:
  /// `ridge` > 0: how many examples at zero it begins with; `forgetting` in (0, 1]: what an
  /// example counts after one more.
  Ridge(size_t features, double ridge, double forgetting);

  size_t features() const { return weights_.size(); }
  double examples() const { return examples_; }
  /// x has `features` values, all finite.
  double Predict(std::span<const double> x) const;
  /// How unlike all that was learned x is: x'Px, 0 to 1/ridge per unit of x squared. The variance
  /// of Predict is so many times that of the noise.
  double Novelty(std::span<const double> x) const;
  /// Errors of its predictions before it learned of each: mean of squares, the latest counting
  /// most.
  double error_variance() const { return error_variance_; }
  void Learn(std::span<const double> x, double y);

  std::string Encode() const;
  /// False for bytes that are none of ours, or of another number of features; then it is as new.
  bool Restore(std::string_view bytes);

 private:
  std::vector<double> TimesP(std::span<const double> x) const;
  double& P(size_t row, size_t column) { return covariance_[row * weights_.size() + column]; }
  void Begin();

  double ridge_, forgetting_;
  std::vector<double> weights_;
  std::vector<double> covariance_;  // P, row by row
  double examples_ = 0, error_variance_ = 0;
};

}  // namespace omen::learn
