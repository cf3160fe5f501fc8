#include "functions/number/exact_moments.h"

namespace omen::functions {

namespace {

/// The exact variance, its last step rounded: (N * sum(x^2) - sum(x)^2) / (N * (N - 1)), or / N^2.
/// Squares may be larger and finer than numeric is.
Decimal ExactVariance(const Decimal& sum, const Decimal& squares, int64_t count, bool sample) {
  const Decimal n = Decimal::FromInt(count);
  const Decimal scaled = MultiplyDecimals(n, squares, squares.scale);
  const Decimal difference = SubtractDecimals(scaled, MultiplyDecimals(sum, sum, 2 * sum.scale));
  if (difference.is_zero() || difference.negative) return Decimal();
  const Decimal divisor = MultiplyDecimals(n, Decimal::FromInt(sample ? count - 1 : count), 0);
  return DivideDecimals(difference, divisor, DivisionScale(difference, divisor));
}

}  // namespace

std::optional<Spread> FindSpread(std::string_view aggregate) {
  if (aggregate == "variance" || aggregate == "var_samp") return Spread::kVariance;
  if (aggregate == "var_pop") return Spread::kPopulationVariance;
  if (aggregate == "stddev" || aggregate == "stddev_samp") return Spread::kDeviation;
  if (aggregate == "stddev_pop") return Spread::kPopulationDeviation;
  return std::nullopt;
}

bool MergesExactly(const Aggregate& aggregate) {
  return FindSpread(aggregate.name) && aggregate.result == oid::kNumeric;
}

void ExactMoments::Add(const ShortDecimal& value) {
  if (value.unscaled >= INT64_MIN && value.unscaled <= INT64_MAX) {
    AddScaled(static_cast<int64_t>(value.unscaled), value.scale);
  } else {
    Add(Numeric::FromInt128(value.unscaled, value.scale));
  }
}

void ExactMoments::Add(const Numeric& value) {
  ++count_;
  AddRest(value);
}

bool ExactMoments::TakeScale(int scale) {
  if (sum_ != 0 || squares_ != 0 || scale < scale_) return false;
  scale_ = scale;
  return true;
}

ExactMoments::Rest& ExactMoments::rest() {
  if (rest_ == nullptr) rest_ = std::make_shared<Rest>();
  return *rest_;
}

void ExactMoments::AddRest(const Numeric& value) {
  rest().sum.Add(value);
  if (value.is_special()) return;
  const Decimal& x = value.decimal();
  rest().squares.Add(Numeric(MultiplyDecimals(x, x, 2 * x.scale)));
}

void ExactMoments::Spill() {
  rest().sum.AddFinite(Decimal::FromInt128(sum_, scale_));
  rest().squares.AddFinite(Decimal::FromInt128(squares_, 2 * scale_));
  sum_ = squares_ = 0;
}

void ExactMoments::Merge(const ExactMoments& other) {
  if (other.count_ == 0) return;
  if (count_ == 0) {
    *this = other;
    if (other.rest_ != nullptr) rest_ = std::make_shared<Rest>(*other.rest_);
    return;
  }
  count_ += other.count_;
  __int128 squares = squares_;
  if (other.scale_ == scale_ &&
      !__builtin_add_overflow(squares, static_cast<__int128>(other.squares_), &squares)) {
    sum_ += other.sum_;
    squares_ = squares;
  } else {
    rest().sum.AddFinite(Decimal::FromInt128(other.sum_, other.scale_));
    rest().squares.AddFinite(Decimal::FromInt128(other.squares_, 2 * other.scale_));
  }
  if (other.rest_ == nullptr) return;
  rest().sum.Merge(other.rest_->sum);
  rest().squares.Merge(other.rest_->squares);
}

Result<Value> ExactMoments::Finish(Spread spread) const {
  if (count_ < (IsSample(spread) ? 2 : 1)) return Value();
  NumericSum sum, squares;
  if (rest_ != nullptr) {
    sum = rest_->sum;
    squares = rest_->squares;
  }
  if (sum.has_special()) return Numeric::Special(Numeric::Kind::kNaN).ToValue();
  sum.AddFinite(Decimal::FromInt128(sum_, scale_));
  squares.AddFinite(Decimal::FromInt128(squares_, 2 * scale_));
  Decimal result = ExactVariance(sum.Finite(), squares.Finite(), count_, IsSample(spread));
  if (IsDeviation(spread) && !result.is_zero()) result = SqrtDecimal(result, result.scale);
  OMEN_ASSIGN_OR_RETURN(const Numeric checked, Numeric::Checked(std::move(result)));
  return checked.ToValue();
}

}  // namespace omen::functions
