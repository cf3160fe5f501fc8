// What the engine plans once statistics have told it of the columns.
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "colstore/test_store.h"

namespace omen::colstore {
namespace {

using testing::TestStore;

constexpr Type kNumber{oid::kInt4, -1}, kWords{oid::kText, -1};
constexpr char kDynamic[] = "Dynamic Filter";

void Write(const PlanOperator& plan, std::string* text) {
  *text += plan.name + "\n";
  for (const auto& [name, detail] : plan.details) *text += name + ": " + detail + "\n";
  for (const PlanOperator& input : plan.inputs) Write(input, text);
}

std::string PlanOf(TestStore& store, const std::string& sql) {
  auto reader = store.columns().NewReader().value();
  EXPECT_TRUE(reader->Begin().ok());
  const auto plan = reader->Plan(sql, {}, {}, {});
  EXPECT_TRUE(plan.ok()) << sql << ": " << plan.status().ToString();
  std::string text;
  if (plan.ok()) Write(*plan, &text);
  return text;
}

bool Plans(TestStore& store, const std::string& sql, const std::string& what) {
  return PlanOf(store, sql).find(what) != std::string::npos;
}

/// t1: c1 from 10 to 1009, c2 the same or null; c3 text.
void FillThousand(TestStore& store) {
  std::vector<Row> rows;
  for (int i = 0; i < 1000; ++i) {
    rows.push_back({Value::Int(10 + i), i == 7 ? Value() : Value::Int(10 + i),
                    Value::Text("text " + std::to_string(i)), Value::Int(i)});
  }
  store.Replace(testing::MakeTable(1, {kNumber, kNumber, kWords}), rows, 1);
}

TEST(PlanRewrites, WithoutNullsTheScanIsFilteredByTheTopOnes) {
  TestStore store;
  FillThousand(store);
  EXPECT_TRUE(
      Plans(store, "SELECT c3 FROM t1_1 AS t ORDER BY t.c1 DESC NULLS FIRST LIMIT 3", kDynamic));
  EXPECT_FALSE(
      Plans(store, "SELECT c3 FROM t1_1 AS t ORDER BY t.c2 DESC NULLS FIRST LIMIT 3", kDynamic));
  EXPECT_EQ(store.Texts("SELECT c3 FROM t1_1 AS t ORDER BY t.c2 DESC NULLS FIRST LIMIT 2"),
            (std::vector<std::string>{"text 7", "text 999"}));
  EXPECT_EQ(store.Texts("SELECT c3 FROM t1_1 AS t ORDER BY t.c1 DESC NULLS FIRST LIMIT 2"),
            (std::vector<std::string>{"text 999", "text 998"}));
}

TEST(PlanRewrites, AnOuterJoinAddsNulls) {
  TestStore store;
  FillThousand(store);
  const std::string sql =
      "SELECT a.c3 FROM t1_1 AS a LEFT JOIN t1_1 AS b ON (a.c1 + 1 = b.c1) "
      "ORDER BY b.c1 DESC NULLS FIRST LIMIT 2";
  EXPECT_FALSE(Plans(store, sql, kDynamic));
  EXPECT_EQ(store.Texts(sql), (std::vector<std::string>{"text 999", "text 998"}));
}

TEST(PlanRewrites, AGuardThatNoValueNeedsIsGone) {
  TestStore store;
  FillThousand(store);
  const auto guarded = [](const std::string& column, const std::string& range) {
    return "SELECT CASE WHEN " + column + " IS NULL OR " + column + " BETWEEN " + range +
           " THEN length(c3) ELSE omen_raise('22003', 'out of range', 0::BIGINT) END "
           "FROM t1_1 AS t";
  };
  EXPECT_FALSE(Plans(store, guarded("t.c1", "10 AND 1009"), "CASE"));
  EXPECT_FALSE(Plans(store, guarded("t.c2", "0 AND 5000"), "CASE"));
  EXPECT_TRUE(Plans(store, guarded("t.c1", "11 AND 1009"), "CASE"));
  EXPECT_TRUE(Plans(store, guarded("t.c1", "10 AND 1008"), "CASE"));
  EXPECT_TRUE(store.Error(guarded("t.c1", "11 AND 1009")).Is(sqlstate::kNumericOutOfRange));
}

/// What the generator prints of date_trunc(unit, c1), of a table with timestamps from 2020 on.
std::string Cut(const std::string& unit) {
  return "CASE WHEN t.c1 IS NULL OR t.c1 BETWEEN '0001-01-01'::TIMESTAMP AND '9999-12-31 "
         "23:59:59.999999'::TIMESTAMP THEN CAST(date_trunc('" +
         unit + "', t.c1) AS TIMESTAMP) ELSE omen_raise('22003', 'far', t.c1) END";
}

std::string CountWhere(const std::string& condition) {
  return "SELECT CAST(count(*) AS VARCHAR) FROM t5_1 AS t WHERE " + condition;
}

TEST(PlanRewrites, CutMomentsAreComparedAsRanges) {
  TestStore store;
  constexpr int64_t kYear2020 = 7305, kHour = 3'600'000'000;
  std::vector<Row> rows;
  for (int64_t i = 0; i < 10'000; ++i) {
    const bool null = i % 100 == 50;
    rows.push_back(
        {null ? Value() : Value::Int(kYear2020 * 24 * kHour + i * kHour), Value::Int(i)});
  }
  store.Replace(testing::MakeTable(5, {{oid::kTimestamp, -1}}), rows, 1);
  const std::pair<std::string, const char*> cases[] = {
      {Cut("month") + " = '2020-02-01'::TIMESTAMP", "689"},
      {"'2020-02-01'::DATE = CAST(" + Cut("month") + " AS DATE)", "689"},
      {Cut("month") + " = '2020-02-02'::TIMESTAMP", "0"},
      {"(" + Cut("day") + " <> '2020-01-01 10:00'::TIMESTAMP) IS NULL", "100"},
      {Cut("hour") + " <= '2020-01-01 09:30'::TIMESTAMP", "10"},
      {"'2020-01-01 09:30'::TIMESTAMP < " + Cut("day"), "9876"},
      {Cut("year") + " < 'infinity'::TIMESTAMP", "9900"},
  };
  for (const auto& [condition, count] : cases) {
    EXPECT_FALSE(Plans(store, CountWhere(condition), "date_trunc")) << condition;
    EXPECT_EQ(store.Texts(CountWhere(condition)), std::vector<std::string>{count}) << condition;
  }
  EXPECT_TRUE(Plans(store, CountWhere(Cut("day") + " = t.c1"), "date_trunc"));
  store.Apply(testing::MakeTable(5, {{oid::kTimestamp, -1}}), {},
              {{Value::Int(INT64_MAX), Value::Int(20'000)}}, 2);
  EXPECT_TRUE(Plans(store, CountWhere(cases[0].first), "date_trunc"));
}

TEST(PlanRewrites, ANullIsNotBetweenAnything) {
  TestStore store;
  FillThousand(store);
  const std::string choice =
      " BETWEEN 0 AND 5000 THEN 'within' ELSE 'not' END AS x FROM t1_1 AS t WHERE t.c1 = 17";
  EXPECT_EQ(store.Texts("SELECT CASE WHEN t.c2" + choice), (std::vector<std::string>{"not"}));
  EXPECT_EQ(store.Texts("SELECT CASE WHEN t.c1" + choice), (std::vector<std::string>{"within"}));
}

/// Where in the plan's text, from the top; npos where it is not.
size_t PlaceIn(const std::string& plan, const std::string& what) { return plan.find(what); }

TEST(PlanRewrites, AveragesAreTakenOfTheGroupsThatAreLeft) {
  TestStore store;
  FillThousand(store);
  const std::string query =
      "SELECT t.c1 % 7, count(*), omen_num_to_text(omen_num_average(sum(t.c2), count(t.c2))), "
      "omen_num_average(sum(t.c2), count(t.c2)) FROM t1_1 AS t GROUP BY t.c1 % 7 ORDER BY ";
  const std::string by_count = PlanOf(store, query + "2 DESC NULLS FIRST, 1 LIMIT 3");
  EXPECT_LT(PlaceIn(by_count, "omen_num_average"), PlaceIn(by_count, "TOP_N"));
  const std::string by_average = PlanOf(store, query + "4 LIMIT 3");
  EXPECT_GT(PlaceIn(by_average, "omen_num_average"), PlaceIn(by_average, "TOP_N"));
  const std::string averages =
      "SELECT omen_num_to_text(d.c3) FROM (SELECT t.c1 % 7, count(*), omen_num_average(sum(t.c2), "
      "count(t.c2)) FROM t1_1 AS t GROUP BY t.c1 % 7 ORDER BY 2 DESC NULLS FIRST, 1 LIMIT 2 "
      "OFFSET 1) AS d(c1, c2, c3)";
  EXPECT_EQ(store.Texts(averages),
            (std::vector<std::string>{"512.0000000000000000", "510.4507042253521127"}));
}

TEST(PlanRewrites, LaterRowsCountToo) {
  TestStore store;
  FillThousand(store);
  store.Apply(testing::MakeTable(1, {kNumber, kNumber, kWords}), {},
              {{Value(), Value(), Value::Text("late"), Value::Int(5000)}}, 2);
  EXPECT_EQ(store.Texts("SELECT c3 FROM t1_1 AS t ORDER BY t.c1 DESC NULLS FIRST LIMIT 2"),
            (std::vector<std::string>{"late", "text 999"}));
}

}  // namespace
}  // namespace omen::colstore
