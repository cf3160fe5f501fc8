// min and max.
#include <cmath>

#include "functions/kernel/aggregate_state.h"

namespace omen::functions {

namespace {

template <typename T>
T CarrierOf(const Value& value) {
  if constexpr (std::is_same_v<T, int64_t>) return value.AsInt();
  if constexpr (std::is_same_v<T, double>) return value.AsDouble();
  if constexpr (std::is_same_v<T, std::string_view>) return value.AsBytes();
}

// NaN is above every number.
bool Above(double a, double b) { return std::isnan(a) ? !std::isnan(b) : a > b; }
bool Above(int64_t a, int64_t b) { return a > b; }
bool Above(std::string_view a, std::string_view b) { return a > b; }

/// max (kSign 1) or min (-1) of types whose order is their carrier's.
template <typename T, int kSign>
class Extreme final : public AggregateState {
 public:
  Status Step(CallContext&, const CallArgs& args) override {
    const Value& value = args.values[0];
    if (best_.is_null() || Beats(CarrierOf<T>(value), CarrierOf<T>(best_))) best_ = value;
    return Status::Ok();
  }
  Status Finish(CallContext&, Value* out) override { return Return(out, best_); }

 private:
  static bool Beats(T a, T b) { return kSign > 0 ? Above(a, b) : Above(b, a); }
  Value best_;
};

/// max or min of any ordered type.
template <int kSign>
class ExtremeOf final : public AggregateState {
 public:
  ExtremeOf(std::span<const Type> types, Type) : type_(types[0].oid) {}
  Status Step(CallContext&, const CallArgs& args) override {
    const Value& value = args.values[0];
    if (best_.is_null() || CompareValues(type_, value, best_) * kSign > 0) best_ = value;
    return Status::Ok();
  }
  Status Finish(CallContext&, Value* out) override { return Return(out, best_); }

 private:
  Oid type_;
  Value best_;
};

/// Whether the column engine's min and max find the same.
enum Engine : bool { kOurs, kExact };

/// `T`: what carries the type where its order is the carrier's, else Value.
template <typename T, int kSign>
constexpr AggregateRow Row(Oid oid, Oid type, Engine engine) {
  const bool max = kSign > 0;
  AggregateRow row{oid, max ? "max" : "min", {type}, type, kSkipNulls, nullptr};
  if constexpr (std::is_same_v<T, Value>) {
    row.make = MakeTyped<ExtremeOf<kSign>>;
  } else {
    row.make = Make<Extreme<T, kSign>>;
  }
  if (engine == kExact) row.duckdb = max ? "max($1)" : "min($1)";
  row.meaning = max ? Meaning::kMax : Meaning::kMin;
  return row;
}

using namespace oid;  // NOLINT: the rows below are lists of types

constexpr AggregateRow kExtremeRows[] = {
    Row<int64_t, 1>(2115, kInt8, kExact),           Row<int64_t, 1>(2116, kInt4, kExact),
    Row<int64_t, 1>(2117, kInt2, kExact),           Row<int64_t, 1>(2118, kOid, kExact),
    Row<double, 1>(2119, kFloat4, kExact),          Row<double, 1>(2120, kFloat8, kExact),
    Row<int64_t, 1>(2122, kDate, kExact),           Row<int64_t, 1>(2123, kTime, kExact),
    Row<int64_t, 1>(2126, kTimestamp, kExact),      Row<int64_t, 1>(2127, kTimestamptz, kExact),
    Row<Value, 1>(2128, kInterval, kExact),         Row<std::string_view, 1>(2129, kText, kExact),
    Row<Value, 1>(2130, kNumeric, kOurs),           Row<Value, 1>(2244, kBpchar, kExact),
    Row<Value, 1>(2050, kAnyarray, kOurs),          Row<int64_t, -1>(2131, kInt8, kExact),
    Row<int64_t, -1>(2132, kInt4, kExact),          Row<int64_t, -1>(2133, kInt2, kExact),
    Row<int64_t, -1>(2134, kOid, kExact),           Row<double, -1>(2135, kFloat4, kExact),
    Row<double, -1>(2136, kFloat8, kExact),         Row<int64_t, -1>(2138, kDate, kExact),
    Row<int64_t, -1>(2139, kTime, kExact),          Row<int64_t, -1>(2142, kTimestamp, kExact),
    Row<int64_t, -1>(2143, kTimestamptz, kExact),   Row<Value, -1>(2144, kInterval, kExact),
    Row<std::string_view, -1>(2145, kText, kExact), Row<Value, -1>(2146, kNumeric, kOurs),
    Row<Value, -1>(2245, kBpchar, kExact),          Row<Value, -1>(2051, kAnyarray, kOurs),
};

}  // namespace

std::span<const AggregateRow> ExtremeRows() { return kExtremeRows; }

}  // namespace omen::functions
