// The aggregates every query uses: count, sum, avg, the boolean and bitwise
// ones, string_agg and array_agg.
#include <cmath>
#include <string>

#include "functions/datetime/datetime_arithmetic.h"
#include "functions/kernel/aggregate_state.h"
#include "functions/number/float_moments.h"
#include "functions/number/numeric_sum.h"

namespace omen::functions {

namespace {

class Count final : public AggregateState {
 public:
  Status Step(CallContext&, const CallArgs&) override {
    ++count_;
    return Status::Ok();
  }
  Status Finish(CallContext&, Value* out) override { return ReturnInt(out, count_); }

 private:
  int64_t count_ = 0;
};

/// Integers of up to 32 bits into bigint; cannot overflow before 2^31 rows of the extreme.
class SumInts final : public AggregateState {
 public:
  Status Step(CallContext&, const CallArgs& args) override {
    if (__builtin_add_overflow(sum_, IntArg(args, 0), &sum_)) return OutOfRange("bigint");
    seen_ = true;
    return Status::Ok();
  }
  Status Finish(CallContext&, Value* out) override {
    return Return(out, seen_ ? Value::Int(sum_) : Value());
  }

 private:
  int64_t sum_ = 0;
  bool seen_ = false;
};

class SumBigints final : public AggregateState {
 public:
  Status Step(CallContext&, const CallArgs& args) override {
    sum_ += IntArg(args, 0);
    seen_ = true;
    return Status::Ok();
  }
  Status Finish(CallContext&, Value* out) override {
    return Return(out, seen_ ? Numeric::FromInt128(sum_, 0).ToValue() : Value());
  }

 private:
  __int128 sum_ = 0;
  bool seen_ = false;
};

class AverageInts final : public AggregateState {
 public:
  Status Step(CallContext&, const CallArgs& args) override {
    sum_ += IntArg(args, 0);
    ++count_;
    return Status::Ok();
  }
  Status Finish(CallContext&, Value* out) override {
    if (count_ == 0) return Return(out, Value());
    OMEN_ASSIGN_OR_RETURN(Numeric average,
                          Numeric::Divide(Numeric::FromInt128(sum_, 0), Numeric::FromInt(count_)));
    return Return(out, average.ToValue());
  }

 private:
  __int128 sum_ = 0;
  int64_t count_ = 0;
};

class SumNumerics : public AggregateState {
 public:
  Status Step(CallContext&, const CallArgs& args) override {
    ++count_;
    sum_.Add(Numeric::FromValue(args.values[0]));
    return Status::Ok();
  }
  Status Finish(CallContext&, Value* out) override {
    if (count_ == 0) return Return(out, Value());
    OMEN_ASSIGN_OR_RETURN(Numeric total, sum_.Total());
    return Return(out, total.ToValue());
  }

 protected:
  NumericSum sum_;
  int64_t count_ = 0;
};

class AverageNumerics final : public SumNumerics {
 public:
  Status Finish(CallContext&, Value* out) override {
    if (count_ == 0) return Return(out, Value());
    OMEN_ASSIGN_OR_RETURN(Numeric total, sum_.Total());
    OMEN_ASSIGN_OR_RETURN(Numeric average, Numeric::Divide(total, Numeric::FromInt(count_)));
    return Return(out, average.ToValue());
  }
};

template <typename T>
class SumFloats final : public AggregateState {
 public:
  Status Step(CallContext&, const CallArgs& args) override {
    T value = static_cast<T>(DoubleArg(args, 0));
    T sum = seen_ ? sum_ + value : value;
    if (std::isinf(sum) && !std::isinf(sum_) && !std::isinf(value)) return FloatOverflow();
    sum_ = sum;
    seen_ = true;
    return Status::Ok();
  }
  Status Finish(CallContext&, Value* out) override {
    return Return(out, seen_ ? Value::Double(sum_) : Value());
  }

 private:
  T sum_ = 0;
  bool seen_ = false;
};

struct Average {
  static Value Of(const FloatMoments& moments) {
    return moments.count == 0 ? Value() : Value::Double(moments.sum / moments.count);
  }
};

template <typename Final>
class Moments final : public AggregateState {
 public:
  Status Step(CallContext&, const CallArgs& args) override {
    return moments_.Add(DoubleArg(args, 0));
  }
  Status Finish(CallContext&, Value* out) override { return Return(out, Final::Of(moments_)); }

