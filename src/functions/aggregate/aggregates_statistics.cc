// Variance and standard deviation, exact for integers and numeric; correlation and the
// regression family for floats.
#include "functions/kernel/aggregate_state.h"
#include "functions/number/exact_moments.h"
#include "functions/number/float_moments.h"

namespace omen::functions {

namespace {

template <Spread kSpread, bool kNumericInput>
class ExactSpread final : public AggregateState {
 public:
  Status Step(CallContext&, const CallArgs& args) override {
    if constexpr (kNumericInput) {
      moments_.Add(Numeric::FromValue(args.values[0]));
    } else {
      moments_.Add(IntArg(args, 0));
    }
    return Status::Ok();
  }
  Status Finish(CallContext&, Value* out) override {
    OMEN_ASSIGN_OR_RETURN(*out, moments_.Finish(kSpread));
    return Status::Ok();
  }

 private:
  ExactMoments moments_;
};

template <Spread kSpread>
class FloatSpread final : public AggregateState {
 public:
  Status Step(CallContext&, const CallArgs& args) override {
    return moments_.Add(DoubleArg(args, 0));
  }
  Status Finish(CallContext&, Value* out) override {
    return Return(out, SpreadOf(moments_, kSpread));
  }

 private:
  FloatMoments moments_;
};

/// Arguments are (Y, X), as in the SQL standard.
template <Fit kFit>
class Regression final : public AggregateState {
 public:
  Status Step(CallContext&, const CallArgs& args) override {
    return moments_.Add(DoubleArg(args, 0), DoubleArg(args, 1));
  }
  Status Finish(CallContext&, Value* out) override { return Return(out, FitOf(kFit, moments_)); }

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
