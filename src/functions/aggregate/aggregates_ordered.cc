// Ordered-set aggregates. Rows arrive in the order of WITHIN GROUP; the first argument of
// the percentiles is the fraction, or an array of fractions.
#include <cmath>
#include <cstdio>
#include <vector>

#include "functions/kernel/aggregate_state.h"
#include "types/datetime/datetime.h"

namespace omen::functions {

namespace {

/// Between two neighbours, as float8_lerp and interval_lerp.
Result<Value> Interpolate(const Value& low, const Value& high, double share, Oid type) {
  if (type != oid::kInterval) {
    return Value::Double(low.AsDouble() + share * (high.AsDouble() - low.AsDouble()));
  }
  OMEN_ASSIGN_OR_RETURN(IntervalData back, NegateInterval(low.AsInterval()));
  OMEN_ASSIGN_OR_RETURN(IntervalData span, AddIntervals(high.AsInterval(), back));
  OMEN_ASSIGN_OR_RETURN(IntervalData part, MultiplyInterval(span, share));
  OMEN_ASSIGN_OR_RETURN(IntervalData sum, AddIntervals(part, low.AsInterval()));
  return Value::Interval(sum);
}

Result<Value> Continuous(const std::vector<Value>& values, double fraction, Oid type) {
  double place = fraction * static_cast<double>(values.size() - 1);
  auto first = static_cast<size_t>(std::floor(place));
  auto second = static_cast<size_t>(std::ceil(place));
  if (first == second) return values[first];
  return Interpolate(values[first], values[second], place - static_cast<double>(first), type);
}

Result<Value> Discrete(const std::vector<Value>& values, double fraction, Oid) {
  double place = std::ceil(fraction * static_cast<double>(values.size()));
  return values[place < 1 ? 0 : static_cast<size_t>(place) - 1];
}

using PercentileRule = Result<Value> (*)(const std::vector<Value>&, double, Oid);

template <PercentileRule kRule>
class Percentile : public AggregateState {
 public:
  Percentile(std::span<const Type> types, Type) : type_(types[1].oid) {}
  Status Step(CallContext&, const CallArgs& args) override {
    if (values_.empty()) fraction_ = args.values[0];
    values_.push_back(args.values[1]);
    return Status::Ok();
  }
  Status Finish(CallContext&, Value* out) override {
    if (values_.empty()) return Return(out, Value());
    OMEN_ASSIGN_OR_RETURN(*out, At(fraction_.AsDouble()));
    return Status::Ok();
  }

 protected:
  Result<Value> At(double fraction) const {
    if (fraction >= 0 && fraction <= 1) return kRule(values_, fraction, type_);
    char text[80];
    std::snprintf(text, sizeof text, "percentile value %g is not between 0 and 1", fraction);
    return Status(sqlstate::kNumericOutOfRange, text);
  }

  Oid type_;
  Value fraction_;
  std::vector<Value> values_;
};

/// One answer for each fraction of an array.
template <PercentileRule kRule>
class Percentiles final : public Percentile<kRule> {
 public:
  using Percentile<kRule>::Percentile;
  Status Finish(CallContext&, Value* out) override {
    if (this->values_.empty()) return Return(out, Value());
    ArrayData answers;
    answers.element = this->type_;
    for (const Value& fraction : this->fraction_.AsArray().elements) {
      answers.elements.emplace_back();
      if (fraction.is_null()) continue;
      OMEN_ASSIGN_OR_RETURN(answers.elements.back(), this->At(fraction.AsDouble()));
    }
    return Return(out, Value::Array(std::move(answers)));
  }
};

/// The most frequent value, the first of them where several are.
class Mode final : public AggregateState {
 public:
  Mode(std::span<const Type> types, Type) : type_(types[0].oid) {}
  Status Step(CallContext&, const CallArgs& args) override {
    const Value& value = args.values[0];
    bool repeats = run_ > 0 && CompareValues(type_, value, current_) == 0;
    if (!repeats) current_ = value;
    run_ = repeats ? run_ + 1 : 1;
    if (run_ > best_run_) {
      best_ = current_;
      best_run_ = run_;
    }
    return Status::Ok();
  }
  Status Finish(CallContext&, Value* out) override { return Return(out, best_); }

 private:
  Oid type_;
  Value current_, best_;
  int64_t run_ = 0, best_run_ = 0;
};

using namespace oid;  // NOLINT: the rows below are lists of types

constexpr AggregateRow kOrderedAggregateRows[] = {
    {3974,
     "percentile_cont",
     {kFloat8, kFloat8},
     kFloat8,
     kOrderedSet,
     MakeTyped<Percentile<Continuous>>,
     {},
     {},
     Meaning::kPercentileCont},
    {3976,
     "percentile_cont",
     {kFloat8, kInterval},
     kInterval,
     kOrderedSet,
     MakeTyped<Percentile<Continuous>>,
     {},
     {},
     Meaning::kPercentileCont},
    {3980,
     "percentile_cont",
     {kFloat8Array, kFloat8},
     kFloat8Array,
     kOrderedSet,
     MakeTyped<Percentiles<Continuous>>,
     {},
     {},
     Meaning::kPercentileCont},
    {3982,
     "percentile_cont",
     {kFloat8Array, kInterval},
     kIntervalArray,
     kOrderedSet,
     MakeTyped<Percentiles<Continuous>>,
     {},
     {},
     Meaning::kPercentileCont},
    {3972,
     "percentile_disc",
     {kFloat8, kAnyelement},
     kAnyelement,
     kOrderedSet,
     MakeTyped<Percentile<Discrete>>,
     {},
     {},
     Meaning::kPercentileDisc},
    {3978,
     "percentile_disc",
     {kFloat8Array, kAnyelement},
     kAnyarray,
     kOrderedSet,
     MakeTyped<Percentiles<Discrete>>,
     {},
     {},
     Meaning::kPercentileDisc},
    {3984,
     "mode",
     {kAnyelement},
     kAnyelement,
     kOrderedSet,
     MakeTyped<Mode>,
     {},
     {},
     Meaning::kMode},
};

}  // namespace

std::span<const AggregateRow> OrderedSetRows() { return kOrderedAggregateRows; }

}  // namespace omen::functions