 private:
  FloatMoments moments_;
};

class SumIntervals : public AggregateState {
 public:
  Status Step(CallContext&, const CallArgs& args) override {
    ++count_;
    OMEN_ASSIGN_OR_RETURN(sum_, AddIntervals(sum_, args.values[0].AsInterval()));
    return Status::Ok();
  }
  Status Finish(CallContext&, Value* out) override {
    return Return(out, count_ == 0 ? Value() : Value::Interval(sum_));
  }

 protected:
  IntervalData sum_;
  int64_t count_ = 0;
};

class AverageIntervals final : public SumIntervals {
 public:
  Status Finish(CallContext&, Value* out) override {
    if (count_ == 0) return Return(out, Value());
    OMEN_ASSIGN_OR_RETURN(IntervalData average, DivideInterval(sum_, static_cast<double>(count_)));
    return Return(out, Value::Interval(average));
  }
};

enum class BitOp { kAnd, kOr, kXor };

/// Booleans are integers 0 and 1, so bool_and and bool_or are the same computation.
template <BitOp kOp>
class Bits final : public AggregateState {
 public:
  Status Step(CallContext&, const CallArgs& args) override {
    int64_t value = IntArg(args, 0);
    if (!seen_) {
      bits_ = value;
    } else {
      bits_ = kOp == BitOp::kAnd  ? bits_ & value
              : kOp == BitOp::kOr ? bits_ | value
                                  : bits_ ^ value;
    }
    seen_ = true;
    return Status::Ok();
  }
  Status Finish(CallContext&, Value* out) override {
    return Return(out, seen_ ? Value::Int(bits_) : Value());
  }

 private:
  int64_t bits_ = 0;
  bool seen_ = false;
};

constexpr size_t kMaxAggregateBytes = size_t{1} << 30;  // MaxAllocSize

/// string_agg: null values are skipped; each delimiter precedes its own value.
class Concatenation final : public AggregateState {
 public:
  Status Step(CallContext&, const CallArgs& args) override {
    if (args.values[0].is_null()) return Status::Ok();
    if (seen_ && !args.values[1].is_null()) text_ += BytesArg(args, 1);
    text_ += BytesArg(args, 0);
    seen_ = true;
    if (text_.size() >= kMaxAggregateBytes) {
      return Status(sqlstate::kProgramLimit, "out of memory in string_agg: result exceeds 1 GB");
    }
    return Status::Ok();
  }
  Status Finish(CallContext&, Value* out) override {
    return seen_ ? ReturnText(out, text_) : Return(out, Value());
  }

 private:
  std::string text_;
  bool seen_ = false;
};

class Collection final : public AggregateState {
 public:
  Collection(std::span<const Type> types, Type) { array_.element = types[0].oid; }
  Status Step(CallContext&, const CallArgs& args) override {
    array_.elements.push_back(args.values[0]);
    return Status::Ok();
  }
  Status Finish(CallContext&, Value* out) override {
    if (array_.elements.empty()) return Return(out, Value());
    return Return(out, Value::Array(array_));
  }

