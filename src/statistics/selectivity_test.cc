// Estimates against counts over whole columns, from samples of them.
#include "statistics/selectivity.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <random>

#include "statistics/image.h"
#include "statistics/joins.h"
#include "statistics/sampled.h"
#include "types/datetime/datetime.h"
#include "types/io.h"
#include "types/number/numeric.h"

namespace omen::statistics {
namespace {

constexpr size_t kRows = 200'000, kSampled = 30'000;
constexpr uint64_t kSeed = 20261130;

using Column = std::vector<Value>;

Column Make(const std::function<Value(size_t row)>& value) {
  Column column;
  for (size_t row = 0; row < kRows; ++row) column.push_back(value(row));
  return column;
}

/// Rows in order of keys, each as likely as any other.
std::vector<size_t> Chosen() {
  std::mt19937_64 random(kSeed);
  std::vector<size_t> rows, chosen;
  for (size_t row = 0; row < kRows; ++row) rows.push_back(row);
  std::ranges::sample(rows, std::back_inserter(chosen), kSampled, random);
  return chosen;
}

Column Pick(const Column& column) {
  static const std::vector<size_t> chosen = Chosen();
  Column picked;
  for (const size_t row : chosen) picked.push_back(column[row]);
  return picked;
}

ColumnStatistics Take(Oid type, const Column& column) {
  return ColumnFromSample({type, -1}, Pick(column), static_cast<double>(column.size()));
}

double Count(const Column& column, const std::function<bool(const Value&)>& keeps) {
  return static_cast<double>(std::ranges::count_if(
      column, [&](const Value& value) { return !value.is_null() && keeps(value); }));
}

double QError(double estimated, double actual, double least = 1) {
  const double e = std::max(least, estimated), a = std::max(least, actual);
  return std::max(e / a, a / e);
}

double QOfEqual(const ColumnStatistics& known, const Column& column, const Value& value) {
  const double actual =
      Count(column, [&](const Value& v) { return CompareValues(known.type.oid, v, value) == 0; });
  return QError(EqualShare(&known, &value) * static_cast<double>(column.size()), actual);
}

double QOfRange(const ColumnStatistics& known, const Column& column, const Value& from,
                const Value& to) {
  const double actual = Count(column, [&](const Value& v) {
    return CompareValues(known.type.oid, v, from) >= 0 && CompareValues(known.type.oid, v, to) < 0;
  });
  const double share = RangeShare(&known, RangeEnd::At(&from, true), RangeEnd::At(&to, false));
  return QError(share * static_cast<double>(column.size()), actual, 10);
}

Value Zipf(std::mt19937_64* random) {
  std::uniform_real_distribution<double> unit(0, 1);
  return Value::Int(static_cast<int64_t>(std::pow(20'000.0, unit(*random))));  // density ~ 1/x
}

TEST(Equality, OfUniqueColumnsIsOneRow) {
  const Column up = Make([](size_t row) { return Value::Int(static_cast<int64_t>(row)); });
  const ColumnStatistics known = Take(oid::kInt8, up);
  EXPECT_EQ(known.distinct, static_cast<double>(kRows));
  EXPECT_TRUE(known.distinct_grows);
  EXPECT_TRUE(known.common.empty());
  EXPECT_GT(known.correlation, 0.999);
  for (const int64_t v : {0, 77, 100'000, 199'999})
    EXPECT_EQ(QOfEqual(known, up, Value::Int(v)), 1);
  const Column down = Make([](size_t row) { return Value::Int(-static_cast<int64_t>(row)); });
  EXPECT_LT(Take(oid::kInt8, down).correlation, -0.999);
}

TEST(Equality, OfUniformValues) {
  std::mt19937_64 random(kSeed);
  const Column column =
      Make([&](size_t) { return Value::Int(static_cast<int64_t>(random() % 1000)); });
  const ColumnStatistics known = Take(oid::kInt4, column);
  EXPECT_NEAR(known.distinct, 1000, 1);
  EXPECT_NEAR(known.correlation, 0, 0.05);
  for (int64_t v = 0; v < 1000; v += 37)
    EXPECT_LT(QOfEqual(known, column, Value::Int(v)), 1.4) << v;
}

TEST(Equality, OfWhatLiesOutside) {
  const Column column =
      Make([](size_t row) { return Value::Int(static_cast<int64_t>(row % 1000)); });
  const ColumnStatistics known = Take(oid::kInt4, column);
  for (const int64_t outside : {-5, 1000, 70'000}) {
    const Value value = Value::Int(outside);
    EXPECT_LE(EqualShare(&known, &value) * kRows, 5) << outside << " of 200 rows for any value";
  }
  const Value last = Value::Int(999);
  EXPECT_LE(QError(EqualShare(&known, &last) * kRows, 200), 1.5);
}

TEST(Equality, OfZipfIsRightForCommonAndRare) {
  std::mt19937_64 random(kSeed);
  const Column column = Make([&](size_t) { return Zipf(&random); });
  const ColumnStatistics known = ColumnFromSample({oid::kInt8, -1}, Pick(column), kRows,
                                                  {.distinct = 17'000});  // as counted, 15% off
  for (const int64_t v : {1, 2, 3, 10, 20, 50}) {
    EXPECT_LT(QOfEqual(known, column, Value::Int(v)), 1.3) << v;
  }
  std::vector<double> errors;
  for (int64_t v = 1; v < 20'000; v += 101)
    errors.push_back(QOfEqual(known, column, Value::Int(v)));
  std::ranges::sort(errors);
  EXPECT_LT(errors[errors.size() / 2], 4);
  EXPECT_LT(errors.back(), 20);
}

TEST(Equality, OfOneValueAndOfNone) {
  const Column same = Make([](size_t) { return Value::Text("same"); });
  const ColumnStatistics one = Take(oid::kText, same);
  EXPECT_EQ(one.distinct, 1);
  EXPECT_EQ(QOfEqual(one, same, Value::Text("same")), 1);
  EXPECT_LT(QOfEqual(one, same, Value::Text("other")), 10);
  EXPECT_TRUE(one.bounds.empty());

  const Column nulls = Make([](size_t) { return Value::Null(); });
  const ColumnStatistics none = Take(oid::kInt8, nulls);
  EXPECT_EQ(none.null_share, 1);
  EXPECT_EQ(NullShare(&none), 1);
  const Value five = Value::Int(5), null;
  EXPECT_EQ(EqualShare(&none, &null), 0);
  EXPECT_EQ(RangeShare(&none, RangeEnd::At(&five, true), RangeEnd::None()), 0);
  EXPECT_LE(EqualShare(&none, &five) * kRows, 5);
  EXPECT_EQ(NotEqualShare(&none, &null), 0);
}

TEST(Equality, OfWhatIsNotKnown) {
  const Column column = Make([](size_t row) { return Value::Int(static_cast<int64_t>(row % 50)); });
  const ColumnStatistics known = Take(oid::kInt4, column);
  EXPECT_NEAR(EqualShare(&known, nullptr), 1.0 / 50, 1e-9);
  EXPECT_EQ(EqualShare(nullptr, nullptr), kDefaultEqual);
  const Value null;
  EXPECT_EQ(EqualShare(nullptr, &null), 0);
}

TEST(Lists, AddUpAndForgetNulls) {
  const Column column = Make([](size_t row) {
    return row % 4 == 0 ? Value::Null() : Value::Int(static_cast<int64_t>(row % 20));
  });
  const ColumnStatistics known = Take(oid::kInt4, column);
  const std::vector<Value> values = {Value::Int(1), Value::Int(2), Value::Int(3), Value::Null()};
  EXPECT_NEAR(InShare(&known, values), 3.0 / 20, 0.01);
  EXPECT_NEAR(InShare(&known, std::span(values).first(2), 1), 3.0 / 20, 0.01);
  EXPECT_EQ(NotInShare(&known, values), 0);
  EXPECT_NEAR(NotInShare(&known, std::span(values).first(3)), 0.75 - 3.0 / 20, 0.01);
  std::vector<Value> many;
  for (int64_t i = 0; i < 5000; ++i) many.push_back(Value::Int(i % 20));
  EXPECT_NEAR(InShare(&known, many), 0.75, 0.01);
}

/// Ranges of a column of any type with an order, from narrow to wide.
void ExpectRanges(Oid type, const Column& column, double q_max) {
  const ColumnStatistics known = Take(type, column);
  Column sorted;
  for (const Value& value : column) {
    if (!value.is_null()) sorted.push_back(value);
  }
  std::ranges::sort(sorted,
                    [&](const Value& a, const Value& b) { return CompareValues(type, a, b) < 0; });
  for (const double wide : {0.001, 0.01, 0.1, 0.5}) {
    for (const double from : {0.0, 0.0313, 0.25, 0.499}) {
      const auto at = [&](double place) {
        return sorted[static_cast<size_t>(place * static_cast<double>(sorted.size() - 1))];
      };
      EXPECT_LT(QOfRange(known, column, at(from), at(from + wide)), q_max)
          << InfoOf(type).name << " from " << from << ", wide " << wide;
    }
  }
}

TEST(Ranges, OfEveryKindOfValue) {
  std::mt19937_64 random(kSeed);
  const auto number = [&] { return static_cast<int64_t>(random() % 10'000'000); };
  ExpectRanges(oid::kInt8, Make([&](size_t) { return Value::Int(number()); }), 1.5);
  ExpectRanges(oid::kDate, Make([&](size_t) { return Value::Int(number() % 9000); }), 1.6);
  ExpectRanges(oid::kTimestamptz, Make([&](size_t) { return Value::Int(number() * 1'000'000); }),
               1.5);
  ExpectRanges(oid::kFloat8,
               Make([&](size_t) { return Value::Double(std::exp(double(number()) / 1e6)); }), 1.6);
  ExpectRanges(oid::kNumeric,
               Make([&](size_t) { return Numeric::FromInt128(number(), 3).ToValue(); }), 1.5);
  ExpectRanges(oid::kText, Make([&](size_t) {
                 return Value::Text("customer#" + std::to_string(number() + 10'000'000));
               }),
               1.6);
  ExpectRanges(
      oid::kInterval, Make([&](size_t) {
        return Value::Interval({number() * 1'000'000, 0, static_cast<int32_t>(number() % 9)});
      }),
      1.6);
  ExpectRanges(oid::kUuid, Make([&](size_t) {
                 UuidData uuid;
                 for (uint8_t& byte : uuid) byte = static_cast<uint8_t>(random());
                 return Value::Uuid(uuid);
               }),
               1.5);
  ExpectRanges(oid::kBool, Make([&](size_t) { return Value::Bool(number() % 3 == 0); }), 1.1);
}

TEST(Ranges, OfSkewedValuesAndHoles) {
  std::mt19937_64 random(kSeed);
  ExpectRanges(oid::kInt8, Make([&](size_t) { return Zipf(&random); }), 1.6);
  ExpectRanges(oid::kInt8, Make([&](size_t row) {
                 return row % 3 == 0 ? Value::Null()
                                     : Value::Int(static_cast<int64_t>(row) +
                                                  (row > 60'000 ? 9'000'000 : 0));
               }),
               1.6);
}

TEST(Ranges, ExactAtTheEnds) {
  const Column column = Make([](size_t row) { return Value::Int(static_cast<int64_t>(row)); });
  const ColumnStatistics known = ColumnFromSample({oid::kInt8, -1}, Pick(column), kRows,
                                                  {.not_null = kRows,
                                                   .distinct = kRows,
                                                   .least = Value::Int(0),
                                                   .greatest = Value::Int(kRows - 1)});
  const auto rows = [&](int64_t from, int64_t to) {
    const Value lower = Value::Int(from), upper = Value::Int(to);
    return RangeShare(&known, RangeEnd::At(&lower, true), RangeEnd::At(&upper, true)) * kRows;
  };
  EXPECT_NEAR(rows(1000, 1099), 100, 5);
  EXPECT_NEAR(rows(500, 500), 1, 0.1);
  EXPECT_NEAR(rows(0, kRows), kRows, 1);
  EXPECT_LE(rows(kRows, kRows + 1000), 1.01);
  EXPECT_LE(rows(-50, -1), 1.01);
  EXPECT_LE(rows(9, 5), 1.01);
  const Value ten = Value::Int(10);
  EXPECT_NEAR(RangeShare(&known, RangeEnd::None(), RangeEnd::At(&ten, false)) * kRows, 10, 1);
  EXPECT_NEAR(RangeShare(&known, RangeEnd::At(&ten, false), RangeEnd::None()) * kRows, kRows - 11,
              1);
  EXPECT_EQ(RangeShare(&known, RangeEnd::Unknown(), RangeEnd::None()), kDefaultSide);
  EXPECT_EQ(RangeShare(&known, RangeEnd::Unknown(), RangeEnd::At(&ten, true)), kDefaultRange);
}

TEST(Like, PrefixIsARangeAndTheMiddleIsTried) {
  std::mt19937_64 random(kSeed);
  const char* words[] = {"red", "green", "blue", "black", "white", "grey", "pink", "brown"};
  const Column column = Make([&](size_t) {
    return Value::Text(std::string(words[random() % 8]) + " " + words[random() % 8] + " " +
                       std::to_string(random() % 5000));
  });
  const ColumnStatistics known = Take(oid::kText, column);
  for (const char* pattern : {"red%", "b%", "%blue%", "%n%", "gre_n %", "blue red %"}) {
    const Value value = Value::Text(pattern);
    const double actual =
        Count(column, [&](const Value& v) { return MatchesLike(v.AsBytes(), pattern); });
    EXPECT_LT(QError(LikeShare(&known, &value) * kRows, actual), 2) << pattern;
    EXPECT_NEAR(LikeShare(&known, &value) + NotLikeShare(&known, &value), 1, 1e-9);
  }
  const Value rare = Value::Text("%zebra%"), exact = Value::Text("red\\% x");
  EXPECT_LT(LikeShare(&known, &rare), 0.006);
  EXPECT_LT(LikeShare(&known, &exact) * kRows, 10);
}

TEST(Like, MatchesAsPostgresqlDoes) {
  EXPECT_TRUE(MatchesLike("abc", "a%c"));
  EXPECT_TRUE(MatchesLike("", "%"));
  EXPECT_TRUE(MatchesLike("a%c", "a\\%c"));
  EXPECT_FALSE(MatchesLike("abc", "a\\%c"));
  EXPECT_TRUE(MatchesLike("aXbXc", "%X_"));
  EXPECT_TRUE(MatchesLike("gr\xc3\xbcn", "gr_n"));
  EXPECT_FALSE(MatchesLike("abc", "ab"));
  EXPECT_FALSE(MatchesLike("ab", "abc"));
}

TEST(Conjunctions, CorrelatedColumnsAreNotIndependent) {
  std::mt19937_64 random(kSeed);
  const Column city =
      Make([&](size_t) { return Value::Int(static_cast<int64_t>(random() % 500)); });
  Column country;
  for (const Value& value : city) country.push_back(Value::Int(value.AsInt() / 25));
  TableStatistics table;
  table.rows = kRows;
  for (const Column* column : std::initializer_list<const Column*>{&city, &country}) {
    table.columns.push_back(std::make_shared<ColumnStatistics>(Take(oid::kInt4, *column)));
  }
  const Value in_city = Value::Int(130), in_country = Value::Int(5);
  std::vector<Condition> both(2);
  both[0] = {.attnum = 1, .kind = Condition::Kind::kEqual, .value = &in_city};
  both[1] = {.attnum = 2, .kind = Condition::Kind::kEqual, .value = &in_country};
  const double actual = Count(city, [](const Value& v) { return v.AsInt() == 130; });
  EXPECT_GT(QError(Share(&table, both) * kRows, actual), 10);
  const std::vector<int> group = {1, 2};
  EXPECT_NEAR(GroupsOf(&table, kRows, group, kRows), 10'000, 500);
  EXPECT_NEAR(JointDistinct(&table, kRows, group), 10'000, 500);
  EXPECT_EQ(JointDistinct(nullptr, 1'000, group), 1'000) << "no more than rows";
  EXPECT_NEAR(JointDistinct(&table, kRows, std::vector<int>{1}), 500, 1);

  table.pairs.push_back(
      PairFromSample(1, *table.column(1), Pick(city), 2, *table.column(2), Pick(country), kRows));
  EXPECT_EQ(table.pairs[0].a_gives_b, 1);
  EXPECT_EQ(table.pairs[0].b_gives_a, 0);
  EXPECT_LT(QError(Share(&table, both) * kRows, actual), 1.5);
  std::swap(both[0], both[1]);
  EXPECT_LT(QError(Share(&table, both) * kRows, actual), 1.5);
  EXPECT_NEAR(GroupsOf(&table, kRows, group, kRows), 500, 1);
  EXPECT_NEAR(JointDistinct(&table, kRows, group), 500, 1);
}

TEST(Conjunctions, CommonPairsAreKnown) {
  std::mt19937_64 random(kSeed);
  // Status and kind: "open" only of kind 1, rarely.
  const Column kind = Make([&](size_t) { return Value::Int(static_cast<int64_t>(random() % 4)); });
  Column status;
  for (const Value& value : kind) {
    status.push_back(Value::Text(value.AsInt() == 1 && random() % 10 == 0 ? "open" : "done"));
  }
  TableStatistics table;
  table.rows = kRows;
  table.columns = {std::make_shared<ColumnStatistics>(Take(oid::kInt4, kind)),
                   std::make_shared<ColumnStatistics>(Take(oid::kText, status))};
  table.pairs.push_back(
      PairFromSample(1, *table.column(1), Pick(kind), 2, *table.column(2), Pick(status), kRows));
  const Value open = Value::Text("open"), one = Value::Int(1), two = Value::Int(2);
  const auto rows = [&](const Value& k) {
    const Condition both[] = {{.attnum = 2, .kind = Condition::Kind::kEqual, .value = &open},
                              {.attnum = 1, .kind = Condition::Kind::kEqual, .value = &k}};
    return Share(&table, both) * kRows;
  };
  EXPECT_NEAR(rows(one), kRows / 40.0, kRows / 200.0);
  EXPECT_LT(rows(two), 200);
}

TEST(Joins, KeysAndSkew) {
  std::mt19937_64 random(kSeed);
  const Column key = Make([](size_t row) { return Value::Int(static_cast<int64_t>(row)); });
  const Column foreign =
      Make([&](size_t) { return Value::Int(static_cast<int64_t>(random() % kRows)); });
  const ColumnStatistics a = Take(oid::kInt8, key), b = Take(oid::kInt8, foreign);
  const double pairs = EqualJoinShare(&a, kRows, &b, kRows) * kRows * kRows;
  EXPECT_LT(QError(pairs, kRows), 1.1);
  EXPECT_EQ(SemiJoinShare(&b, kRows, &a, kRows), 1);

  const Column left = Make([&](size_t) { return Zipf(&random); });
  const Column right = Make([&](size_t) { return Zipf(&random); });
  const ColumnStatistics c = Take(oid::kInt8, left), d = Take(oid::kInt4, right);
  std::vector<double> counts(20'001), others(20'001);
  for (const Value& value : left) ++counts[static_cast<size_t>(value.AsInt())];
  for (const Value& value : right) ++others[static_cast<size_t>(value.AsInt())];
  double actual = 0;
  for (size_t i = 0; i < counts.size(); ++i) actual += counts[i] * others[i];
  EXPECT_LT(QError(EqualJoinShare(&c, kRows, &d, kRows) * kRows * kRows, actual), 1.5);
}

TEST(Cost, AnEstimateComparesAFewValues) {
  std::mt19937_64 random(kSeed);
  const Column column = Make([&](size_t row) {
    return row % 2 == 0 ? Zipf(&random) : Value::Int(static_cast<int64_t>(random() % 1'000'000));
  });
  const ColumnStatistics known = Take(oid::kInt8, column);
  ASSERT_EQ(known.common.size(), static_cast<size_t>(kTarget));
  ASSERT_EQ(known.bounds.size(), static_cast<size_t>(kTarget) + 1);
  const auto spent = [](const auto& estimate) {
    const uint64_t before = Comparisons();
    estimate();
    return Comparisons() - before;
  };
  const Value from = Value::Int(1000), to = Value::Int(70'000);
  EXPECT_LE(spent([&] { (void)EqualShare(&known, &from); }), 16U);
  EXPECT_LE(
      spent([&] { (void)RangeShare(&known, RangeEnd::At(&from, true), RangeEnd::At(&to, true)); }),
      30U);
  std::vector<Value> list;
  for (int64_t i = 0; i < 10'000; ++i) list.push_back(Value::Int(i));
  EXPECT_LE(spent([&] { (void)InShare(&known, list); }), 16U * 16);
}

}  // namespace
}  // namespace omen::statistics
