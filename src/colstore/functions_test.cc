// The functions added to the engine, called as the generator prints them.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <set>

#include "base/blame.h"
#include "colstore/test_store.h"
#include "types/column_functions.h"
#include "types/io.h"

namespace omen::colstore {
namespace {

using testing::TestStore;

constexpr Type kInt4{oid::kInt4, -1}, kInt8{oid::kInt8, -1}, kText{oid::kText, -1};
constexpr Type kFloat8{oid::kFloat8, -1}, kNumeric{oid::kNumeric, -1};

/// Counts what it is asked for: rows 0..rows-1 in `parts` ranges; columns int4, text, numeric.
class CountingSource final : public ScanSource {
 public:
  CountingSource(int rows, int parts) : rows_(rows), parts_(parts) {}
  const std::vector<Type>& types() const override { return types_; }
  int parts() const override { return parts_; }
  uint64_t row_estimate() const override { return static_cast<uint64_t>(rows_); }
  Result<std::unique_ptr<Cursor>> Open(int part, const std::vector<int>& columns) override {
    std::lock_guard lock(mutex_);
    columns_ = columns;
    opened_.insert(part);
    if (fail_part == part) return Status(sqlstate::kDeadlock, "part failed");
    return std::unique_ptr<Cursor>(std::make_unique<PartCursor>(this, part, columns));
  }
  Result<std::shared_ptr<ScanSource>> Within(const std::vector<ColumnBound>& bounds) override {
    std::lock_guard lock(mutex_);
    bounds_ = bounds;
    return std::shared_ptr<ScanSource>(within_);
  }
  std::vector<int> columns_;
  std::vector<ColumnBound> bounds_;  // told last
  std::shared_ptr<CountingSource> within_;
  std::set<int> opened_;
  int fail_part = -1;
  int fail_row = -1;

 private:
  class PartCursor final : public Cursor {
   public:
    PartCursor(CountingSource* source, int part, std::vector<int> columns)
        : source_(source),
          columns_(std::move(columns)),
          next_(source->rows_ * part / source->parts_),
          end_(source->rows_ * (part + 1) / source->parts_) {}
    Result<std::optional<size_t>> Next(std::vector<Row>* rows, size_t capacity) override {
      rows->clear();
      if (next_ == end_) return {std::nullopt};
      for (; next_ < end_ && rows->size() < capacity; ++next_) {
        if (next_ == source_->fail_row) return Status(sqlstate::kDataCorrupted, "row failed");
        Row row;
        for (int column : columns_) {
          if (column == 0) row.push_back(Value::Int(next_));
          if (column == 1) row.push_back(Value::Text("r" + std::to_string(next_)));
          if (column == 2) row.push_back(next_ % 2 ? Value() : ParseText(kNumeric, "1.10").value());
        }
        rows->push_back(std::move(row));
      }
      return {rows->size()};
    }

   private:
    CountingSource* source_;
    std::vector<int> columns_;
    int next_, end_;
  };