 private:
  ArrayData array_;
};

using namespace oid;  // NOLINT: the rows below are lists of types

constexpr AggregateRow kBasicAggregateRows[] = {
    {2147, "count", {kAny}, kInt8, kSkipNulls, Make<Count>, "count($1)", {}, Meaning::kCount},
    {2803, "count", {}, kInt8, kSkipNulls, Make<Count>, "count(*)", {}, Meaning::kCount},
    {2109,
     "sum",
     {kInt2},
     kInt8,
     kSkipNulls,
     Make<SumInts>,
     "CAST(sum($1) AS BIGINT)",
     {},
     Meaning::kSum},
    {2108,
     "sum",
     {kInt4},
     kInt8,
     kSkipNulls,
     Make<SumInts>,
     "CAST(sum($1) AS BIGINT)",
     {},
     Meaning::kSum},
    {2107, "sum", {kInt8}, kNumeric, kSkipNulls, Make<SumBigints>, {}, {}, Meaning::kSum},
    {2114, "sum", {kNumeric}, kNumeric, kSkipNulls, Make<SumNumerics>, {}, {}, Meaning::kSum},
    {2110, "sum", {kFloat4}, kFloat4, kSkipNulls, Make<SumFloats<float>>, {}, {}, Meaning::kSum},
    {2111,
     "sum",
     {kFloat8},
     kFloat8,
     kSkipNulls,
     Make<SumFloats<double>>,
     "sum($1)",
     {},
     Meaning::kSum},
    {2113, "sum", {kInterval}, kInterval, kSkipNulls, Make<SumIntervals>, {}, {}, Meaning::kSum},
    {2102, "avg", {kInt2}, kNumeric, kSkipNulls, Make<AverageInts>, {}, {}, Meaning::kAvg},
    {2101, "avg", {kInt4}, kNumeric, kSkipNulls, Make<AverageInts>, {}, {}, Meaning::kAvg},
    {2100, "avg", {kInt8}, kNumeric, kSkipNulls, Make<AverageInts>, {}, {}, Meaning::kAvg},
    {2103, "avg", {kNumeric}, kNumeric, kSkipNulls, Make<AverageNumerics>, {}, {}, Meaning::kAvg},
    {2104,
     "avg",
     {kFloat4},
     kFloat8,
     kSkipNulls,
     Make<Moments<Average>>,
     "avg($1)",
     {},
     Meaning::kAvg},
    {2105,
     "avg",
     {kFloat8},
     kFloat8,
     kSkipNulls,
     Make<Moments<Average>>,
     "avg($1)",
     {},
     Meaning::kAvg},
    {2106,
     "avg",
     {kInterval},
     kInterval,
     kSkipNulls,
     Make<AverageIntervals>,
     {},
     {},
     Meaning::kAvg},
    {2517, "bool_and", {kBool}, kBool, kSkipNulls, Make<Bits<BitOp::kAnd>>, "bool_and($1)"},
    {2519, "every", {kBool}, kBool, kSkipNulls, Make<Bits<BitOp::kAnd>>, "bool_and($1)"},
    {2518, "bool_or", {kBool}, kBool, kSkipNulls, Make<Bits<BitOp::kOr>>, "bool_or($1)"},
    {2236, "bit_and", {kInt2}, kInt2, kSkipNulls, Make<Bits<BitOp::kAnd>>, "bit_and($1)"},
    {2237, "bit_or", {kInt2}, kInt2, kSkipNulls, Make<Bits<BitOp::kOr>>, "bit_or($1)"},
    {6164, "bit_xor", {kInt2}, kInt2, kSkipNulls, Make<Bits<BitOp::kXor>>, "bit_xor($1)"},
    {2238, "bit_and", {kInt4}, kInt4, kSkipNulls, Make<Bits<BitOp::kAnd>>, "bit_and($1)"},
    {2239, "bit_or", {kInt4}, kInt4, kSkipNulls, Make<Bits<BitOp::kOr>>, "bit_or($1)"},
    {6165, "bit_xor", {kInt4}, kInt4, kSkipNulls, Make<Bits<BitOp::kXor>>, "bit_xor($1)"},
    {2240, "bit_and", {kInt8}, kInt8, kSkipNulls, Make<Bits<BitOp::kAnd>>, "bit_and($1)"},
    {2241, "bit_or", {kInt8}, kInt8, kSkipNulls, Make<Bits<BitOp::kOr>>, "bit_or($1)"},
    {6166, "bit_xor", {kInt8}, kInt8, kSkipNulls, Make<Bits<BitOp::kXor>>, "bit_xor($1)"},
    {3538,
     "string_agg",
     {kText, kText},
     kText,
     kTakesNulls,
     Make<Concatenation>,
     "",
     "string_agg($1, $2)"},
    {3545, "string_agg", {kBytea, kBytea}, kBytea, kTakesNulls, Make<Concatenation>},
    {2335,
     "array_agg",
     {kAnynonarray},
     kAnyarray,
     kTakesNulls,
     MakeTyped<Collection>,
     "list($1)",
     {},
     Meaning::kArrayAgg},
};

}  // namespace

std::span<const AggregateRow> BasicAggregateRows() { return kBasicAggregateRows; }

}  // namespace omen::functions
