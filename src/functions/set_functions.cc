// Set-returning functions: series, the elements of arrays, pieces of text.
#include "functions/datetime/datetime_arithmetic.h"
#include "functions/kernel/rows.h"
#include "functions/kernel/set_cursors.h"
#include "functions/kernel/split_text.h"
#include "functions/regex/regex_calls.h"
#include "types/number/numeric.h"

namespace omen::functions {

namespace {

Status ZeroStep() { return Status(sqlstate::kInvalidParameter, "step size cannot equal zero"); }

class IntegerCursor final : public SetCursor {
 public:
  IntegerCursor(int64_t start, int64_t stop, int64_t step)
      : next_(start), stop_(stop), step_(step) {}
  Result<bool> Next(Value* out) override {
    if (done_ || (step_ > 0 ? next_ > stop_ : next_ < stop_)) return false;
    *out = Value::Int(next_);
    done_ = __builtin_add_overflow(next_, step_, &next_);
    return true;
  }

 private:
  int64_t next_, stop_, step_;
  bool done_ = false;
};

Result<CursorPtr> IntegerSeries(CallContext&, const CallArgs& args) {
  int64_t step = args.values.size() == 3 ? IntArg(args, 2) : 1;
  if (step == 0) return ZeroStep();
  return CursorPtr(std::make_unique<IntegerCursor>(IntArg(args, 0), IntArg(args, 1), step));
}

/// Between finite bounds; what follows the last value may be beyond numeric.
class NumericCursor final : public SetCursor {
 public:
  NumericCursor(Decimal start, Decimal stop, Decimal step)
      : next_(std::move(start)), stop_(std::move(stop)), step_(std::move(step)) {}
  Result<bool> Next(Value* out) override {
    int order = CompareDecimals(next_, stop_);
    if (step_.negative ? order < 0 : order > 0) return false;
    *out = Numeric(next_).ToValue();
    next_ = AddDecimals(next_, step_);
    return true;
  }

 private:
  Decimal next_, stop_, step_;
};

Status CheckBound(const Numeric& bound, const char* name) {
  if (!bound.is_special()) return Status::Ok();
  return Status(sqlstate::kInvalidParameter,
                std::string(name) + " cannot be " + (bound.is_nan() ? "NaN" : "infinity"));
}

Result<CursorPtr> NumericSeries(CallContext&, const CallArgs& args) {
  Numeric start = Numeric::FromValue(args.values[0]);
  Numeric stop = Numeric::FromValue(args.values[1]);
  Numeric step = args.values.size() == 3 ? Numeric::FromValue(args.values[2]) : Numeric::FromInt(1);
  OMEN_RETURN_IF_ERROR(CheckBound(start, "start value"));
  OMEN_RETURN_IF_ERROR(CheckBound(stop, "stop value"));
  OMEN_RETURN_IF_ERROR(CheckBound(step, "step size"));
  if (step.is_zero()) return ZeroStep();
  return CursorPtr(
      std::make_unique<NumericCursor>(start.decimal(), stop.decimal(), step.decimal()));
}

class TimestampCursor final : public SetCursor {
 public:
  TimestampCursor(int64_t start, int64_t stop, const IntervalData& step, std::string zone)
      : next_(start), stop_(stop), step_(step), zone_(std::move(zone)) {
    direction_ = CompareIntervals(step, IntervalData());
  }
  Result<bool> Next(Value* out) override {
    if (direction_ > 0 ? next_ > stop_ : next_ < stop_) return false;
    *out = Value::Int(next_);
    if (IsFiniteTimestamp(next_)) {
      OMEN_ASSIGN_OR_RETURN(next_, zone_.empty() ? AddInterval(next_, step_)
                                                 : AddIntervalInZone(zone_, next_, step_));
    }
    return true;
  }