  std::vector<Type> types_ = {kInt4, kText, kNumeric};
  int rows_, parts_;
  std::mutex mutex_;
};

std::string One(TestStore& store, const std::string& sql, Type type,
                std::vector<std::shared_ptr<ScanSource>> sources = {}) {
  const auto rows = store.Select(sql, {type}, std::move(sources));
  if (rows.size() != 1) return fmt::format("{} rows", rows.size());
  return rows[0][0].is_null() ? "null" : ToText(type, rows[0][0]);
}

TEST(RowSource, ReadsEveryPartOnceAndOnlyNeededColumns) {
  TestStore store;
  auto source = std::make_shared<CountingSource>(100'000, 7);
  EXPECT_EQ(One(store, "SELECT sum(c1)::BIGINT FROM omen_rows(0)", kInt8, {source}), "4999950000");
  EXPECT_EQ(source->columns_, std::vector<int>{0});
  EXPECT_EQ(source->opened_.size(), 7u);
  EXPECT_EQ(One(store, "SELECT count(*) FROM omen_rows(0)", kInt8, {source}), "100000");
  EXPECT_EQ(One(store, "SELECT max(c2) FROM omen_rows(0) WHERE c1 < 10", kText, {source}), "r9");
}

TEST(RowSource, NumericColumnsAndNulls) {
  TestStore store;
  auto source = std::make_shared<CountingSource>(10, 2);
  EXPECT_EQ(One(store, "SELECT omen_num_sum(c3) FROM omen_rows(0)", kNumeric, {source}), "5.50");
  EXPECT_EQ(One(store, "SELECT count(c3) FROM omen_rows(0)", kInt8, {source}), "5");
}

TEST(RowSource, JoinsWithATableAndAnotherSource) {
  TestStore store;
  catalog::Table table = testing::MakeKeyedTable(7, {kInt4, kText});
  store.Replace(table,
                {{Value::Int(3), Value::Text("three")}, {Value::Int(5), Value::Text("five")}}, 1);
  const auto rows = store.Select(
      "SELECT a.c2, b.c2, t.c2 FROM omen_rows(0) a JOIN omen_rows(1) b ON a.c1 = b.c1 "
      "JOIN t7_1 t ON t.c1 = b.c1 ORDER BY 1",
      {kText, kText, kText},
      {std::make_shared<CountingSource>(4, 1), std::make_shared<CountingSource>(100, 3)});
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0][2].AsBytes(), "three");
}

std::string TextOf(const std::vector<ColumnBound>& bounds) {
  std::string text;
  for (const ColumnBound& bound : bounds) {
    std::vector<int64_t> values;
    for (const Value& value : bound.values) values.push_back(value.AsInt());
    std::ranges::sort(values);
    text += fmt::format("c{} in ({}) from {} to {}", bound.column + 1, fmt::join(values, ","),
                        bound.low.AsInt(), bound.high.AsInt());
  }
  return text;
}

TEST(RowSource, JoinsTellTheirKeys) {
  TestStore store;
  const std::pair<const char*, const char*> cases[] = {
      {"a JOIN (VALUES (7), (3), (900), (NULL)) v(x) ON a.c1 = v.x",
       "c1 in (3,7,900) from 3 to 900"},
      {"a JOIN (VALUES (3), (4), (5)) v(x) ON a.c1 = v.x", "c1 in () from 3 to 5"},
      {"a JOIN (SELECT i::INTEGER * 2 AS x FROM range(9000) t(i)) v ON a.c1 = v.x",
       "c1 in () from 0 to 17998"},
      {"a WHERE c1 IN (SELECT x FROM (VALUES (7), (3)) v(x))", "c1 in (3,7) from 3 to 7"},
      {"a LEFT JOIN (VALUES (7), (3)) v(x) ON a.c1 = v.x", ""},
      {"a JOIN (VALUES (7::BIGINT), (3)) v(x) ON a.c1 = v.x", ""},
      {"a WHERE c1 NOT IN (SELECT x FROM (VALUES (7), (3)) v(x))", ""},
      {"a WHERE c1 > 5", ""},
  };
  for (const auto& [from, told] : cases) {
    auto source = std::make_shared<CountingSource>(100'000, 7);
    One(store, fmt::format("SELECT count(*) FROM omen_rows(0) {}", from), kInt8, {source});
    EXPECT_EQ(TextOf(source->bounds_), told) << from;
  }
}

TEST(RowSource, ASourceMayGiveWhatIsWithinTheBounds) {
  TestStore store;
  auto source = std::make_shared<CountingSource>(100'000, 7);
  source->within_ = std::make_shared<CountingSource>(10, 3);
  const char* join =
      "SELECT count(*) FROM omen_rows(0) a JOIN (VALUES (7), (3)) v(x) ON a.c1 = v.x";
  EXPECT_EQ(One(store, join, kInt8, {source}), "2");
  EXPECT_TRUE(source->opened_.empty());
  EXPECT_EQ(source->within_->opened_.size(), 3u);
}

TEST(RowSource, ErrorsComeBackWhole) {
  TestStore store;
  auto reader = store.columns().NewReader().value();
  ASSERT_TRUE(reader->Begin().ok());
  auto source = std::make_shared<CountingSource>(10'000, 3);
  Status status;
  source->fail_part = 1;
  TestStore::Run(*reader, "SELECT sum(c1) FROM omen_rows(0)", {kInt8}, &status, {source});
  EXPECT_TRUE(status.Is(sqlstate::kDeadlock)) << status.ToString();
  source->fail_part = -1;
  source->fail_row = 9000;
  TestStore::Run(*reader, "SELECT sum(c1) FROM omen_rows(0)", {kInt8}, &status, {source});
  EXPECT_TRUE(status.Is(sqlstate::kDataCorrupted)) << status.ToString();
  EXPECT_EQ(status.error().message, "row failed");
  TestStore::Run(*reader, "SELECT 1 FROM omen_rows(1)", {kInt8}, &status, {source});
  EXPECT_EQ(BlameOf(status), Blame::kFault);
}

struct NumericCase {
  const char* sql;
  const char* expected;
};

TEST(NumericFunctions, GivePostgresAnswers) {
  TestStore store;
  // Expected texts are PostgreSQL 15's.
  const NumericCase cases[] = {
      {"omen_num_add(1.10::DECIMAL(4,2), omen_num_parse('2.345'))", "3.445"},
      {"omen_num_sub(1, omen_num_parse('0.50'))", "0.50"},
      {"omen_num_mul(1.10::DECIMAL(4,2), 1.100::DECIMAL(6,3))", "1.21000"},
      {"omen_num_div(1, 3)", "0.33333333333333333333"},
      {"omen_num_div(10.0::DECIMAL(4,1), 4)", "2.5000000000000000"},
      {"omen_num_div(1.00::DECIMAL(12,2), 7)", "0.14285714285714285714"},
      {"omen_num_divt(7, 2)", "3"},
      {"omen_num_mod(-7, 2.5::DECIMAL(3,1))", "-2.0"},
      {"omen_num_neg(1.50::DECIMAL(4,2))", "-1.50"},
      {"omen_num_abs(-3)", "3"},
      {"omen_num_sign(-3.5::DECIMAL(4,1))", "-1"},
      {"omen_num_ceil(-1.5::DECIMAL(4,1))", "-1"},
      {"omen_num_floor(-1.5::DECIMAL(4,1))", "-2"},
      {"omen_num_round(2.5::DECIMAL(4,1), 0)", "3"},
      {"omen_num_round(-2.345::DECIMAL(6,3), 2)", "-2.35"},
      {"omen_num_round(155, -1)", "160"},
      {"omen_num_trunc(-2.789::DECIMAL(6,3), 1)", "-2.7"},
      {"omen_num_mod(-7, 2.5::DECIMAL(3,1), 3, 1)", "-2.0"},
      {"omen_num_trunc(-2.789::DECIMAL(6,3), 4, 7, 4)", "-2.7890"},
      {"omen_num_divt(7.50::DECIMAL(4,2), 0.7::DECIMAL(2,1), 3, 0)", "10"},
      {"omen_num_sqrt(2)", "1.414213562373095"},
      {"omen_num_power(2, 10)", "1024.0000000000000000"},
      {"omen_num_average(10::HUGEINT, 4)", "2.5000000000000000"},
      {"omen_num_average(sum(x), count(x)) FROM (VALUES (1.10::DECIMAL(12,2)), (2.21)) t(x)",
       "1.6550000000000000"},
      {"omen_num_average(NULL, 0)", "null"},
      {"omen_num_average(sum(x), count(x)) FROM (SELECT 1::INTEGER WHERE false) t(x)", "null"},
      {"omen_num_from(12345678901234567890123456789012345678::HUGEINT)",
       "12345678901234567890123456789012345678"},
      {"omen_num_from_float8(0.1::DOUBLE)", "0.1"},
      {"omen_num_from_float8(123456789.123456789::DOUBLE)", "123456789.123457"},
      {"omen_num_from_float8('NaN'::DOUBLE)", "NaN"},
      {"omen_num_from_float4(1.1::FLOAT)", "1.1"},
      {"omen_num_typmod(omen_num_parse('1.555'), ((10 << 16) | 2) + 4)", "1.56"},
      {"omen_num_to_decimal(omen_num_parse('1.005'), 10, 2)", "1.01"},
      {"omen_num_to_decimal(2.345::DECIMAL(6,3), 10, 2)", "2.35"},
      {"omen_num_add(NULL, 1)", "null"},
      {"omen_num_sum(x) FROM (VALUES (omen_num_parse('1.5')), (omen_num_parse('2.25')), (NULL)) "
       "t(x)",
       "3.75"},
      {"omen_num_sum(x) FROM (VALUES (omen_num_parse('NaN')), (omen_num_parse('2.25'))) t(x)",
       "NaN"},
      {"omen_num_sum(x) FROM (VALUES (omen_num_parse('99999999999999999999999999999999999999')), "
       "(omen_num_parse('0.00001')), (omen_num_parse('1'))) t(x)",
       "100000000000000000000000000000000000000.00001"},
      {"omen_num_avg(x) FROM (VALUES (omen_num_parse('1')), (omen_num_parse('2'))) t(x)",
       "1.5000000000000000"},
      {"omen_num_avg(x) FROM (SELECT omen_num_parse('1') WHERE false) t(x)", "null"},
      {"omen_num_min(x) FROM (VALUES (omen_num_parse('10')), (omen_num_parse('9.5'))) t(x)", "9.5"},
      {"omen_num_max(x) FROM (VALUES (omen_num_parse('-10')), (omen_num_parse('NaN'))) t(x)",
       "NaN"},
  };
  for (const NumericCase& c : cases) {
    EXPECT_EQ(One(store, std::string("SELECT ") + c.sql, kNumeric), c.expected) << c.sql;
  }
}

TEST(NumericFunctions, ConvertAndCompare) {
  TestStore store;
  EXPECT_EQ(One(store, "SELECT omen_num_to_int4(omen_num_parse('2.5'))", kInt4), "3");
  EXPECT_EQ(One(store, "SELECT omen_num_to_int8(omen_num_parse('-9223372036854775808'))", kInt8),
            "-9223372036854775808");
  EXPECT_EQ(One(store, "SELECT omen_num_to_float8(omen_num_parse('0.1'))", kFloat8), "0.1");
  EXPECT_EQ(One(store, "SELECT omen_num_to_text(omen_num_parse('1.500'))", kText), "1.500");
  EXPECT_EQ(One(store, "SELECT omen_num_compare(omen_num_parse('1.0'), 1)", kInt4), "0");
  EXPECT_EQ(One(store,
                "SELECT count(DISTINCT omen_num_key(x)) FROM (VALUES (omen_num_parse('1.0')), "
                "(omen_num_parse('1.00')), (omen_num_parse('2'))) t(x)",
                kInt8),
            "2");
  EXPECT_EQ(One(store,
                "SELECT string_agg(omen_num_to_text(x), ',' ORDER BY omen_num_key(x)) FROM (VALUES "
                "(omen_num_parse('-1.5')), (omen_num_parse('10')), (omen_num_parse('9')), "
                "(omen_num_parse('-20'))) t(x)",
                kText),
            "-20,-1.5,9,10");
}

TEST(NumericFunctions, ErrorsArePostgres) {
  TestStore store;
  struct Case {
    const char* sql;
    SqlState state;
    const char* message;
  };
  const Case cases[] = {
      {"SELECT omen_num_div(1, 0)", sqlstate::kDivisionByZero, "division by zero"},
      {"SELECT omen_num_to_int4(3000000000)", sqlstate::kNumericOutOfRange, "integer out of range"},
      {"SELECT omen_num_to_int2(40000)", sqlstate::kNumericOutOfRange, "smallint out of range"},
      {"SELECT omen_num_to_int4(omen_num_parse('NaN'))", sqlstate::kFeatureNotSupported,
       "cannot convert NaN to integer"},
      {"SELECT omen_num_parse('x')", sqlstate::kInvalidText,
       "invalid input syntax for type numeric: \"x\""},
      {"SELECT omen_num_to_decimal(1000, 5, 2)", sqlstate::kNumericOutOfRange,
       "numeric field overflow"},
      {"SELECT omen_num_to_float4(omen_num_parse('1e100'))", sqlstate::kNumericOutOfRange, nullptr},
  };
  for (const Case& c : cases) {
    const Status status = store.Error(c.sql);
    EXPECT_TRUE(status.Is(c.state)) << c.sql << ": " << status.ToString();
    if (c.message != nullptr && !status.ok()) {
      EXPECT_EQ(status.error().message, c.message) << c.sql;
    }
  }
}

/// The overload of a registered function with these argument types.
const functions::Function& Named(std::string_view name, const std::vector<Oid>& args) {
  for (const functions::Function* function : functions::Registry::Instance().FunctionsNamed(name)) {
    if (function->args == args) return *function;
  }
  OMEN_CHECK(false);
}

TEST(Adapters, GiveTheKernelsAnswer) {
  TestStore store;
  const auto& add = Named("numeric_add", {oid::kNumeric, oid::kNumeric});
  const std::string signature =
      column_functions::AdapterSignature(std::vector<Type>{kNumeric, kNumeric}, kNumeric);
  const std::string name = column_functions::ScalarAdapter(add.oid);
  EXPECT_EQ(One(store,
                fmt::format("SELECT {}('{}', 1.50::DECIMAL(4,2), omen_num_parse('2.125'))", name,
                            signature),
                kNumeric),
            "3.625");
  EXPECT_EQ(One(store, fmt::format("SELECT {}('{}', NULL, 1)", name, signature), kNumeric), "null");
  const Type decimal{oid::kNumeric, NumericTypmod(10, 3)};
  EXPECT_EQ(One(store,
                fmt::format("SELECT typeof({}('{}', 1, 2))", name,
                            column_functions::AdapterSignature(
                                std::vector<Type>{kNumeric, kNumeric}, decimal)),
                kText),
            "DECIMAL(10,3)");
}

TEST(Adapters, RunOverColumns) {
  TestStore store;
  const auto& lower = Named("lower", {oid::kText});
  auto source = std::make_shared<CountingSource>(10'000, 2);
  const std::string call =
      fmt::format("{}('{}', upper(c2))", column_functions::ScalarAdapter(lower.oid),
                  column_functions::AdapterSignature(std::vector<Type>{kText}, kText));
  EXPECT_EQ(One(store, fmt::format("SELECT count(*) FROM omen_rows(0) WHERE {} = c2", call), kInt8,
                {source}),
            "10000");
}

TEST(Adapters, ErrorsKeepTheirWords) {
  TestStore store;
  const auto& divide = Named("int4div", {oid::kInt4, oid::kInt4});
  const std::string call =
      fmt::format("{}('{}', i::INTEGER, 0)", column_functions::ScalarAdapter(divide.oid),
                  column_functions::AdapterSignature(std::vector<Type>{kInt4, kInt4}, kInt4));
  const Status status = store.Error(fmt::format("SELECT {} FROM range(5) t(i)", call));
  EXPECT_TRUE(status.Is(sqlstate::kDivisionByZero)) << status.ToString();
  EXPECT_EQ(status.error().message, "division by zero");
  EXPECT_FALSE(store.Error("SELECT omen_f154('nonsense', 1, 2)").ok());
  EXPECT_FALSE(store.Error("SELECT omen_f154('23:-1>23:-1', 1, 2)").ok());
}

TEST(Adapters, CastsThroughTextAndModifiers) {
  TestStore store;
  const auto signature = [](Type from, Type to) {
    return column_functions::AdapterSignature(std::vector<Type>{from}, to);
  };
  EXPECT_EQ(
      One(store, fmt::format("SELECT omen_cast_text('{}', '42')", signature(kText, kInt4)), kInt4),
      "42");
  EXPECT_EQ(
      One(store,
          fmt::format("SELECT omen_cast_text('{}', true)", signature({oid::kBool, -1}, kText)),
          kText),
      "t");
  const Status status =
      store.Error(fmt::format("SELECT omen_cast_text('{}', 'x')", signature(kText, kInt4)));
  EXPECT_TRUE(status.Is(sqlstate::kInvalidText)) << status.ToString();
  EXPECT_EQ(status.error().message, "invalid input syntax for type integer: \"x\"");
  const Type precise{oid::kTimestamp, 0}, timestamp{oid::kTimestamp, -1};
  EXPECT_EQ(One(store,
                fmt::format("SELECT omen_apply_typmod('{}', TIMESTAMP '2024-01-01 10:00:00.6')",
                            signature(timestamp, precise)),
                timestamp),
            "2024-01-01 10:00:01");
}

TEST(Adapters, SetsBecomeLists) {
  TestStore store;
  const functions::Function* series = nullptr;
  for (const functions::Function& function : functions::Registry::Instance().functions()) {
    if (function.returns_set && function.name == "generate_series" &&
        function.args == std::vector<Oid>{oid::kInt4, oid::kInt4}) {
      series = &function;
    }
  }
  if (series == nullptr) GTEST_SKIP() << "generate_series is not registered";
  const std::string call =
      fmt::format("{}('{}', ", column_functions::SetAdapter(series->oid),
                  column_functions::AdapterSignature(std::vector<Type>{kInt4, kInt4}, kInt4));
  EXPECT_EQ(One(store, "SELECT sum(x)::BIGINT FROM (SELECT unnest(" + call + "1, 4)) AS x)", kInt8),
            "10");
  EXPECT_EQ(One(store, "SELECT len(" + call + "1, NULL))", kInt8), "0");
}

const functions::Aggregate& AggregateNamed(std::string_view name, const std::vector<Oid>& args) {
  for (const functions::Aggregate* aggregate :
       functions::Registry::Instance().AggregatesNamed(name)) {
    if (aggregate->args == args) return *aggregate;
  }
  OMEN_CHECK(false);
}

std::string Aggregate(std::string_view name, Type argument, Type result, const std::string& rest) {
  const auto& aggregate = AggregateNamed(name, {argument.oid});
  return fmt::format("{}('{}', {}", column_functions::AggregateAdapter(aggregate.oid),
                     column_functions::AdapterSignature(std::vector<Type>{argument}, result), rest);
}

TEST(Adapters, AggregatesReplayInEveryShape) {
  TestStore store;
  const auto avg = [](const std::string& rest) { return Aggregate("avg", kInt4, kNumeric, rest); };
  EXPECT_EQ(One(store, "SELECT " + avg("i::INTEGER) FROM range(1, 100001) t(i)"), kNumeric),
            "50000.500000000000");
  EXPECT_EQ(One(store, "SELECT " + avg("NULL::INTEGER)"), kNumeric), "null");
  EXPECT_EQ(One(store,
                "SELECT omen_num_sum(a) FROM (SELECT " +
                    avg("i::INTEGER) AS a FROM range(200000) t(i) GROUP BY i % 1000)"),
                kNumeric),
            "99999500.000000000000");
  EXPECT_EQ(
      One(store, "SELECT " + avg("i::INTEGER) FILTER (WHERE i < 4) FROM range(10) t(i)"), kNumeric),
      "1.5000000000000000");
  std::string distinct = avg("x::INTEGER) FROM (VALUES (1), (1), (2)) t(x)");
  distinct.insert(distinct.find('(') + 1, "DISTINCT ");
  EXPECT_EQ(One(store, "SELECT " + distinct, kNumeric), "1.5000000000000000");
}

TEST(Adapters, AggregatesRunAsWindows) {
  TestStore store;
  const auto rows = store.Select(
      "SELECT " +
          Aggregate("avg", kInt4, kNumeric,
                    "i::INTEGER) OVER (ORDER BY i ROWS BETWEEN 1 PRECEDING AND CURRENT ROW)") +
          " FROM range(3) t(i) ORDER BY i",
      {kNumeric});
  ASSERT_EQ(rows.size(), 3u);
  EXPECT_EQ(ToText(kNumeric, rows[1][0]), "0.50000000000000000000");
  EXPECT_EQ(ToText(kNumeric, rows[2][0]), "1.5000000000000000");
}

}  // namespace
}  // namespace omen::colstore
