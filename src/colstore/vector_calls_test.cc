// Functions over whole vectors answer as their kernels do of each row alone.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

#include "colstore/test_store.h"
#include "functions/registry.h"
#include "types/column_functions.h"
#include "types/datetime/datetime.h"
#include "types/io.h"

namespace omen::colstore {
namespace {

using functions::Function;
using testing::TestStore;

constexpr int kCallRows = 700;
const std::vector<Type> kFixedTypes = {
    {oid::kInt4, -1},      {oid::kBool, -1},        {oid::kInt2, -1},     {oid::kInt8, -1},
    {oid::kFloat4, -1},    {oid::kFloat8, -1},      {oid::kDate, -1},     {oid::kTime, -1},
    {oid::kTimestamp, -1}, {oid::kTimestamptz, -1}, {oid::kInterval, -1},
};

/// Values of all fixed sizes; few that most functions refuse.
class RandomRows {
 public:
  explicit RandomRows(uint64_t seed) : random_(seed) {}

  Value Next(Oid type) {
    if (Below(9) == 0) return Value();
    switch (type) {
      case oid::kBool:
        return Value::Bool(Below(2) == 0);
      case oid::kInt2:
      case oid::kInt4:
      case oid::kInt8:
        return Value::Int(Below(4000) - 2000);
      case oid::kFloat4:
        return Value::Double(static_cast<float>(Real()));
      case oid::kFloat8:
        return Value::Double(Real());
      case oid::kDate:
        return Value::Int(Below(20) == 0 ? kDateInfinity : Below(40'000) - 20'000);
      case oid::kTime:
        return Value::Int(Below(kMicrosPerDay));
      case oid::kInterval:
        return Value::Interval({Below(kMicrosPerDay * 3) - kMicrosPerDay,
                                static_cast<int32_t>(Below(200) - 100),
                                static_cast<int32_t>(Below(60) - 30)});
      default:
        return Value::Int(Below(20) == 0
                              ? kTimestampMinusInfinity
                              : (Below(40'000) - 20'000) * kMicrosPerDay + Below(1 << 30));
    }
  }

 private:
  int64_t Below(int64_t end) { return std::uniform_int_distribution<int64_t>(0, end - 1)(random_); }
  double Real() {
    if (Below(30) == 0) return std::numeric_limits<double>::quiet_NaN();
    return static_cast<double>(Below(2'000'000) - 1'000'000) / 512.0;
  }
  std::mt19937_64 random_;
};

/// Each row: its number, then a value of each type of kFixedTypes in turn, twice.
std::vector<Row> MakeRows(uint64_t seed) {
  RandomRows random(seed);
  std::vector<Row> rows;
  for (int i = 0; i < kCallRows; ++i) {
    Row row = {Value::Int(i)};
    for (int copy = 0; copy < 2; ++copy) {
      for (const Type& type : kFixedTypes) row.push_back(random.Next(type.oid));
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

/// The column of the rows for an argument; 0 where there is none.
size_t ColumnFor(Oid type, size_t argument) {
  for (size_t i = 0; i < kFixedTypes.size(); ++i) {
    if (kFixedTypes[i].oid == type) return 1 + i + (argument % 2) * kFixedTypes.size();
  }
  return 0;
}

bool IsTested(const Function& function) {
  const bool calls = function.kernel != nullptr && !function.returns_set && !function.variadic &&
                     !function.asks_session && !function.args.empty() &&
                     function.volatility != functions::Volatility::kVolatile;
  return calls && ColumnFor(function.result, 0) != 0 &&
         std::ranges::all_of(function.args, [](Oid type) { return ColumnFor(type, 0) != 0; });
}

/// A call over columns; of the table `one` for the argument `constant`.
struct VectorCall {
  const Function& function;
  size_t constant;

  std::vector<Type> Types() const {
    std::vector<Type> types;
    for (const Oid type : function.args) types.push_back({type, -1});
    return types;
  }
  Type Result() const { return {function.result, -1}; }
  std::string Sql() const {
    std::string call = fmt::format("{}('{}'", column_functions::ScalarAdapter(function.oid),
                                   column_functions::AdapterSignature(Types(), Result()));
    for (size_t i = 0; i < function.args.size(); ++i) {
      call +=
          fmt::format(", {}.c{}", i == constant ? "one" : "t", ColumnFor(function.args[i], i) + 1);
    }
    return fmt::format("SELECT t.c1, {}) FROM t1_1 AS t, (SELECT * FROM t1_1 LIMIT 1) AS one",
                       call);
  }
  Status Compute(functions::CallContext& context, const Row& row, const Row& one,
                 Value* out) const {
    Row args;
    for (size_t i = 0; i < function.args.size(); ++i) {
      args.push_back((i == constant ? one : row)[ColumnFor(function.args[i], i)]);
    }
    *out = Value();
    if (function.strict && std::ranges::any_of(args, &Value::is_null)) return Status::Ok();
    return function.kernel(context, {args, Types(), Result()}, out);
  }
};

std::string Show(const Value& value, Type type) {
  return value.is_null() ? "null" : ToText(type, value);
}

/// What the store answers is what the kernel does, or one of its errors.
void Check(TestStore& store, const std::vector<Row>& rows, const VectorCall& call) {
  functions::CallContext context;
  context.style.time_zone = "America/New_York";
  std::vector<std::string> expected, errors;
  for (const Row& row : rows) {
    Value value;
    const Status status = call.Compute(context, row, rows[0], &value);
    if (!status.ok()) errors.push_back(status.ToString());
    expected.push_back(Show(value, call.Result()));
  }
  auto reader = store.columns().NewReader().value();
  ASSERT_TRUE(reader->Begin().ok());
  Status status;
  const auto answer =
      TestStore::Run(*reader, call.Sql(), {kFixedTypes[0], call.Result()}, &status, {}, context);
  if (!errors.empty()) {
    EXPECT_TRUE(std::ranges::count(errors, status.ToString()) > 0)
        << call.Sql() << ": " << status.ToString() << ", expected " << errors[0];
    return;
  }
  ASSERT_TRUE(status.ok()) << call.Sql() << ": " << status.ToString();
  ASSERT_EQ(answer.size(), rows.size()) << call.Sql();
  for (const Row& row : answer) {
    const auto i = static_cast<size_t>(row[0].AsInt());
    ASSERT_EQ(Show(row[1], call.Result()), expected[i]) << call.Sql() << " of row " << i;
  }
}

TEST(VectorCalls, AnswerAsKernels) {
  const uint64_t seed = std::random_device{}();
  SCOPED_TRACE(::testing::Message() << "seed " << seed);
  std::vector<Row> rows = MakeRows(seed);
  std::vector<Type> types(kFixedTypes);
  types.insert(types.begin(), kFixedTypes[0]);
  types.insert(types.end(), kFixedTypes.begin(), kFixedTypes.end());
  TestStore store;
  store.Replace(testing::MakeKeyedTable(1, types), rows, 1);
  int tested = 0;
  for (const Function& function : functions::Registry::Instance().functions()) {
    if (!IsTested(function)) continue;
    ++tested;
    for (size_t constant = 0; constant <= function.args.size(); ++constant) {
      Check(store, rows, {function, constant});
      if (HasFailure()) return;
    }
  }
  EXPECT_GT(tested, 100);
}

}  // namespace
}  // namespace omen::colstore
