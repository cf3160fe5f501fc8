// Variance and standard deviation, exact for integers and numeric; correlation and the
// regression family for floats.
#include <cmath>

#include "functions/kernel/aggregate_state.h"
#include "functions/number/float_moments.h"
#include "functions/number/numeric_sum.h"

namespace omen::functions {

namespace {

enum class Spread { kVariance, kPopulationVariance, kDeviation, kPopulationDeviation };

constexpr bool IsSample(Spread spread) {
  return spread == Spread::kVariance || spread == Spread::kDeviation;
}
constexpr bool IsDeviation(Spread spread) {
  return spread == Spread::kDeviation || spread == Spread::kPopulationDeviation;
}

/// The exact variance, its last step rounded: (N * sum(x^2) - sum(x)^2) / (N * (N - 1)), or / N^2,
/// as numeric_stddev_internal has it. Squares may be larger and finer than numeric is.
Decimal ExactVariance(const Decimal& sum, const Decimal& squares, int64_t count, bool sample) {
  const Decimal n = Decimal::FromInt(count);
  const Decimal scaled = MultiplyDecimals(n, squares, squares.scale);
  const Decimal difference = SubtractDecimals(scaled, MultiplyDecimals(sum, sum, 2 * sum.scale));
  if (difference.is_zero() || difference.negative) return Decimal();
  const Decimal divisor = MultiplyDecimals(n, Decimal::FromInt(sample ? count - 1 : count), 0);
  return DivideDecimals(difference, divisor, DivisionScale(difference, divisor));
}

template <Spread kSpread, bool kNumericInput>
class ExactSpread final : public AggregateState {
 public:
  Status Step(CallContext&, const CallArgs& args) override {
    ++count_;
    if constexpr (kNumericInput) {
      AddNumeric(Numeric::FromValue(args.values[0]));
    } else {
      __int128 value = IntArg(args, 0);
      sum_.AddInteger(value);
      squares_.AddInteger(value * value);
    }
    return Status::Ok();
  }

  Status Finish(CallContext&, Value* out) override {
    if (count_ < (IsSample(kSpread) ? 2 : 1)) return Return(out, Value());
    if (sum_.has_special()) return Return(out, Numeric::Special(Numeric::Kind::kNaN).ToValue());
    Decimal result = ExactVariance(sum_.Finite(), squares_.Finite(), count_, IsSample(kSpread));
    if (IsDeviation(kSpread) && !result.is_zero()) result = SqrtDecimal(result, result.scale);
    OMEN_ASSIGN_OR_RETURN(Numeric checked, Numeric::Checked(std::move(result)));
    return Return(out, checked.ToValue());
  }

 private:
  void AddNumeric(const Numeric& value) {
    sum_.Add(value);
    if (value.is_special()) return;
    const Decimal& x = value.decimal();
    const Numeric square(MultiplyDecimals(x, x, 2 * x.scale));
    squares_.Add(square);
  }

  NumericSum sum_, squares_;
  int64_t count_ = 0;
};

template <Spread kSpread>
class FloatSpread final : public AggregateState {
 public:
  Status Step(CallContext&, const CallArgs& args) override {
    return moments_.Add(DoubleArg(args, 0));
  }
  Status Finish(CallContext&, Value* out) override {
    double divisor = IsSample(kSpread) ? moments_.count - 1 : moments_.count;
    if (divisor <= 0) return Return(out, Value());
    double variance = moments_.squares / divisor;
    return ReturnDouble(out, IsDeviation(kSpread) ? std::sqrt(variance) : variance);
  }