 private:
  int64_t next_, stop_;
  IntervalData step_;
  std::string zone_;  // empty for timestamps without one
  int direction_;
};

Result<CursorPtr> TimestampSeries(CallContext& context, const CallArgs& args) {
  const IntervalData& step = args.values[2].AsInterval();
  if (CompareIntervals(step, IntervalData()) == 0) return ZeroStep();
  bool zoned = args.types[0].oid == oid::kTimestamptz;
  return CursorPtr(std::make_unique<TimestampCursor>(IntArg(args, 0), IntArg(args, 1), step,
                                                     zoned ? context.style.time_zone : ""));
}

Result<CursorPtr> Subscripts(CallContext&, const CallArgs& args) {
  const ArrayData& array = args.values[0].AsArray();
  int64_t first = array.lower_bound;
  int64_t last = first + static_cast<int64_t>(array.elements.size()) - 1;
  if (IntArg(args, 1) != 1 || array.elements.empty()) return MakeListCursor({});
  bool reverse = args.values.size() == 3 && args.values[2].AsBool();
  if (reverse) return CursorPtr(std::make_unique<IntegerCursor>(last, first, -1));
  return CursorPtr(std::make_unique<IntegerCursor>(first, last, 1));
}

Result<CursorPtr> Unnest(CallContext&, const CallArgs& args) {
  return MakeListCursor(args.values[0].AsArray().elements);
}

Result<CursorPtr> TextTable(CallContext&, const CallArgs& args) {
  return MakeListCursor(args.values[0].is_null() ? std::vector<Value>() : SplitText(args));
}

Result<CursorPtr> RegexTable(CallContext&, const CallArgs& args) {
  RegexFlags flags;
  if (args.values.size() == 3) {
    OMEN_ASSIGN_OR_RETURN(flags,
                          ParseFlagsWithoutGlobal(BytesArg(args, 2), "regexp_split_to_table()"));
  }
  OMEN_ASSIGN_OR_RETURN(Regex * regex, Regex::Cached(BytesArg(args, 1), flags.options));
  OMEN_ASSIGN_OR_RETURN(auto pieces, SplitByRegex(*regex, BytesArg(args, 0)));
  std::vector<Value> values;
  for (std::string_view piece : pieces) values.push_back(Value::Text(piece));
  return MakeListCursor(std::move(values));
}

Result<CursorPtr> AllMatches(CallContext&, const CallArgs& args) {
  RegexFlags flags;
  if (args.values.size() == 3) {
    OMEN_ASSIGN_OR_RETURN(flags, ParseRegexFlags(BytesArg(args, 2)));
  }
  OMEN_ASSIGN_OR_RETURN(Regex * regex, Regex::Cached(BytesArg(args, 1), flags.options));
  RegexMatches matches(*regex, BytesArg(args, 0), 0, false);
  std::vector<Value> rows;
  RegexMatch match;
  do {
    OMEN_ASSIGN_OR_RETURN(bool found, matches.Next(&match));
    if (!found) break;
    rows.push_back(MatchArray(BytesArg(args, 0), match));
  } while (flags.global);
  return MakeListCursor(std::move(rows));
}

using namespace oid;  // NOLINT: the rows below are lists of types

constexpr SetRow kSetRows[] = {
    {1067, "generate_series", {kInt4, kInt4}, kInt4, kReturnsSet, IntegerSeries, Meaning::kSeries},
    {1066,
     "generate_series",
     {kInt4, kInt4, kInt4},
     kInt4,
     kReturnsSet,
     IntegerSeries,
     Meaning::kSeries},
    {1069, "generate_series", {kInt8, kInt8}, kInt8, kReturnsSet, IntegerSeries, Meaning::kSeries},
    {1068,
     "generate_series",
     {kInt8, kInt8, kInt8},
     kInt8,
     kReturnsSet,
     IntegerSeries,
     Meaning::kSeries},
    {3260,
     "generate_series",
     {kNumeric, kNumeric},
     kNumeric,
     kReturnsSet,
     NumericSeries,
     Meaning::kSeries},
    {3259,
     "generate_series",
     {kNumeric, kNumeric, kNumeric},
     kNumeric,
     kReturnsSet,
     NumericSeries,
     Meaning::kSeries},
    {938,
     "generate_series",
     {kTimestamp, kTimestamp, kInterval},
     kTimestamp,
     kReturnsSet,
     TimestampSeries,
     Meaning::kSeries},
    {939,
     "generate_series",
     {kTimestamptz, kTimestamptz, kInterval},
     kTimestamptz,
     kStable | kReadsZone | kReturnsSet,
     TimestampSeries,
     Meaning::kSeries},
    {1192, "generate_subscripts", {kAnyarray, kInt4}, kInt4, kReturnsSet, Subscripts},
    {1191, "generate_subscripts", {kAnyarray, kInt4, kBool}, kInt4, kReturnsSet, Subscripts},
    {2331, "unnest", {kAnyarray}, kAnyelement, kReturnsSet, Unnest, Meaning::kUnnest},
    {6160, "string_to_table", {kText, kText}, kText, kNotStrict | kReturnsSet, TextTable},
    {6161, "string_to_table", {kText, kText, kText}, kText, kNotStrict | kReturnsSet, TextTable},
    {2765, "regexp_split_to_table", {kText, kText}, kText, kReturnsSet, RegexTable},
    {2766, "regexp_split_to_table", {kText, kText, kText}, kText, kReturnsSet, RegexTable},
    {2763, "regexp_matches", {kText, kText}, kTextArray, kReturnsSet, AllMatches},
    {2764, "regexp_matches", {kText, kText, kText}, kTextArray, kReturnsSet, AllMatches},
};

}  // namespace

std::span<const SetRow> SetRows() { return kSetRows; }

}  // namespace omen::functions
