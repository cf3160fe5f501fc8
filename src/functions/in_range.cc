#include "functions/in_range.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "functions/datetime/datetime_arithmetic.h"
#include "types/number/numeric.h"

namespace omen::functions {
namespace {

Status NegativeDistance() {
  return Status(SqlState{"22013"}, "invalid preceding or following size in window function");
}

template <typename T>
bool IsOnSide(const InRange::Args& args, const T& value, const T& sum) {
  return args.less ? value <= sum : value >= sum;
}

// A sum beyond the type is beyond every value of it.
Result<bool> Integers(const InRange::Args& args) {
  const int64_t base = args.base.AsInt(), offset = args.offset.AsInt();
  if (offset < 0) return NegativeDistance();
  int64_t sum = 0;
  const bool beyond = args.subtract ? __builtin_sub_overflow(base, offset, &sum)
                                    : __builtin_add_overflow(base, offset, &sum);
  if (beyond) return args.subtract ? !args.less : args.less;
  return IsOnSide(args, args.value.AsInt(), sum);
}

// NaN is its own peer, above everything. From an infinity, an infinite distance back reaches all.
Result<bool> Floats(const InRange::Args& args) {
  const double value = args.value.AsDouble(), base = args.base.AsDouble(),
               offset = args.offset.AsDouble();
  if (std::isnan(offset) || offset < 0) return NegativeDistance();
  if (std::isnan(value)) return std::isnan(base) || !args.less;
  if (std::isnan(base)) return args.less;
  if (std::isinf(offset) && std::isinf(base) && (args.subtract ? base > 0 : base < 0)) return true;
  return IsOnSide(args, value, args.subtract ? base - offset : base + offset);
}

// Months and days of the distance do not count, and a day's ends are not wrapped around.
Result<bool> Times(const InRange::Args& args) {
  const int64_t offset = args.offset.AsInterval().micros;
  if (offset < 0) return NegativeDistance();
  int64_t sum = 0;
  if (args.subtract) {
    sum = args.base.AsInt() - offset;
  } else if (__builtin_add_overflow(args.base.AsInt(), offset, &sum)) {
    return args.less;
  }
  return IsOnSide(args, args.value.AsInt(), sum);
}

// The ends of a frame may be beyond numeric.
Numeric EndOfFrame(const Numeric& base, const Numeric& offset, bool subtract) {
  const Numeric distance = subtract ? offset.Negate() : offset;
  if (!base.is_special() && !distance.is_special()) {
    return Numeric(AddDecimals(base.decimal(), distance.decimal()));
  }
  Result<Numeric> sum = Numeric::Add(base, distance);
  OMEN_CHECK(sum.ok());
  return std::move(sum).value();
}

Result<bool> NumericInRange(const InRange::Args& args) {
  using Kind = Numeric::Kind;
  const Numeric value = Numeric::FromValue(args.value), base = Numeric::FromValue(args.base),
                offset = Numeric::FromValue(args.offset);
  if (offset.is_nan() || offset.sign() < 0) return NegativeDistance();
  if (value.is_nan()) return base.is_nan() || !args.less;
  if (base.is_nan()) return args.less;
  const Kind away = args.subtract ? Kind::kInfinity : Kind::kNegativeInfinity;
  if (offset.is_infinite() && base.kind() == away) return true;
  return IsOnSide(args, Numeric::Compare(value, EndOfFrame(base, offset, args.subtract)), 0);
}

const Function* FunctionNamed(std::string_view name) {
  const auto found = Registry::Instance().FunctionsNamed(name);
  return found.empty() ? nullptr : found.front();
}

struct Summed {
  Oid key, sum;
  std::string_view plus, minus;
};
constexpr Summed kSummed[] = {
    {oid::kDate, oid::kTimestamp, "date_pl_interval", "date_mi_interval"},
    {oid::kTimestamp, oid::kTimestamp, "timestamp_pl_interval", "timestamp_mi_interval"},
    {oid::kTimestamptz, oid::kTimestamptz, "timestamptz_pl_interval", "timestamptz_mi_interval"},
    {oid::kInterval, oid::kInterval, "interval_pl", "interval_mi"},
};

}  // namespace

std::span<const Oid> InRange::OffsetTypes(Oid key) {
  static constexpr std::array kIntegers = {oid::kInt2, oid::kInt4, oid::kInt8};
  static constexpr std::array kFloats = {oid::kFloat8}, kNumerics = {oid::kNumeric},
                              kIntervals = {oid::kInterval};
  switch (key) {
    case oid::kInt2:
    case oid::kInt4:
      return kIntegers;
    case oid::kInt8:
      return std::span(kIntegers).subspan(2);
    case oid::kFloat4:
    case oid::kFloat8:
      return kFloats;
    case oid::kNumeric:
      return kNumerics;
    case oid::kDate:
    case oid::kTime:
    case oid::kTimestamp:
    case oid::kTimestamptz:
    case oid::kInterval:
      return kIntervals;
    default:
      return {};
  }
}

std::optional<InRange> InRange::Find(Oid key, Oid offset) {
  const std::span<const Oid> offsets = OffsetTypes(key);
  if (std::ranges::find(offsets, offset) == offsets.end()) return std::nullopt;
  for (const Summed& row : kSummed) {
    if (row.key != key) continue;
    InRange found(Rule::kSpan, key, offset);
    found.sum_ = {row.sum, -1};
    found.plus_ = FunctionNamed(row.plus);
    found.minus_ = FunctionNamed(row.minus);
    if (found.plus_ == nullptr || found.minus_ == nullptr) return std::nullopt;
    return found;
  }
  if (key == oid::kNumeric) return InRange(Rule::kNumeric, key, offset);
  if (key == oid::kTime) return InRange(Rule::kTime, key, offset);
  return InRange(offset == oid::kFloat8 ? Rule::kFloat : Rule::kInteger, key, offset);
}

Status InRange::Sum(CallContext& context, const Args& args, Value* sum) const {
  const std::array<Value, 2> values = {args.base, args.offset};
  const std::array<Type, 2> types = {key_, offset_};
  return (args.subtract ? minus_ : plus_)->kernel(context, {values, types, sum_}, sum);
}

Result<bool> InRange::Spans(CallContext& context, const Args& args) const {
  if (IntervalSpan(args.offset.AsInterval()) < 0) return NegativeDistance();
  Value sum;
  OMEN_RETURN_IF_ERROR(Sum(context, args, &sum));
  if (key_.oid != oid::kDate) {
    return IsOnSide(args, CompareValues(key_.oid, args.value, sum), 0);
  }
  OMEN_ASSIGN_OR_RETURN(const int64_t midnight, MidnightOf(args.value.AsInt()));
  return IsOnSide(args, midnight, sum.AsInt());
}

Result<bool> InRange::operator()(CallContext& context, const Args& args) const {
  switch (rule_) {
    case Rule::kInteger:
      return Integers(args);
    case Rule::kFloat:
      return Floats(args);
    case Rule::kTime:
      return Times(args);
    case Rule::kNumeric:
      return NumericInRange(args);
    default:
      return Spans(context, args);
  }
}

}  // namespace omen::functions