 private:
  FloatMoments moments_;
};

enum class Fit {
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

Value FitValue(Fit fit, const PairMoments& m) {
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

/// Arguments are (Y, X), as in the SQL standard.
template <Fit kFit>
class Regression final : public AggregateState {
 public:
  Status Step(CallContext&, const CallArgs& args) override {
    return moments_.Add(DoubleArg(args, 0), DoubleArg(args, 1));
  }
  Status Finish(CallContext&, Value* out) override { return Return(out, FitValue(kFit, moments_)); }

 private:
  PairMoments moments_;
};

using namespace oid;  // NOLINT: the rows below are lists of types

constexpr AggregateRow kStatisticsAggregateRows[] = {
    {2150, "variance", {kInt2}, kNumeric, kSkipNulls, Make<ExactSpread<Spread::kVariance, false>>},
    {2149, "variance", {kInt4}, kNumeric, kSkipNulls, Make<ExactSpread<Spread::kVariance, false>>},
    {2148, "variance", {kInt8}, kNumeric, kSkipNulls, Make<ExactSpread<Spread::kVariance, false>>},
    {2153,
     "variance",
     {kNumeric},
     kNumeric,
     kSkipNulls,
     Make<ExactSpread<Spread::kVariance, true>>},
    {2151, "variance", {kFloat4}, kFloat8, kSkipNulls, Make<FloatSpread<Spread::kVariance>>},
    {2152, "variance", {kFloat8}, kFloat8, kSkipNulls, Make<FloatSpread<Spread::kVariance>>},
    {2643, "var_samp", {kInt2}, kNumeric, kSkipNulls, Make<ExactSpread<Spread::kVariance, false>>},
    {2642, "var_samp", {kInt4}, kNumeric, kSkipNulls, Make<ExactSpread<Spread::kVariance, false>>},
    {2641, "var_samp", {kInt8}, kNumeric, kSkipNulls, Make<ExactSpread<Spread::kVariance, false>>},
    {2646,
     "var_samp",
     {kNumeric},
     kNumeric,
     kSkipNulls,
     Make<ExactSpread<Spread::kVariance, true>>},
    {2644, "var_samp", {kFloat4}, kFloat8, kSkipNulls, Make<FloatSpread<Spread::kVariance>>},
    {2645, "var_samp", {kFloat8}, kFloat8, kSkipNulls, Make<FloatSpread<Spread::kVariance>>},
    {2720,
     "var_pop",
     {kInt2},
     kNumeric,
     kSkipNulls,
     Make<ExactSpread<Spread::kPopulationVariance, false>>},
    {2719,
     "var_pop",
     {kInt4},
     kNumeric,
     kSkipNulls,
     Make<ExactSpread<Spread::kPopulationVariance, false>>},
    {2718,
     "var_pop",
     {kInt8},
     kNumeric,
     kSkipNulls,
     Make<ExactSpread<Spread::kPopulationVariance, false>>},
    {2723,
     "var_pop",
     {kNumeric},
     kNumeric,
     kSkipNulls,
     Make<ExactSpread<Spread::kPopulationVariance, true>>},
    {2721,
     "var_pop",
     {kFloat4},
     kFloat8,
     kSkipNulls,
     Make<FloatSpread<Spread::kPopulationVariance>>},
    {2722,
     "var_pop",
     {kFloat8},
     kFloat8,
     kSkipNulls,
     Make<FloatSpread<Spread::kPopulationVariance>>},
    {2156, "stddev", {kInt2}, kNumeric, kSkipNulls, Make<ExactSpread<Spread::kDeviation, false>>},
    {2155, "stddev", {kInt4}, kNumeric, kSkipNulls, Make<ExactSpread<Spread::kDeviation, false>>},
    {2154, "stddev", {kInt8}, kNumeric, kSkipNulls, Make<ExactSpread<Spread::kDeviation, false>>},
    {2159, "stddev", {kNumeric}, kNumeric, kSkipNulls, Make<ExactSpread<Spread::kDeviation, true>>},
    {2157, "stddev", {kFloat4}, kFloat8, kSkipNulls, Make<FloatSpread<Spread::kDeviation>>},
    {2158, "stddev", {kFloat8}, kFloat8, kSkipNulls, Make<FloatSpread<Spread::kDeviation>>},
    {2714,
     "stddev_samp",
     {kInt2},
     kNumeric,
     kSkipNulls,
     Make<ExactSpread<Spread::kDeviation, false>>},
    {2713,
     "stddev_samp",
     {kInt4},
     kNumeric,
     kSkipNulls,
     Make<ExactSpread<Spread::kDeviation, false>>},
    {2712,
     "stddev_samp",
     {kInt8},
     kNumeric,
     kSkipNulls,
     Make<ExactSpread<Spread::kDeviation, false>>},
    {2717,
     "stddev_samp",
     {kNumeric},
     kNumeric,
     kSkipNulls,
     Make<ExactSpread<Spread::kDeviation, true>>},
    {2715, "stddev_samp", {kFloat4}, kFloat8, kSkipNulls, Make<FloatSpread<Spread::kDeviation>>},
    {2716, "stddev_samp", {kFloat8}, kFloat8, kSkipNulls, Make<FloatSpread<Spread::kDeviation>>},
    {2726,
     "stddev_pop",
     {kInt2},
     kNumeric,
     kSkipNulls,
     Make<ExactSpread<Spread::kPopulationDeviation, false>>},
    {2725,
     "stddev_pop",
     {kInt4},
     kNumeric,
     kSkipNulls,
     Make<ExactSpread<Spread::kPopulationDeviation, false>>},
    {2724,
     "stddev_pop",
     {kInt8},
     kNumeric,
     kSkipNulls,
     Make<ExactSpread<Spread::kPopulationDeviation, false>>},
    {2729,
     "stddev_pop",
     {kNumeric},
     kNumeric,
     kSkipNulls,
     Make<ExactSpread<Spread::kPopulationDeviation, true>>},
    {2727,
     "stddev_pop",
     {kFloat4},
     kFloat8,
     kSkipNulls,
     Make<FloatSpread<Spread::kPopulationDeviation>>},
    {2728,
     "stddev_pop",
     {kFloat8},
     kFloat8,
     kSkipNulls,
     Make<FloatSpread<Spread::kPopulationDeviation>>},
    {2829, "corr", {kFloat8, kFloat8}, kFloat8, kSkipNulls, Make<Regression<Fit::kCorrelation>>},
    {2827,
     "covar_pop",
     {kFloat8, kFloat8},
     kFloat8,
     kSkipNulls,
     Make<Regression<Fit::kCovariance>>},
    {2828,
     "covar_samp",
     {kFloat8, kFloat8},
     kFloat8,
     kSkipNulls,
     Make<Regression<Fit::kSampleCovariance>>},
    {2822, "regr_avgx", {kFloat8, kFloat8}, kFloat8, kSkipNulls, Make<Regression<Fit::kAverageX>>},
    {2823, "regr_avgy", {kFloat8, kFloat8}, kFloat8, kSkipNulls, Make<Regression<Fit::kAverageY>>},
    {2818, "regr_count", {kFloat8, kFloat8}, kInt8, kSkipNulls, Make<Regression<Fit::kCount>>},
    {2826,
     "regr_intercept",
     {kFloat8, kFloat8},
     kFloat8,
     kSkipNulls,
     Make<Regression<Fit::kIntercept>>},
    {2824, "regr_r2", {kFloat8, kFloat8}, kFloat8, kSkipNulls, Make<Regression<Fit::kR2>>},
    {2825, "regr_slope", {kFloat8, kFloat8}, kFloat8, kSkipNulls, Make<Regression<Fit::kSlope>>},
    {2819, "regr_sxx", {kFloat8, kFloat8}, kFloat8, kSkipNulls, Make<Regression<Fit::kSxx>>},
    {2821, "regr_sxy", {kFloat8, kFloat8}, kFloat8, kSkipNulls, Make<Regression<Fit::kSxy>>},
    {2820, "regr_syy", {kFloat8, kFloat8}, kFloat8, kSkipNulls, Make<Regression<Fit::kSyy>>},
};

}  // namespace

std::span<const AggregateRow> StatisticsAggregateRows() { return kStatisticsAggregateRows; }

}  // namespace omen::functions
